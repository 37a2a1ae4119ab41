/** Who had to do with a visit's records: the newest first, with runs of the same told once. */

import { el } from "../dom.js";
import { told } from "./visit.js";

/** @import { Setting } from "../mine.js" */
/** @import { Access, Held } from "../record/api.js" */

/**
 * Accesses that follow each other and differ in nothing but their time, as one with a number.
 * @param {Access[]} accesses newest first
 */
export function runs(accesses) {
  /** @type {{access: Access, first: string, count: number}[]} */
  const grouped = [];
  for (const access of accesses) {
    const last = grouped.at(-1);
    const same = last && last.access.who === access.who && last.access.what === access.what && last.access.name === access.name;
    if (same) Object.assign(last, { first: access.at, count: last.count + 1 });
    else grouped.push({ access, first: access.at, count: 1 });
  }
  return grouped;
}

/** @param {Setting} setting @param {Held} held */
export function accessesPart(setting, held) {
  const { t } = setting;
  const items = runs(held.accesses).map(({ access, count }) => {
    // Whom it was passed on to is not who passed it on.
    const forwarded = access.what === "forward" && access.name;
    const who = access.name && !forwarded ? t("mine.who.named", { kind: t(`mine.who.${access.who}`), name: access.name }) : t(`mine.who.${access.who}`);
    return el("li", {},
      el("span", { class: "soft" }, told(setting, access.at)),
      el("span", {}, t("mine.did", { who, what: forwarded ? t("mine.deed.forward-to", { name: forwarded }) : t(`mine.deed.${access.what}`) }), count > 1 && el("span", { class: "soft" }, t("mine.times", { count }))));
  });
  const more = held.accessesInAll - held.accesses.length;
  return [
    el("h3", {}, t("mine.looked")),
    el("ul", { class: "plain mine-accesses", tabIndex: 0, role: "list", "aria-label": t("mine.looked") }, items),
    more > 0 && el("p", { class: "soft" }, t("mine.more", { count: more })),
  ].filter((part) => part !== false);
}
