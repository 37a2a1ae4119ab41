/** The page where a visitor sees everything that is kept of them: the visits of this device, one by one. */

import { el } from "./dom.js";
import { createDialog } from "./panels/dialog.js";
import { consentText } from "./panels/consent.js";
import { Api } from "./record/api.js";
import { CONSENT } from "./record/consent.js";
import { openStore } from "./record/store.js";
import { visitSection } from "./mine/visit.js";
import { keepLanguage, LANGUAGES, loadWords } from "./words.js";

/** @import { Notice } from "./record/api.js" */
/** @import { Store } from "./record/store.js" */
/** @import { Words } from "./words.js" */

const API = "/api/v1";
const STYLES = ["panels", "mine"];

/**
 * @typedef {object} Setting what every part of the page has
 * @property {Words} t @property {string} language @property {Api} api @property {Store} store
 * @property {(title: string, words: string, yes: string, run: () => Promise<void>) => void} ask asks once more before something is done
 * @property {(words: string) => void} say tells what has happened
 * @property {() => Promise<void>} again shows everything anew
 */

/** @param {string} language */
export async function showMine(language) {
  const t = await loadWords(language, ["mine/text"]);
  document.documentElement.lang = language;
  document.title = `${t("mine.title")} · ${t("product")}`;
  for (const name of STYLES) {
    const href = new URL(`style/${name}.css`, import.meta.url).href;
    if (!document.querySelector(`link[href="${href}"]`)) document.head.append(el("link", { rel: "stylesheet", href }));
  }
  const api = new Api(new URL(API, document.baseURI).href);
  const { store } = await openStore();
  const said = el("p", { class: "note said", role: "status", hidden: true });
  const list = el("div", { class: "mine-visits" });
  const sure = createDialog("sure");
  const notice = el("details", { class: "mine-notice" }, el("summary", {}, t("mine.notice")));
  /** @type {Setting} */
  const setting = {
    t, language, api, store,
    ask(title, words, yes, run) {
      sure.fill(title, t("close"), [
        el("p", {}, words),
        el("div", { class: "buttons" },
          el("button", { type: "button", class: "primary", "data-key": "yes", onclick() { sure.element.close(); void run(); } }, yes),
          el("button", { type: "button", onclick: () => sure.element.close() }, t("cancel"))),
      ]);
      sure.open();
    },
    say(words) {
      said.hidden = false;
      said.textContent = words;
    },
    again: () => fill(setting, list),
  };
  void api.notice().catch(() => null).then((known) => notice.append(consentText(t, CONSENT, /** @type {Notice | null} */ (known))));
  const other = LANGUAGES.find((one) => one !== language) ?? language;
  document.body.replaceChildren(
    el("header", { class: "site-head" },
      el("a", { class: "site-name", href: `?lang=${language}` }, el("img", { src: "mark.svg", alt: "", width: 40, height: 40 }), el("span", {}, t("product"))),
      el("p", { class: "site-line" }, t("start.line")),
      el("button", {
        type: "button", class: "language", lang: other,
        onclick() {
          keepLanguage(other);
          history.replaceState(null, "", `?mine&lang=${other}`);
          void showMine(other);
        },
      }, t("language.other"))),
    el("main", { class: "mine" },
      el("h1", {}, t("mine.title")),
      el("p", { class: "mine-intro" }, t("mine.intro")),
      notice, said, list),
    sure.element,
  );
  await fill(setting, list);
}

/** @param {Setting} setting @param {HTMLElement} list */
async function fill(setting, list) {
  const rows = await setting.store.all();
  const sections = await Promise.all(rows.map((row) => visitSection(setting, row)));
  list.replaceChildren(...sections);
  if (rows.length === 0) list.append(el("p", { class: "note" }, setting.t("mine.none")));
}
