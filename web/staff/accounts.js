/** Accounts, as administrators keep them and auditors see them. */

import { el } from "../dom.js";

/** @import { Desk } from "./desk.js" */

/**
 * @typedef {{id: string, name: string, role: string, elsewhere: boolean, ready: boolean, created: number, disabled: number | null}} Account
 */

const ROLES = ["instructor", "curator", "reader", "auditor", "administrator"];

/** @param {Desk} desk */
export async function accountsSection(desk) {
  /** @type {Account[]} */
  const accounts = await desk.ask("GET", "accounts");
  const keeps = desk.may("keep-accounts");
  const links = el("div", { "data-links": "" });
  const rows = accounts.map((account) => [
    account.name,
    keeps && account.name !== desk.me?.name ? roleChoice(desk, account) : desk.t(`role.${account.role}`),
    desk.t(standing(account)),
    desk.date(account.created),
    ...(keeps ? [account.name === desk.me?.name ? null : actions(desk, account, links)] : []),
  ]);
  const heads = ["field.name", "field.role", "accounts.standing", "accounts.since", ...(keeps ? [""] : [])];
  return desk.section("accounts.title", desk.table("accounts.title", heads, rows), links, keeps && newAccount(desk, links));
}

/** @param {Account} account */
function standing(account) {
  if (account.disabled !== null) return "accounts.disabled";
  if (account.elsewhere) return "accounts.elsewhere";
  return account.ready ? "accounts.ready" : "accounts.waiting";
}

/** @param {Desk} desk @param {Account} account */
function roleChoice(desk, account) {
  const options = ROLES.map((role) => el("option", { value: role, selected: role === account.role }, desk.t(`role.${role}`)));
  const choice = el("select", { "aria-label": `${desk.t("field.role")} ${account.name}` }, ...options);
  choice.addEventListener("change", () => void desk.attempt(async () => {
    await desk.ask("PATCH", `accounts/${account.id}`, { role: choice.value });
    desk.redraw();
  }));
  return choice;
}

/** @param {Desk} desk @param {Account} account @param {HTMLElement} links */
function actions(desk, account, links) {
  const isOut = account.disabled !== null;
  const allow = desk.button(isOut ? "accounts.enable" : "accounts.disable", async () => {
    await desk.ask("PATCH", `accounts/${account.id}`, { disabled: !isOut });
    desk.redraw();
  });
  const link = desk.button("accounts.link", async () => {
    const made = await desk.ask("POST", `accounts/${account.id}/link`);
    showLink(desk, links, made.link);
  });
  return el("div", { class: "buttons" }, !account.elsewhere && !isOut && link, allow);
}

/** @param {Desk} desk @param {HTMLElement} links */
function newAccount(desk, links) {
  const name = desk.field("field.name", { name: "name", autocomplete: "off", maxLength: 64 });
  const role = desk.choice("field.role", { name: "role" }, ROLES.map((one) => [one, desk.t(`role.${one}`)]));
  return desk.form({ "aria-label": desk.t("accounts.add") }, [name, role], "accounts.add", async (given, form) => {
    const made = await desk.ask("POST", "accounts", { name: given.get("name"), role: given.get("role") });
    form.reset();
    desk.after = () => showLink(desk, document.querySelector("[data-links]") ?? links, made.link);
    desk.redraw();
  });
}

/** @param {Desk} desk @param {Element} links @param {string} link */
function showLink(desk, links, link) {
  links.replaceChildren(desk.once("accounts.link-once", [el("code", { class: "secret" }, link)]));
}
