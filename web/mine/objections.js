/** What a visitor holds to be wrong: said to people, and answered by them. */

import { el } from "../dom.js";
import { carryOut, told } from "./visit.js";

/** @import { Setting } from "../mine.js" */
/** @import { Held } from "../record/api.js" */
/** @import { VisitRow } from "../record/store.js" */

/** How many characters the server takes. */
const LONGEST = 1000;

/** @param {Setting} setting @param {VisitRow} row @param {Held} held */
export function objectionsPart(setting, row, held) {
  const { t, api } = setting;
  const id = `objection-${row.visit}`;
  const text = el("textarea", { id, rows: 3, maxLength: LONGEST, required: true });
  const form = el("form", { class: "mine-objection" },
    el("label", { for: id }, t("mine.objection-label")), text,
    el("div", { class: "buttons" }, el("button", { type: "submit", "data-key": "object" }, t("mine.objection-send"))));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (text.value.trim() === "") return text.focus();
    void carryOut(setting, () => api.object(row, text.value.trim()), "mine.objection-sent");
  });
  const earlier = held.objections.map((one) =>
    el("li", {},
      el("p", { class: "soft" }, told(setting, one.at)),
      el("p", { class: "own-words" }, one.text),
      one.answer
        ? el("p", { class: "note own-words" }, t("mine.objection-answered", { when: told(setting, one.answered ?? one.at), answer: one.answer }))
        : el("p", { class: "soft" }, t("mine.objection-waiting"))));
  return [
    el("h3", {}, t("mine.objection")),
    el("p", { class: "soft" }, t("mine.objection-intro")),
    el("ul", { class: "plain" }, earlier),
    form,
  ];
}
