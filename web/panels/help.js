/** How one walks and looks, said once and on demand. */

import { el, show } from "../dom.js";
import { createDialog } from "./dialog.js";
import { mineLink } from "../mine-link.js";

/** @import { Model } from "../model.js" */

const KEPT_AS = "xinghuo:help-seen";

const KEYS = ["walk", "look", "point", "route", "close-up", "story", "question", "help", "back"];
const TOUCHES = ["walk", "look", "point"];

export function createHelp() {
  const dialog = createDialog("help");
  const coarse = matchMedia("(any-pointer: coarse)");

  /** @param {Model} model @param {"key" | "touch"} way @param {string[]} list */
  function table(model, way, list) {
    return el("dl", { class: "controls" }, list.flatMap((what) => [
      el("dt", {}, model.t(`help.${way}.${what}`)),
      el("dd", {}, model.t(`help.does.${what}`)),
    ]));
  }

  return {
    element: dialog.element,
    /** @param {Model} model */
    update(model) {
      dialog.fill(model.t("help.title"), model.t("close"));
      show(dialog.body, [model.language, coarse.matches], () => [
        el("p", {}, model.t("help.intro")),
        coarse.matches ? table(model, "touch", TOUCHES) : table(model, "key", KEYS),
        el("p", { class: "soft" }, model.t("help.route")),
        el("p", {}, mineLink(model)),
        el("button", { type: "button", class: "primary", onclick: () => dialog.element.close() }, model.t("help.go")),
      ]);
    },
    open: () => dialog.open(),
    /** Opens by itself the first time on this device. */
    openOnce() {
      try {
        if (localStorage.getItem(KEPT_AS)) return;
        localStorage.setItem(KEPT_AS, "1");
      } catch {
        // A browser that keeps nothing shows it at every visit.
      }
      dialog.open();
    },
  };
}
