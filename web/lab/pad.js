/**
 * Six digits entered without a keyboard: keys as large as a ray that trembles needs them. A keyboard
 * serves as well.
 */

import { el, icon } from "../dom.js";

/** @import { Words } from "../words.js" */

const DIGITS = 6;

/**
 * @param {Words} t
 * @param {(code: string) => Promise<void>} enter rejects when the code was not taken
 */
export function createPad(t, enter) {
  let digits = "";
  let busy = false;
  const boxes = Array.from({ length: DIGITS }, () => el("span", { class: "digit" }));
  const shown = el("div", { class: "digits", "aria-hidden": "true" }, boxes);
  const said = el("p", { class: "unseen", role: "status" });
  const trouble = el("p", { class: "note wrong", role: "alert", hidden: true });
  const keys = el("div", { class: "keys" },
    ["1", "2", "3", "4", "5", "6", "7", "8", "9"].map((digit) => key(digit)),
    el("button", { type: "button", class: "key", "aria-label": t("pad.clear"), "data-key": "clear", onclick: () => set("") }, icon("close")),
    key("0"),
    el("button", { type: "button", class: "key", "aria-label": t("pad.back"), "data-key": "back", onclick: () => set(digits.slice(0, -1)) }, icon("leave")));

  /** @param {string} digit */
  function key(digit) {
    return el("button", { type: "button", class: "key", "data-key": `digit-${digit}`, onclick: () => set(digits + digit) }, digit);
  }

  /** @param {string} next */
  function set(next) {
    if (busy || next.length > DIGITS) return;
    digits = next;
    trouble.hidden = true;
    paint();
    if (digits.length === DIGITS) void submit();
  }

  function paint() {
    for (const [place, box] of boxes.entries()) {
      box.textContent = digits[place] ?? "";
      box.classList.toggle("next", place === digits.length);
    }
    said.textContent = digits === "" ? "" : t("pad.entered", { digits: [...digits].join(" ") });
  }

  async function submit() {
    busy = true;
    keys.inert = true;
    try {
      await enter(digits);
    } catch (cause) {
      const code = /** @type {{code?: string}} */ (cause).code ?? "";
      const words = { UNKNOWN_CODE: "pad.unknown", ALREADY: "pad.already", TOO_MANY: "pad.too-many", LAB_FULL: "pad.full" };
      digits = "";
      paint();
      trouble.textContent = t(/** @type {Record<string, string>} */ (words)[code] ?? "pad.unreachable");
      trouble.hidden = false;
    }
    busy = false;
    keys.inert = false;
  }

  paint();
  return {
    element: el("div", { class: "pad" }, shown, said, trouble, keys),
    /** @param {KeyboardEvent} event */
    press(event) {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (/^[0-9]$/.test(event.key)) set(digits + event.key);
      else if (event.key === "Backspace") set(digits.slice(0, -1));
    },
  };
}
