/** Each thing with what belongs to it: one selection per row. */

import { el } from "../dom.js";

/** @import { QuestionForm } from "../panels/checkpoint.js" */

/** @type {QuestionForm} */
export function match({ view, text, t, draft, onDraft, disabled }) {
  /** @type {Record<string, string>} */
  const chosen = draft?.kind === "match" ? { ...draft.value } : {};
  return view.options.map(({ id }) =>
    el(
      "label",
      { class: "match" },
      el("span", {}, text(`option.${id}`)),
      el(
        "select",
        {
          disabled,
          "data-key": `match-${id}`,
          /** @param {Event & {target: HTMLSelectElement}} event */
          onchange(event) {
            if (event.target.value) chosen[id] = event.target.value;
            else delete chosen[id];
            onDraft({ kind: "match", value: { ...chosen } });
          },
        },
        el("option", { value: "" }, t("question.choose")),
        view.targets.map((target) =>
          el("option", { value: target.id, selected: chosen[id] === target.id }, text(`target.${target.id}`)),
        ),
      ),
    ),
  );
}
