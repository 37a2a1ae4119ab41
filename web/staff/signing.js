/** Signing in, and setting a password by a link. */

import { el } from "../dom.js";

/** @import { Desk } from "./desk.js" */

/** @param {Desk} desk @param {string | null} provider @param {() => Promise<void>} entered */
export function signInSection(desk, provider, entered) {
  const { t } = desk;
  const name = desk.field("field.name", { name: "name", autocomplete: "username", maxLength: 64 });
  const password = desk.field("field.password", { name: "password", type: "password", autocomplete: "current-password", maxLength: 256 });
  const form = desk.form({ class: "narrow" }, [name, password], "sign-in", async (given) => {
    await desk.ask("POST", "sign-in", { name: given.get("name"), password: given.get("password") });
    await entered();
  });
  const elsewhere = provider
    ? el("p", {}, el("a", { class: "button", href: "/api/v1/staff/oidc" }, t("sign-in.provider", { provider })))
    : null;
  return desk.section("sign-in", elsewhere, form, el("p", { class: "soft" }, t("sign-in.help")));
}

/** @param {Desk} desk @param {string} link @param {() => void} done */
export function passwordSection(desk, link, done) {
  const password = desk.field("field.new-password", { name: "password", type: "password", autocomplete: "new-password", minLength: 12, maxLength: 256 });
  const again = desk.field("field.again", { name: "again", type: "password", autocomplete: "new-password", minLength: 12, maxLength: 256 });
  const form = desk.form({ class: "narrow" }, [password, again], "password.set", async (given) => {
    if (given.get("password") !== given.get("again")) return desk.complain("password.differ");
    try {
      await desk.ask("POST", "password", { link, password: given.get("password") });
    } catch (cause) {
      const code = cause instanceof Object && "code" in cause ? cause.code : "";
      if (code === "SIGN_IN") return desk.complain("password.gone");
      if (code === "BAD_REQUEST") return desk.complain("password.weak");
      throw cause;
    }
    done();
  });
  return desk.section("password.title", el("p", {}, desk.t("password.help")), form);
}

/** Where one is signed in. @param {Desk} desk */
export async function sessionsSection(desk) {
  /** @type {{id: string, created: number, seen: number, here: boolean}[]} */
  const sessions = await desk.ask("GET", "sessions");
  const rows = sessions.map((it) => [
    desk.date(it.created),
    desk.date(it.seen),
    it.here ? desk.t("sessions.here") : desk.button("sessions.end", async () => {
      await desk.ask("DELETE", `sessions/${it.id}`);
      desk.redraw();
    }),
  ]);
  return desk.section("sessions.title", desk.table("sessions.title", ["sessions.since", "sessions.seen", ""], rows));
}
