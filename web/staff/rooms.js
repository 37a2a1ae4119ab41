/** The way to labs of headsets, for those who open them. */

import { el } from "../dom.js";

/** @import { Desk } from "./desk.js" */

/** @param {Desk} desk */
export async function roomsSection(desk) {
  const way = el("p", {}, el("a", { class: "button", href: "/lab/", "data-key": "lab" }, desk.t("rooms.open")));
  return desk.section("rooms.title", el("p", { class: "soft" }, desk.t("rooms.help")), way);
}
