/** Classes: made, shown, closed and dissolved by whoever leads them. */

import { el } from "../dom.js";
import { pseudonymOf } from "../pseudonym.js";
import { questionsTable } from "./statistics.js";

/** @import { Desk } from "./desk.js" */
/** @import { Question } from "./statistics.js" */

/**
 * @typedef {{id: string, name: string, code: string, created: number, closed: number | null, visits: number}} Class
 * @typedef {{pseudonym: number, venue: string, completion: number, completed: boolean, passed: boolean, failed: boolean, scaled: number}} Visited
 */

/** @param {Desk} desk */
export async function classesSection(desk) {
  /** @type {Class[]} */
  const classes = await desk.ask("GET", "classes");
  const shown = el("div", { "data-class": "" });
  const rows = classes.map((one) => [
    one.name,
    one.visits,
    one.closed === null ? desk.t("classes.open") : desk.t("classes.closed"),
    el("div", { class: "buttons" },
      desk.button("classes.show", () => showClass(desk, one.id, shown)),
      desk.button(one.closed === null ? "classes.close" : "classes.reopen", async () => {
        await desk.ask("PATCH", `classes/${one.id}`, { closed: one.closed === null });
        desk.redraw();
      }),
      desk.button("classes.dissolve", async () => {
        if (!confirm(desk.t("classes.sure", { name: one.name }))) return;
        await desk.ask("DELETE", `classes/${one.id}`);
        desk.redraw();
      })),
  ]);
  const name = desk.field("classes.name", { name: "name", autocomplete: "off", maxLength: 80 });
  const add = desk.form({ "aria-label": desk.t("classes.add") }, [name], "classes.add", async (given) => {
    const made = await desk.ask("POST", "classes", { name: given.get("name") });
    desk.after = () => {
      const there = document.querySelector("[data-class]");
      if (there instanceof HTMLElement) void desk.attempt(() => showClass(desk, made.id, there));
    };
    desk.redraw();
  });
  const heads = ["classes.name", "classes.visits", "accounts.standing", ""];
  const table = rows.length > 0 ? desk.table("classes.title", heads, rows) : el("p", { class: "soft" }, desk.t("classes.none"));
  return desk.section("classes.title", table, add, shown);
}

/** @param {Desk} desk @param {string} id @param {HTMLElement} host */
async function showClass(desk, id, host) {
  /** @type {{class: Class, visits: Visited[], questions: Question[], group: number}} */
  const read = await desk.ask("GET", `classes/${id}`);
  const link = new URL(`/?class=${read.class.code}`, location.href).href;
  const rows = read.visits.map((visit) => [
    pseudonymOf(desk.t, visit.pseudonym),
    visit.venue,
    desk.share(visit.completion),
    desk.t(visit.completed ? "yes" : "no"),
    visit.passed ? desk.t("visit.passed") : visit.failed ? desk.t("visit.failed") : desk.t("visit.open"),
    desk.share(visit.scaled),
  ]);
  const heads = ["visit.who", "visit.venue", "visit.progress", "visit.completed", "visit.result", "visit.score"];
  /** @type {{name: string, me: boolean}[]} */
  const leaders = await desk.ask("GET", `classes/${id}/leaders`);
  const led = leaders.map((one) => el("li", {},
    one.me ? desk.t("classes.me", { name: one.name }) : one.name, " ",
    leaders.length > 1 && desk.button("classes.remove-leader", async () => {
      await desk.ask("DELETE", `classes/${id}/leaders/${encodeURIComponent(one.name)}`);
      if (one.me) desk.redraw();
      else await showClass(desk, id, host);
    })));
  const name = desk.field("classes.leader", { name: "leader", autocomplete: "off" });
  const add = desk.form({ "aria-label": desk.t("classes.add-leader"), "data-key": "leader" }, [name], "classes.add-leader", async (given) => {
    await desk.ask("POST", `classes/${id}/leaders`, { name: given.get("leader") });
    await showClass(desk, id, host);
  });
  const heading = el("h3", { tabIndex: -1 }, read.class.name);
  host.replaceChildren(heading,
    el("p", {}, desk.t("classes.link")), el("code", { class: "secret" }, link),
    rows.length > 0 ? desk.table("classes.visits", heads, rows) : el("p", { class: "soft" }, desk.t("classes.empty")),
    questionsTable(desk, read.questions, read.group),
    el("h4", {}, desk.t("classes.leaders")), el("ul", { "data-key": "leaders" }, led), add);
  heading.focus();
}
