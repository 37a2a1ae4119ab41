/** How the server does. */

import { el } from "../dom.js";

/** @import { Desk } from "./desk.js" */

/** @param {Desk} desk */
export async function stateSection(desk) {
  const state = await desk.ask("GET", "state");
  const number = new Intl.NumberFormat(desk.language);
  /** @type {[string, string][]} */
  const facts = [
    ["state.version", state.version],
    ["state.origin", state.origin],
    ["state.packages", desk.t(state.production ? "state.signed" : "state.any")],
    ["state.database", state.database],
    ["state.size", desk.t("state.megabytes", { size: number.format(Math.round(state.bytes / 10_000) / 100) })],
    ["state.visits", number.format(state.visits)],
    ["state.statements", number.format(state.statements)],
    ["state.limited", number.format(state.limited)],
  ];
  return desk.section("state.title", el("dl", { class: "facts" }, ...facts.flatMap(([word, value]) => [el("dt", {}, desk.t(word)), el("dd", {}, value)])));
}
