/** A lab as it is projected: how headsets join, and what each is about. */

import { el, show } from "../dom.js";
import { VenuePackage } from "../package.js";
import { createDialog } from "../panels/dialog.js";
import { call, grouped, keepAsking, pictureOf, shortAddress } from "./calls.js";
import { timeOf } from "./clock.js";
import { createHeadsetSheet } from "./headset-sheet.js";
import { saidOf, tile } from "./tile.js";

/** @import { Child } from "../dom.js" */
/** @import { Words } from "../words.js" */
/** @import { KeptLab } from "./kept.js" */
/** @import { Headset } from "./tile.js" */

/** How often it is looked at: what happens in the room is here within this. */
const EVERY_MILLIS = 2000;
const LOOPBACK = /^(localhost|127\.|\[::1\])/;

/** @typedef {{code: string, venue: string, doorOpen: boolean, expires: string, headsets: Headset[], serverNow: string}} Lab */

/**
 * @param {KeptLab} kept
 * @param {{language: string, t: Words, head: HTMLElement, left: (lab: KeptLab, closed: boolean) => void}} how
 */
export function showBoard(kept, { language, t, head, left }) {
  const path = `/labs/${kept.lab}`;
  /** @type {Lab | null} */
  let lab = null;
  /** @type {string | null} */
  let tag = null;
  /** How far the server's clock is ahead of this one. */
  let ahead = 0;
  let lookedAt = Date.now();
  let offline = false;
  /** @type {{[key: string]: string}} */
  let texts = {};
  /** @type {string | null} */
  let picture = null;

  const joining = el("section", { class: "paper board-join" });
  const counts = el("p", { class: "board-counts", role: "status" });
  const trouble = el("p", { class: "note wrong", role: "alert", hidden: true });
  const tiles = el("div", { class: "tiles" });
  const manage = el("button", { type: "button", "data-key": "manage", onclick: () => openManage() }, t("board.manage"));
  const sheet = createHeadsetSheet(t, {
    /** @param {string} method @param {string} below @param {unknown} [body] */
    async ask(method, below, body) {
      await call(method, path + below, kept.key, body);
      asking.now();
    },
  });
  const managing = createDialog("manage");
  document.body.className = "lab";
  document.body.replaceChildren(head,
    el("main", { class: "board" }, joining,
      el("section", { class: "board-room", "aria-label": t("lab.title") },
        el("div", { class: "board-bar" }, counts, manage), trouble, tiles)),
    sheet.element, managing.element);
  head.querySelector(".site-name")?.after(el("h1", { class: "board-title" }, t("lab.title")));

  const asking = keepAsking(look, EVERY_MILLIS);
  // Who was silent for a while is said to be, though nothing new was heard.
  const clock = setInterval(paint, 5000);

  async function look() {
    try {
      const answered = await call("GET", path, kept.key, undefined, tag);
      offline = false;
      lookedAt = Date.now();
      if (answered.body) {
        lab = /** @type {Lab} */ (answered.body);
        tag = answered.tag;
        ahead = Date.parse(lab.serverNow) - Date.now();
        await describe(lab);
      }
    } catch (cause) {
      const { status = 0 } = /** @type {{status?: number}} */ (cause);
      if (status === 404) return leave(false);
      offline = true;
      paint();
      throw cause;
    }
    paint();
  }

  /** @param {boolean} closed */
  function leave(closed) {
    asking.stop();
    clearInterval(clock);
    left(kept, closed);
  }

  /** What is said of the venue's stops, and the picture: once. @param {Lab} now */
  async function describe(now) {
    picture ??= (await call("POST", `${path}/picture`, kept.key, { address: location.origin })).body.picture;
    if (Object.keys(texts).length > 0) return;
    const opened = await VenuePackage.open(`/packages/${now.venue}`, null, language).catch(() => null);
    texts = (await opened?.texts(language).catch(() => null)) ?? {};
  }

  function paint() {
    if (!lab || !document.body.contains(tiles)) return;
    const { code, doorOpen, expires, headsets } = lab;
    const now = Date.now() + ahead;
    show(joining, [code, doorOpen, expires, picture], () => join(code, doorOpen, expires));
    const finished = headsets.filter((one) => one.record?.completed).length;
    const visiting = headsets.filter((one) => one.state === "visiting").length - finished;
    const away = headsets.filter((one) => one.silentSince).length;
    show(counts, [headsets.length, visiting, finished, away], () => [
      el("strong", {}, t("board.count", { count: headsets.length })),
      el("span", {}, t("board.visiting", { count: Math.max(0, visiting) })),
      el("span", {}, t("board.done", { count: finished })),
      away > 0 && el("span", { class: "is-away" }, t("board.away", { count: away })),
    ]);
    trouble.hidden = !offline;
    if (offline) trouble.textContent = t("board.offline", { time: timeOf(lookedAt, language) });
    const seen = { t, texts, now };
    show(tiles, [headsets.map((one) => saidOf(one, seen)), Object.keys(texts).length], () =>
      headsets.length > 0 ? headsets.map((one) => tile(one, seen, () => choose(one.number))) : [el("p", { class: "board-empty" }, t("board.empty"))]);
    sheet.update(headsets, seen);
  }

  /** @param {number} number */
  function choose(number) {
    sheet.open(number);
    paint();
  }

  /** @param {string} code @param {boolean} doorOpen @param {string} expires @returns {Child[]} */
  function join(code, doorOpen, expires) {
    const address = shortAddress();
    const loopback = LOOPBACK.test(location.host);
    return [
      el("p", { class: "eyebrow" }, t("join.how")),
      el("p", { class: `join-address${address.length > 22 ? " is-long" : ""}` }, location.protocol === "https:" ? `https://${address}` : address),
      el("p", { class: "eyebrow" }, t("join.code")),
      el("p", { class: "join-code" }, grouped(code)),
      doorOpen && el("p", { class: "soft" }, t("join.door-open")),
      picture && el("img", { class: "qr", ...pictureOf(picture, t("join.scan", { address, code: grouped(code) })) }),
      loopback && el("p", { class: "note wrong" }, t("join.loopback", { host: location.hostname })),
      !loopback && !isSecureContext && el("p", { class: "note" }, t("join.insecure")),
      el("p", { class: "soft until" }, t("board.until", { time: timeOf(Date.parse(expires) - ahead, language) })),
    ];
  }

  function openManage() {
    const door = el("input", { type: "checkbox", checked: lab?.doorOpen ?? false, "data-key": "door", onchange: () => void act(() => call("POST", `${path}/door`, kept.key, { open: door.checked })) });
    const said = el("p", { class: "note", role: "status", hidden: true });
    /** @param {string} words */
    const say = (words) => {
      said.textContent = t(words);
      said.hidden = false;
    };
    /** @param {() => Promise<unknown>} work */
    const act = async (work) => {
      try {
        await work();
        asking.now();
      } catch {
        say("board.failed");
      }
    };
    const link = `${location.origin}${location.pathname}#${kept.lab}.${kept.key}`;
    managing.fill(t("board.manage"), t("close"), [
      el("label", { class: "check" }, door, el("span", {}, t("lab.door"))),
      el("p", { class: "soft" }, t("lab.door-when")),
      el("button", { type: "button", class: "wide", "data-key": "link", onclick: () => void copy(link).then((done) => say(done ? "board.link-copied" : "board.link-not-copied")) }, t("board.link")),
      sure("next-class", () => act(async () => {
        const held = (lab?.headsets ?? []).filter((one) => one.state !== "waiting");
        await Promise.all(held.map((one) => call("DELETE", `${path}/headsets/${one.number}/visit`, kept.key)));
        managing.element.close();
      })),
      sure("close", () => act(async () => {
        await call("DELETE", path, kept.key);
        leave(true);
      })),
      said,
    ]);
    managing.open();
  }

  /** A button that says what follows before it does it. @param {"next-class" | "close"} what @param {() => Promise<void>} act */
  function sure(what, act) {
    return el("details", { class: "sure", "data-key": what },
      el("summary", {}, t(`board.${what}`)),
      el("p", {}, t(`board.${what}-sure`)),
      el("button", { type: "button", class: "primary", "data-key": `${what}-yes`, onclick: () => void act() }, t(`board.${what}`)));
  }
}

/** @param {string} text */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
