/**
 * The page that headsets open. By six digits a browser joins a lab and gets a number, or goes on with
 * somebody's visit. Of a lab's headset this page stays: it shows the number, asks what to do, shows
 * the tour in itself, and forgets a visit before the next visitor comes.
 */

import { el } from "../dom.js";
import { call, grouped, keepAsking } from "../lab/calls.js";
import { headset, keepHeadset } from "../lab/kept.js";
import { createPad } from "../lab/pad.js";
import { Api, ApiError } from "../record/api.js";
import { openStore } from "../record/store.js";
import { Visit } from "../record/visit.js";
import { firstLanguage, keepLanguage, LANGUAGES, loadWords } from "../words.js";
import { putAway } from "./putting-away.js";

/** @import { Child } from "../dom.js" */
/** @import { KeptHeadset } from "../lab/kept.js" */
/** @import { Created } from "../record/api.js" */
/** @import { Words } from "../words.js" */

/** @typedef {{number: number, code: string, venue: string, state: "waiting" | "offered" | "visiting" | "leaving", visit?: string}} Told */

/** How often a headset asks what it is to do. */
const EVERY_MILLIS = 2500;
/** What stands behind the number sign while the tour is shown, so that a reload shows it again. */
const VISITING = "#visit";
const MESSAGE = "xinghuo:headset-message";

const api = new Api("/api/v1");
const language = firstLanguage(new URLSearchParams(location.search).get("lang"));

class Joining {
  /** @type {KeptHeadset | null} */
  kept = headset();
  /** @type {Told | null} */
  told = null;
  /** @type {string | null} */
  #tag = null;
  /** @type {HTMLElement & {state?: any} | null} */
  #tour = null;
  #busy = false;
  /** What the page shows, to be made anew only when it is something else. */
  #shown = "";
  #offline = false;
  #number = el("p", { class: "headset-badge", hidden: true });
  /** @type {((event: KeyboardEvent) => void) | null} */
  #press = null;

  /** @param {Words} t */
  constructor(t) {
    this.t = t;
    document.addEventListener("keydown", (event) => {
      if (!this.#tour) this.#press?.(event);
    });
  }

  async begin() {
    document.documentElement.lang = language;
    document.title = `${this.t("here.title")} · ${this.t("product")}`;
    const asked = /^#([0-9]{6})$/.exec(location.hash)?.[1] ?? null;
    if (asked) history.replaceState(null, "", location.pathname + location.search);
    if (!this.kept) return this.showDoor(asked);
    // A code that was looked at by a lab's headset is a visit's.
    if (asked) this.#message("", asked);
    if (location.hash === VISITING && this.kept.venue) await this.#showTour(this.kept.venue);
    else this.#page([el("p", { class: "soft", role: "status" }, "…")], "…");
    this.asking = keepAsking(() => this.#ask(), EVERY_MILLIS);
    return undefined;
  }

  // Joining

  /** @param {string | null} asked the code that stood in the address */
  async showDoor(asked) {
    const { t } = this;
    const open = await call("GET", "/join", null).then(({ body }) => body.doorOpen === true).catch(() => false);
    const pad = createPad(t, (code) => this.#enter(code));
    const trouble = el("p", { class: "note wrong", role: "alert", hidden: true }, t("pad.unreachable"));
    this.#press = pad.press;
    /** @param {string | null} code */
    const quickly = (code) => void this.#enter(code).catch((cause) => {
      trouble.textContent = t(cause.code === "UNKNOWN_CODE" ? "pad.unknown" : cause.code === "TOO_MANY" ? "pad.too-many" : cause.code === "LAB_FULL" ? "pad.full" : "pad.unreachable");
      trouble.hidden = false;
    });
    this.#page([
      el("div", { class: "joining-words" },
        el("h1", {}, t("here.title")),
        this.#said(),
        asked
          ? el("button", { type: "button", class: "primary big", "data-key": "prefilled", onclick: () => quickly(asked) }, t("here.prefilled", { code: grouped(asked) }))
          : open && el("button", { type: "button", class: "primary big", "data-key": "door", onclick: () => quickly(null) }, t("here.door")),
        trouble,
        el("p", {}, asked || open ? t("here.or") : t("here.enter")),
        this.#insecure()),
      pad.element,
    ], "door");
  }

  /** @param {string | null} code */
  async #enter(code) {
    if (code !== null && code === this.told?.code) throw new ApiError("ALREADY", 0, 0, {});
    const { body } = await call("POST", "/join", this.kept?.token ?? null, { code });
    if (body.kind === "lab") {
      this.#keep({ token: body.of.token, venue: null, visit: null });
      location.reload();
      return;
    }
    await this.#takeOver(body.of);
  }

  /** @param {KeptHeadset | null} kept */
  #keep(kept) {
    this.kept = kept;
    keepHeadset(kept);
  }

  // Asking

  async #ask() {
    if (this.#busy || !this.kept) return;
    this.#busy = true;
    try {
      const answered = await call("GET", "/headset", this.kept.token, undefined, this.#tag);
      this.#offline = false;
      if (answered.body) this.told = answered.body;
      this.#tag = answered.tag;
      if (this.told) await this.#follow(this.told);
    } catch (cause) {
      const { code } = /** @type {{code?: string}} */ (cause);
      if (code === "UNKNOWN_HEADSET") {
        await this.#leaveLab();
        return;
      }
      this.#offline = true;
      // What was not done is to be asked for again.
      this.#tag = null;
      this.#paint();
      throw cause;
    } finally {
      this.#busy = false;
    }
    this.#paint();
  }

  /** Does what the lab wants of this headset. @param {Told} told */
  async #follow(told) {
    const kept = /** @type {KeptHeadset} */ (this.kept);
    if (told.state === "leaving") return this.#letGo();
    if (told.state === "offered") return this.#take();
    if (told.state === "visiting" && told.visit !== kept.visit) return this.#take();
    if (told.state === "waiting" && kept.visit) return this.#lost();
    const { phase, record } = this.#tour?.state ?? {};
    if (phase === "ready" && record.visit !== kept.visit) await this.#tellOwn();
    return undefined;
  }

  /** A visit was begun in this headset, perhaps anew: the lab is told, by showing its token. */
  async #tellOwn() {
    const { store } = await openStore();
    const kept = /** @type {KeptHeadset} */ (this.kept);
    const row = await store.current(kept.venue ?? "");
    if (!row || row.token === "") return;
    await call("POST", "/headset/visit", kept.token, { visit: row.visit, token: row.token });
    this.#keep({ ...kept, visit: row.visit });
  }

  /** Takes the visit that was handed to this headset. */
  async #take() {
    this.#page([el("p", { class: "joining-words", role: "status" }, this.t("here.taking"))], "taking");
    await this.#putAway(true);
    const { body } = await call("POST", "/headset/take", /** @type {KeptHeadset} */ (this.kept).token);
    await this.#takeOver(body);
  }

  /** @param {Created} ticket */
  async #takeOver(ticket) {
    const { store } = await openStore();
    // Of what was there before nothing is left to the next visitor.
    await Visit.adopt(store, api, ticket);
    if (!this.kept) {
      location.assign(`/?venue=${ticket.venue}&lang=${language}`);
      return;
    }
    this.#keep({ ...this.kept, venue: ticket.venue, visit: ticket.visit });
    this.#goToTour();
  }

  /** Sends what is left and is ready for the next visitor. */
  async #letGo() {
    this.#page([el("p", { class: "joining-words", role: "status" }, this.t("here.leaving"))], "leaving");
    await this.#putAway(true);
    const kept = /** @type {KeptHeadset} */ (this.kept);
    await call("DELETE", "/headset/visit", kept.token);
    this.#keep({ ...kept, venue: null, visit: null });
    this.#reload();
  }

  /** The visit went on elsewhere, or was erased. */
  async #lost() {
    await this.#putAway(false);
    this.#keep({ .../** @type {KeptHeadset} */ (this.kept), venue: null, visit: null });
    this.#message("here.went-on");
    this.#reload();
  }

  async #leaveLab() {
    this.asking?.stop();
    await this.#putAway(true).catch(() => {});
    this.#keep(null);
    this.#message("here.lab-gone");
    this.#reload();
  }

  /** The tour is closed, and its visit forgotten here. @param {boolean} send what the server does not have yet */
  async #putAway(send) {
    this.#tour?.remove();
    this.#tour = null;
    const venue = this.kept?.venue ?? this.told?.venue;
    if (venue) await putAway(api, venue, send);
  }

  // Showing

  #goToTour() {
    location.hash = VISITING;
    location.reload();
  }

  #reload() {
    history.replaceState(null, "", location.pathname + location.search);
    location.reload();
  }

  /** Begins a visit that nobody handed over. */
  async #beginOwn() {
    const { told, kept } = this;
    if (!told || !kept) return;
    await putAway(api, told.venue, true);
    this.#keep({ ...kept, venue: told.venue, visit: null });
    this.#goToTour();
  }

  /** @param {string} venue */
  async #showTour(venue) {
    await import("../tour.js");
    const tour = document.createElement("xinghuo-tour");
    tour.className = "full-window";
    tour.lang = language;
    tour.setAttribute("src", `/packages/${venue}`);
    tour.setAttribute("mode", new URLSearchParams(location.search).get("mode") ?? "auto");
    tour.addEventListener("leave", () => this.#reload());
    tour.addEventListener("ready", () => this.asking?.now());
    this.#tour = tour;
    this.#shown = "tour";
    document.body.className = "joining in-tour";
    document.body.replaceChildren(tour, this.#number);
  }

  /** What is shown while no tour is. */
  #paint() {
    const { told, kept, t } = this;
    this.#number.hidden = !told;
    this.#number.textContent = told ? t("sheet.number", { number: told.number }) : "";
    if (this.#tour || !kept) return;
    if (!told) return this.#page([el("p", { class: "note", role: "status" }, t("here.offline"))], "offline");
    if (told.state === "offered" || told.state === "leaving") return;
    const signature = JSON.stringify([told, kept.visit, this.#offline]);
    if (this.#shown === signature) return;
    const pad = createPad(t, (code) => this.#enter(code));
    const prefilled = this.#code;
    this.#page([
      el("div", { class: "joining-words" },
        el("h1", { class: "headset-number" },
          el("span", { class: "eyebrow" }, t("here.your-number")),
          el("strong", {}, told.number),
          el("span", { class: "eyebrow" }, t("here.lab", { code: grouped(told.code) }))),
        this.#said(),
        this.#offline && el("p", { class: "note wrong", role: "status" }, t("here.offline")),
        told.state === "visiting" ? this.#going() : el("button", { type: "button", class: "primary big", "data-key": "begin", onclick: () => void this.#beginOwn() }, t("here.begin")),
        this.#insecure()),
      told.state === "waiting" && el("section", { class: "own" },
        el("h2", {}, t("here.own")),
        el("p", {}, t("here.own-how")),
        prefilled && el("button", { type: "button", class: "primary", "data-key": "prefilled", onclick: () => void this.#enter(prefilled).catch(() => this.#message("pad.unknown")) }, t("here.prefilled", { code: grouped(prefilled) })),
        pad.element,
        el("p", { class: "soft" }, t("here.told"))),
    ], signature);
    this.#press = told.state === "waiting" ? pad.press : null;
  }

  /** A visit is under way, and the tour is not shown. */
  #going() {
    const { t } = this;
    const finish = el("details", { class: "sure" },
      el("summary", {}, t("here.finish")),
      el("p", {}, t("here.finish-sure")),
      el("button", { type: "button", class: "primary", "data-key": "finish-yes", onclick: () => void this.#letGo().catch(() => this.asking?.now()) }, t("here.finish-yes")));
    return el("div", { class: "going" },
      el("button", { type: "button", class: "primary big", "data-key": "go-on", onclick: () => this.#goToTour() }, t("here.go-on")), finish);
  }

  /** @param {Child[]} children @param {string} signature */
  #page(children, signature) {
    const other = LANGUAGES.find((one) => one !== language) ?? language;
    this.#shown = signature;
    document.body.className = "joining";
    document.body.replaceChildren(
      el("header", { class: "lab-head" },
        el("p", { class: "site-name" }, el("img", { src: "/mark.svg", alt: "", width: 36, height: 36 }), el("span", {}, this.t("product"))),
        el("button", { type: "button", class: "language", lang: other, onclick() { keepLanguage(other); location.assign(location.pathname); } }, this.t("language.other"))),
      el("main", {}, ...children.filter((child) => child instanceof Node)));
  }

  // What is said once, after a reload

  /** @type {string | null} */
  #code = null;

  /** @param {string} word @param {string} [code] */
  #message(word, code) {
    if (code) this.#code = code;
    try {
      if (word) sessionStorage.setItem(MESSAGE, word);
    } catch {
      // Without storage it is not said.
    }
  }

  #said() {
    try {
      const word = sessionStorage.getItem(MESSAGE);
      sessionStorage.removeItem(MESSAGE);
      return word ? el("p", { class: "note", role: "status" }, this.t(word)) : null;
    } catch {
      return null;
    }
  }

  #insecure() {
    return isSecureContext ? null : el("p", { class: "soft" }, this.t("here.insecure"));
  }
}

await new Joining(await loadWords(language, ["lab/text"])).begin();
