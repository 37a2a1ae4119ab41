/** Every row that the server's database has about a visit, with what the register of processing says of it. */

import { el } from "../dom.js";

/** @import { Setting } from "../mine.js" */
/** @import { StoredTable } from "../record/api.js" */
/** @import { VisitRow } from "../record/store.js" */

/** What is asked for when it is opened: it is much, and each look is noted. @param {Setting} setting @param {VisitRow} row */
export function storedPart(setting, row) {
  const { t, api } = setting;
  const content = el("div", { class: "mine-stored", role: "region", tabIndex: 0, "aria-label": t("mine.stored") });
  const details = el("details", { "data-key": "stored" }, el("summary", {}, t("mine.stored")), content);
  details.addEventListener("toggle", async () => {
    if (!details.open || content.childElementCount > 0) return;
    try {
      const { tables } = await api.stored(row);
      content.replaceChildren(...tables.map((table) => tablePart(setting, table)));
    } catch {
      content.replaceChildren(el("p", { class: "note" }, t("mine.unreachable")));
    }
  });
  return details;
}

/** @param {Setting} setting @param {StoredTable} table */
function tablePart({ language }, { purpose, columns, rows }) {
  const names = Object.keys(columns);
  return el("section", {},
    el("h4", {}, purpose[language] ?? purpose["en"] ?? ""),
    el("table", {},
      el("thead", {}, el("tr", {}, names.map((name) => el("th", { scope: "col" }, columns[name]?.[language] ?? name)))),
      el("tbody", {}, rows.map((row) => el("tr", {}, names.map((name) => el("td", {}, shown(row[name]))))))));
}

/** A cell as text. @param {unknown} value */
function shown(value) {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
