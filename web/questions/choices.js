/** One of several: radio buttons. Several of several: check boxes. */

import { el } from "../dom.js";

/** @import { QuestionForm } from "../panels/checkpoint.js" */

/** @type {QuestionForm} */
export function choices({ view, text, draft, onDraft, disabled }) {
  const several = view.kind === "multiple";
  const chosen = new Set(draft?.kind === "single" ? [draft.value] : draft?.kind === "multiple" ? draft.value : []);
  return view.options.map(({ id }) =>
    el(
      "label",
      { class: "choice" },
      el("input", {
        type: several ? "checkbox" : "radio",
        name: view.question,
        value: id,
        checked: chosen.has(id),
        disabled,
        "data-key": `choice-${id}`,
        /** @param {Event & {target: HTMLInputElement}} event */
        onchange(event) {
          if (!several) return onDraft({ kind: "single", value: id });
          if (event.target.checked) chosen.add(id);
          else chosen.delete(id);
          return onDraft(chosen.size > 0 ? { kind: "multiple", value: [...chosen].sort() } : null);
        },
      }),
      el("span", {}, text(`option.${id}`)),
    ),
  );
}
