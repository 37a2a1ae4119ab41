/** That the use of a visit is limited: it is kept and used for nothing, until its visitor lifts that. */

import { el } from "../dom.js";
import { carryOut, told } from "./visit.js";

/** @import { Setting } from "../mine.js" */
/** @import { Held } from "../record/api.js" */
/** @import { VisitRow } from "../record/store.js" */

/** @param {Setting} setting @param {VisitRow} row @param {Held} held */
export function limitationPart(setting, row, held) {
  const { t, api, store } = setting;
  const limit = async () => {
    await api.limit(row);
    // The recording has ended, as when consent is withdrawn.
    await store.save({ ...row, consent: 0 });
  };
  const lift = () => api.lift(row);
  const button = held.limited
    ? el("button", {
        type: "button", "data-key": "lift",
        onclick: () => setting.ask(t("mine.lift"), t("mine.lift-sure"), t("mine.lift-yes"), () => carryOut(setting, lift, "mine.lifted")),
      }, t("mine.lift"))
    : el("button", {
        type: "button", "data-key": "limit",
        onclick: () => setting.ask(t("mine.limit"), t("mine.limit-sure"), t("mine.limit-yes"), () => carryOut(setting, limit, "mine.limit-done")),
      }, t("mine.limit"));
  return [
    el("h3", {}, t("mine.limit-title")),
    held.limited
      ? el("p", { class: "note", "data-key": "limited" }, t("mine.limited-intro", { when: told(setting, held.limited) }))
      : el("p", { class: "soft" }, t("mine.limit-intro")),
    el("div", { class: "buttons" }, button),
  ];
}
