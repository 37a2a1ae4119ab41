/** The credentials of the record store: the keys of other systems. */

import { el } from "../dom.js";

/** @import { Desk } from "./desk.js" */

/**
 * @typedef {{key: string, label: string, scopes: string[], created: number, expires: number | null, revoked: number | null}} Credential
 */

const SCOPES = ["statements/write", "statements/read", "statements/read/mine", "state", "profile", "all"];

/** @param {Desk} desk */
export async function credentialsSection(desk) {
  /** @type {Credential[]} */
  const credentials = await desk.ask("GET", "credentials");
  const keeps = desk.may("keep-credentials");
  const rows = credentials.map((it) => [
    it.label,
    el("code", {}, it.key),
    it.scopes.join(", "),
    standing(desk, it),
    ...(keeps ? [it.revoked === null ? revoke(desk, it) : null] : []),
  ]);
  const heads = ["credentials.label", "credentials.key", "credentials.scopes", "accounts.standing", ...(keeps ? [""] : [])];
  const table = rows.length > 0 ? desk.table("credentials.title", heads, rows) : el("p", { class: "soft" }, desk.t("credentials.none"));
  return desk.section("credentials.title", table, el("div", { "data-secret": "" }), keeps && newCredential(desk));
}

/** @param {Desk} desk @param {Credential} credential */
function standing(desk, { created, expires, revoked }) {
  if (revoked !== null) return desk.t("credentials.revoked", { date: desk.date(revoked) });
  if (expires === null) return desk.t("credentials.since", { date: desk.date(created) });
  return desk.t(expires > Date.now() ? "credentials.until" : "credentials.expired", { date: desk.date(expires) });
}

/** @param {Desk} desk @param {Credential} credential */
function revoke(desk, { key, label }) {
  const sure = () => confirm(desk.t("credentials.sure", { label }));
  return desk.button("credentials.revoke", async () => {
    if (!sure()) return;
    await desk.ask("DELETE", `credentials/${encodeURIComponent(key)}`);
    desk.redraw();
  });
}

/** @param {Desk} desk */
function newCredential(desk) {
  const label = desk.field("credentials.label", { name: "label", autocomplete: "off", maxLength: 120 });
  const days = desk.field("credentials.days", { name: "days", type: "number", min: 1, max: 3650, required: false });
  const scopes = el("fieldset", {}, el("legend", {}, desk.t("credentials.scopes")),
    ...SCOPES.map((scope) => el("label", {}, el("input", { type: "checkbox", name: "scope", value: scope }), el("code", {}, scope))));
  return desk.form({ "aria-label": desk.t("credentials.add") }, [label, days, scopes], "credentials.add", async (given) => {
    const chosen = given.getAll("scope");
    if (chosen.length === 0) return desk.complain("credentials.no-scope");
    const life = Number(given.get("days")) || null;
    const made = await desk.ask("POST", "credentials", { label: given.get("label"), scopes: chosen, days: life });
    desk.after = () => document.querySelector("[data-secret]")?.replaceChildren(desk.once("credentials.once", [
      el("code", { class: "secret" }, made.key),
      el("code", { class: "secret" }, made.secret),
    ]));
    desk.redraw();
  });
}
