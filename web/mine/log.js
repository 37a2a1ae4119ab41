/** The log of a visit, entry by entry, with what the server said of the answers. */

import { el } from "../dom.js";
import { told } from "./visit.js";

/** @import { Setting } from "../mine.js" */
/** @import { Kept } from "../record/api.js" */
/** @import { Action } from "../messages.js" */

/** What an action was about, in the venue's words. @param {Action} action @param {Record<string, string>} texts */
function subject(action, texts) {
  if ("stop" in action) return texts[`stop.${action.stop}.title`] ?? action.stop;
  if ("room" in action) return texts[`room.${action.room}.title`] ?? action.room;
  if ("question" in action) return texts[`question.${action.question}.prompt`] ?? action.question;
  return "";
}

/** What was answered, in the words of the options. @param {Action} action @param {Record<string, string>} texts */
function answered(action, texts) {
  if (!("response" in action)) return "";
  const { question, response } = action;
  /** @param {string} id */
  const named = (id) => texts[`question.${question}.option.${id}`] ?? texts[`artifact.${id}.name`] ?? id;
  const { value } = response;
  if (typeof value === "string") return named(value);
  if (Array.isArray(value)) return value.map(named).join(" · ");
  return Object.entries(value).map(([one, other]) => `${named(one)} – ${named(other)}`).join(" · ");
}

/** @param {Setting} setting @param {Kept} kept @param {Record<string, string>} texts */
export function logPart(setting, kept, texts) {
  const { t } = setting;
  const began = Date.parse(kept.created);
  const marks = new Map(kept.verdicts.map(({ seq, right }) => [seq, right]));
  const rows = kept.entries.map(({ seq, at, action }) => {
    const right = marks.get(seq);
    const mark = right === undefined ? "" : t(right ? "mine.right" : "mine.wrong");
    const words = answered(action, texts);
    return el("tr", {},
      el("td", {}, told(setting, began + at)),
      el("td", {}, t(`mine.action.${action.type}`)),
      el("td", {}, subject(action, texts), words && el("span", { class: "soft answered" }, words)),
      el("td", {}, mark));
  });
  if (rows.length === 0) return [];
  return [el("details", { class: "mine-log" },
    el("summary", {}, t("mine.log", { count: rows.length })),
    el("div", { class: "wide-table", role: "region", tabIndex: 0, "aria-label": t("mine.log", { count: rows.length }) },
      el("table", {},
        el("thead", {}, el("tr", {}, ["when", "what", "where", "mark"].map((name) => el("th", { scope: "col" }, t(`mine.column.${name}`))))),
        el("tbody", {}, rows))))];
}
