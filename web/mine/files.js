/** Everything that is kept of a visit, to take away as files. */

import { el, icon } from "../dom.js";
import { handFile } from "../record/copy.js";

/** @import { Setting } from "../mine.js" */
/** @import { VisitRow } from "../record/store.js" */

/** @type {[string, "export" | "export.csv" | "statements", string][]} */
const FILES = [
  ["json", "export", "json"],
  ["csv", "export.csv", "csv"],
  ["xapi", "statements", "xapi.json"],
];

/** @param {Setting} setting @param {VisitRow} row */
export function filesPart(setting, row) {
  const { t, api } = setting;
  /** @param {"export" | "export.csv" | "statements"} as @param {string} ending */
  const take = async (as, ending) => {
    try {
      handFile(await api.file(row, as), `xinghuo-${row.venue}.${ending}`);
    } catch {
      setting.say(t("mine.failed"));
    }
  };
  return el("div", { class: "buttons" }, FILES.map(([name, as, ending]) =>
    el("button", { type: "button", "data-key": `take-${name}`, onclick: () => void take(as, ending) }, icon("download"), t(`mine.take.${name}`))));
}
