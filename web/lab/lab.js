/**
 * The page for whoever runs a room of headsets: opens a lab, and shows it.
 *
 * The key of a lab is in a link after the number sign, so that no server and no log sees it; and it
 * is taken out of the address at once, since this page is often projected on a wall.
 */

import { el } from "../dom.js";
import { listVenues } from "../package.js";
import { firstLanguage, keepLanguage, LANGUAGES, loadWords } from "../words.js";
import { showBoard } from "./board.js";
import { timeOf } from "./clock.js";
import { forgetLab, keepLab, labs } from "./kept.js";
import { openLab } from "./opening.js";

/** @import { Words } from "../words.js" */
/** @import { KeptLab } from "./kept.js" */

const LINK = /^#([0-9a-f-]{36})\.([\w-]{43})$/;
const LAST = "xinghuo:lab-shown";

/** @param {string} language */
const wordsOf = (language) => loadWords(language, ["lab/text"]);

/** Which lab this page shows, after a reload too. @param {string | null} [lab] */
function shown(lab) {
  try {
    if (lab === null) sessionStorage.removeItem(LAST);
    else if (lab !== undefined) sessionStorage.setItem(LAST, lab);
    return sessionStorage.getItem(LAST);
  } catch {
    return null;
  }
}

/** The lab that a link leads to, which is kept and taken out of the address. */
function fromLink() {
  const [, lab, key] = LINK.exec(location.hash) ?? [];
  if (!lab || !key) return;
  keepLab({ lab, key, opened: Date.now() });
  shown(lab);
  history.replaceState(null, "", location.pathname);
}

/** @param {string} language @param {Words} t @param {() => void} again */
function head(language, t, again) {
  const other = LANGUAGES.find((one) => one !== language) ?? language;
  return el("header", { class: "lab-head" },
    el("a", { class: "site-name", href: `/?lang=${language}` }, el("img", { src: "/mark.svg", alt: "", width: 36, height: 36 }), el("span", {}, t("product"))),
    el("button", {
      type: "button", class: "language", lang: other, "data-key": "language",
      onclick() {
        keepLanguage(other);
        again();
      },
    }, t("language.other")));
}

/** @param {string} [trouble] */
async function start(trouble) {
  const language = firstLanguage(new URLSearchParams(location.search).get("lang"));
  const t = await wordsOf(language);
  document.documentElement.lang = language;
  document.title = `${t("lab.title")} · ${t("product")}`;
  const last = labs().find(({ lab }) => lab === shown());
  if (last) return showBoard(last, { language, t, head: head(language, t, () => void location.reload()), left });
  return showOpening(language, t, trouble);
}

/** The lab is no more, or was closed from here. @param {KeptLab} lab @param {boolean} closed */
function left(lab, closed) {
  forgetLab(lab.lab);
  shown(null);
  void start(closed ? undefined : "lab.gone");
}

/** @param {string} language @param {Words} t @param {string} [trouble] */
async function showOpening(language, t, trouble) {
  const venue = el("select", { id: "venue", "data-key": "venue" });
  const door = el("input", { type: "checkbox", id: "door", checked: true, "aria-describedby": "door-when" });
  const note = el("p", { class: "note wrong", role: "alert", hidden: !trouble }, trouble ? t(trouble) : "");
  // Until the venues are there, there is nothing that could be opened.
  const submit = el("button", { class: "primary wide", "data-key": "open", disabled: true }, t("lab.open"));
  const earlier = labs();
  const form = el("form", { class: "opening-form" },
    el("label", { for: "venue" }, t("lab.venue")), venue,
    el("label", { class: "check", for: "door" }, door, el("span", {}, t("lab.door"))),
    el("p", { class: "soft", id: "door-when" }, t("lab.door-when")),
    note, submit);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit.disabled = true;
    void open(venue.value, door.checked).catch((cause) => {
      note.replaceChildren(...troubleOf(cause.code, t));
      note.hidden = false;
      submit.disabled = false;
    });
  });
  document.body.className = "lab";
  document.body.replaceChildren(
    head(language, t, () => void start(trouble)),
    el("main", { class: "lab-opening" },
      el("section", { class: "paper lab-sheet" },
        el("h1", {}, t("lab.title")),
        el("p", {}, t("lab.intro")),
        form,
        earlier.length > 0 && el("section", { class: "earlier" },
          el("h2", {}, t("lab.going-on")),
          earlier.map((lab) => el("button", { type: "button", class: "wide", onclick: () => goOn(lab) },
            t("lab.go-on", { time: timeOf(lab.opened, language) })))))));
  const venues = await listVenues().catch(() => []);
  venue.replaceChildren(...venues.map((one) => el("option", { value: one.id }, one.title[language] ?? Object.values(one.title)[0] ?? one.id)));
  submit.disabled = venues.length === 0;
  if (venues.length === 0) [note.textContent, note.hidden] = [t("lab.none"), false];
}

/** Why a lab was not opened, and the way on. @param {string} code @param {Words} t */
function troubleOf(code, t) {
  if (code === "TOO_MANY") return [t("lab.too-many")];
  if (code === "FORBIDDEN") return [t("lab.not-yours")];
  if (code !== "SIGN_IN") return [t("lab.not-opened")];
  return [t("lab.sign-in"), " ", el("a", { href: "/staff/", "data-key": "sign-in" }, t("lab.to-sign-in"))];
}

/** @param {KeptLab} lab */
function goOn(lab) {
  shown(lab.lab);
  void start();
}

/** @param {string} venue @param {boolean} doorOpen */
async function open(venue, doorOpen) {
  const { lab, key } = await openLab(venue, doorOpen);
  keepLab({ lab, key, opened: Date.now() });
  shown(lab);
  await start();
}

fromLink();
await start();
