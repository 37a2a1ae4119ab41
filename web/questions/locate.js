/** An artifact to be found: by pointing at it in the scene, or from a list of names. */

import { el, icon } from "../dom.js";

/** @import { QuestionForm } from "../panels/checkpoint.js" */

/** @type {QuestionForm} */
export function locate({ view, t, artifacts, draft, onDraft, disabled, onLocate }) {
  const list = artifacts.map(({ id, name }) =>
    el(
      "label",
      { class: "choice" },
      el("input", {
        type: "radio",
        name: view.question,
        value: id,
        checked: draft?.kind === "locate" && draft.value === id,
        disabled,
        "data-key": `artifact-${id}`,
        onchange: () => onDraft({ kind: "locate", value: id }),
      }),
      el("span", {}, name),
    ),
  );
  if (!onLocate) return list;
  return [
    el(
      "button",
      { type: "button", class: "wide", disabled, "data-key": "locate", onclick: onLocate },
      icon("find"),
      t("question.locate"),
    ),
    el("details", { open: draft !== null }, el("summary", {}, t("question.locate-list")), ...list),
  ];
}
