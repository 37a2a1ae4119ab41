/** What many visits have come to, told in groups alone. */

import { el } from "../dom.js";

/** @import { Desk } from "./desk.js" */

/**
 * @typedef {{venue: string, question: string, visits: number, right: number}} Question
 * @typedef {{venue: string, visits: number, completed: number, passed: number}} Venue
 */

/** @param {Desk} desk */
export async function statisticsSection(desk) {
  /** @type {{venues: Venue[], questions: Question[], group: number}} */
  const { venues, questions, group } = await desk.ask("GET", "statistics");
  const rows = venues.map((it) => [it.venue, it.visits, desk.share(it.completed / it.visits), desk.share(it.passed / it.visits)]);
  const heads = ["visit.venue", "classes.visits", "visit.completed", "visit.passed"];
  const table = rows.length > 0 ? desk.table("statistics.title", heads, rows) : el("p", { class: "soft" }, desk.t("statistics.none", { group }));
  return desk.section("statistics.title", table, questionsTable(desk, questions, group));
}

/** @param {Desk} desk @param {Question[]} questions @param {number} group */
export function questionsTable(desk, questions, group) {
  const rows = questions.map((it) => [it.venue, it.question, it.visits, desk.share(it.right / it.visits)]);
  const heads = ["visit.venue", "questions.question", "questions.answered", "questions.right"];
  return el("div", {},
    el("h3", {}, desk.t("questions.title")),
    el("p", { class: "soft" }, desk.t("questions.help", { group })),
    rows.length > 0 && desk.table("questions.title", heads, rows));
}
