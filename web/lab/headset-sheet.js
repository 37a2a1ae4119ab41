/** What is known of one headset, and what whoever runs the room can do about it. */

import { el, show } from "../dom.js";
import { createDialog } from "../panels/dialog.js";
import { percentOf, placeOf, silentMinutes, stateOf } from "./tile.js";

/** @import { Words } from "../words.js" */
/** @import { Headset, Seen } from "./tile.js" */

/**
 * @param {Words} t
 * @param {{ask: (method: string, below: string, body?: unknown) => Promise<void>}} actions
 */
export function createHeadsetSheet(t, actions) {
  const dialog = createDialog("headset-sheet");
  const facts = el("dl", { class: "figures" });
  const note = el("p", { class: "note", role: "status", hidden: true });
  const digits = el("input", { id: "code", inputMode: "numeric", autocomplete: "off", maxLength: 7, pattern: "[0-9 ]*", "data-key": "code" });
  const replaces = el("p", { class: "soft" }, t("sheet.replaces"));
  const form = el("form", { class: "hand" },
    el("h3", {}, t("sheet.hand")),
    el("p", { class: "soft" }, t("sheet.hand-how")),
    el("label", { for: "code" }, t("sheet.code")),
    el("div", { class: "buttons" }, digits, el("button", { class: "primary", "data-key": "hand-over" }, t("sheet.hand-over"))),
    replaces);
  const next = el("button", { type: "button", "data-key": "next", onclick: () => void act("DELETE", "/visit") }, t("sheet.next"));
  const remove = el("button", { type: "button", "data-key": "remove", onclick: () => void act("DELETE", "").then((done) => done && dialog.element.close()) }, t("sheet.remove"));
  /** @type {number | null} */
  let number = null;

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const code = digits.value.replaceAll(/\s/g, "");
    if (!/^[0-9]{6}$/.test(code)) return say("sheet.six", true);
    void act("POST", "/visit", { code }).then((done) => {
      if (!done) return;
      digits.value = "";
      say("sheet.handed", false);
    });
  });
  dialog.body.append(facts, note, form,
    el("div", { class: "ends" },
      el("div", {}, next, el("p", { class: "soft" }, t("sheet.next-how"))),
      el("div", {}, remove, el("p", { class: "soft" }, t("sheet.remove-how")))));

  /** @param {string} words @param {boolean} wrong */
  function say(words, wrong) {
    note.textContent = t(words, { number: number ?? 0 });
    note.classList.toggle("wrong", wrong);
    note.hidden = false;
  }

  /** @param {string} method @param {string} below @param {unknown} [body] */
  async function act(method, below, body) {
    note.hidden = true;
    try {
      await actions.ask(method, `/headsets/${number}${below}`, body);
      return true;
    } catch (cause) {
      const { code } = /** @type {{code?: string}} */ (cause);
      say(code === "UNKNOWN_CODE" ? "sheet.unknown-code" : code === "TOO_MANY" ? "pad.too-many" : "board.failed", true);
      return false;
    }
  }

  /** @param {Headset} headset @param {Seen} seen */
  function told(headset, { texts, now }) {
    const minutes = silentMinutes(headset, now);
    const { record } = headset;
    return [
      fact(t("sheet.state"), t(`state.${stateOf(headset)}`)),
      record && fact(t("sheet.progress"), `${percentOf(headset)} %`),
      record && record.of > 0 && fact(t("sheet.answered"), t("summary.of", { done: record.settled, of: record.of })),
      placeOf(headset, texts) !== "" && fact(t("sheet.place"), placeOf(headset, texts)),
      fact(t("sheet.seen"), minutes > 0 ? t("sheet.ago-minutes", { minutes }) : t("sheet.just-now")),
    ];
  }

  /** @param {string} name @param {string} value */
  const fact = (name, value) => el("div", {}, el("dt", {}, name), el("dd", {}, value));

  return {
    element: dialog.element,
    /** @param {Headset[]} headsets @param {Seen} seen */
    update(headsets, seen) {
      if (!dialog.element.open) return;
      const headset = headsets.find((one) => one.number === number);
      if (!headset) return dialog.element.close();
      replaces.hidden = next.disabled = headset.state === "waiting";
      if (headset.state !== "waiting") next.disabled = headset.state === "leaving";
      show(facts, [headset, Math.floor(seen.now / 5000)], () => told(headset, seen));
    },
    /** @param {number} which */
    open(which) {
      number = which;
      note.hidden = true;
      digits.value = "";
      dialog.fill(t("sheet.number", { number }), t("close"));
      dialog.open();
    },
  };
}
