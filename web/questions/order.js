/** Things to be put in order: a list whose items move up and down, by button or by dragging. */

import { el, icon } from "../dom.js";

/** @import { QuestionForm } from "../panels/checkpoint.js" */

/** @type {QuestionForm} */
export function order({ view, text, t, draft, onDraft, disabled, announce }) {
  const ids = draft?.kind === "order" ? draft.value : view.options.map((option) => option.id);
  /** @param {number} from @param {number} to */
  const move = (from, to) => {
    const moved = ids[from];
    if (to < 0 || to >= ids.length || moved === undefined) return;
    const next = ids.toSpliced(from, 1).toSpliced(to, 0, moved);
    announce(t("question.moved", { what: text(`option.${moved}`), place: to + 1, of: next.length }));
    onDraft({ kind: "order", value: next });
  };
  if (draft === null) onDraft({ kind: "order", value: ids });
  /** @param {string} id @param {number} index @param {"up" | "down"} way */
  const button = (id, index, way) =>
    el(
      "button",
      {
        type: "button",
        class: "square",
        "data-key": `${way}-${id}`,
        "aria-label": t(`question.${way}`, { what: text(`option.${id}`) }),
        "aria-disabled": disabled || (way === "up" ? index === 0 : index === ids.length - 1) ? "true" : null,
        onclick: () => !disabled && move(index, way === "up" ? index - 1 : index + 1),
      },
      icon(way),
    );
  const list = el(
    "ol",
    { class: "order" },
    ids.map((id, index) =>
      el(
        "li",
        {
          draggable: !disabled,
          /** @param {DragEvent} event */
          ondragstart: (event) => event.dataTransfer?.setData("text/plain", String(index)),
          /** @param {DragEvent} event */
          ondragover: (event) => event.preventDefault(),
          /** @param {DragEvent} event */
          ondrop(event) {
            event.preventDefault();
            move(Number(event.dataTransfer?.getData("text/plain")), index);
          },
        },
        el("span", { class: "order-place", "aria-hidden": "true" }, index + 1),
        el("span", { class: "order-text" }, text(`option.${id}`)),
        button(id, index, "up"),
        button(id, index, "down"),
      ),
    ),
  );
  return [list];
}
