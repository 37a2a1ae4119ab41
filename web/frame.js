/** Where everything stands: the poster behind, the scene on it, the words over it. */

import { el } from "./dom.js";
import { createBringing } from "./panels/bringing.js";
import { createCard } from "./panels/card.js";
import { createDoors } from "./panels/doors.js";
import { createHandover } from "./panels/handover.js";
import { createHeadset } from "./panels/headset.js";
import { createHelp } from "./panels/help.js";
import { createJoystick } from "./panels/joystick.js";
import { createNotices } from "./panels/notices.js";
import { createPoster } from "./panels/poster.js";
import { createRoute } from "./panels/route.js";
import { createSide } from "./panels/side.js";
import { createSummary } from "./panels/summary.js";
import { createTextWalk } from "./panels/textwalk.js";
import { createTopbar } from "./panels/topbar.js";

/** @import { Actions, Model } from "./model.js" */

const STYLES = ["base", "tour", "panels", "question", "text"];

/**
 * @param {ShadowRoot} root
 * @param {HTMLCanvasElement} canvas
 * @param {Actions} actions
 */
export function createFrame(root, canvas, actions) {
  const poster = createPoster(actions);
  const topbar = createTopbar(actions);
  const route = createRoute(actions);
  const card = createCard(actions);
  const side = createSide(actions);
  const doors = createDoors(actions);
  const notices = createNotices(actions);
  const joystick = createJoystick(actions);
  const textWalk = createTextWalk(actions);
  const help = createHelp();
  const headset = createHeadset(actions);
  const handover = createHandover(actions);
  const bringing = createBringing(actions);
  const summary = createSummary(actions);

  const stage = el("div", { class: "stage" }, canvas, doors.element, notices.hover);
  const overlay = el("div", { class: "overlay" }, el("div", { class: "overlay-top" }, notices.elements), joystick.element, card.element);
  const frame = el("div", { class: "frame" },
    poster.picture, stage, textWalk.element, overlay, route.element, side.element, topbar.element, poster.element,
    help.element, headset.element, handover.element, summary.elements, bringing.element);

  const links = STYLES.map((name) => el("link", { rel: "stylesheet", href: new URL(`style/${name}.css`, import.meta.url).href }));
  frame.hidden = true;
  const styled = Promise.all(links.map((link) => new Promise((done) => {
    link.addEventListener("load", done);
    link.addEventListener("error", done);
  })));
  void styled.then(() => (frame.hidden = false));
  root.append(...links, frame);

  for (const dialog of [help.element, headset.element, handover.element, ...summary.elements]) {
    new MutationObserver(() => actions.cover(frame.querySelector("dialog[open]") !== null)).observe(dialog, { attributeFilter: ["open"] });
  }

  // The overlay is what the panels leave free, so the scene's middle is the overlay's.
  const free = new ResizeObserver(() => {
    const [all, seen] = [stage, overlay].map((part) => part.getBoundingClientRect());
    if (!all || !seen || overlay.hidden) return;
    actions.inset(seen.left - all.left, seen.top - all.top, all.right - seen.right, all.bottom - seen.bottom);
  });
  for (const part of [stage, overlay]) free.observe(part);

  return {
    frame,
    styled,
    /** What a phone shows over the visitor's own room. */
    overlay: bringing.element,
    openHelp: () => help.open(),
    openHelpOnce: () => help.openOnce(),
    openHeadset: () => headset.open(),
    openHandover: () => handover.open(),
    /** @param {Model} model */
    openSummary: (model) => summary.open(model),
    focusRoute: () => (textWalk.element.hidden ? route.focus() : textWalk.focusRoute()),
    focusStory: () => textWalk.focusStory(),
    /** Where the pointer is, from the scene's corner, CSS pixels. @param {number} x @param {number} y */
    pointAt(x, y) {
      // Said to the one element that goes by it: what is said to the frame, everything in it is styled anew for.
      notices.hover.style.setProperty("--pointer-x", `${x}px`);
      notices.hover.style.setProperty("--pointer-y", `${y}px`);
    },
    /** What follows the view. @param {Model} model */
    follow(model) {
      doors.update(model);
      notices.update(model);
    },
    /** @param {Model} model */
    update(model) {
      // Without its words a panel would show their names.
      if (!model.worded && model.phase !== "error") return poster.paint(model);
      // Said again, even the same language has everything in the frame styled anew.
      if (frame.lang !== model.language) frame.lang = model.language;
      frame.dataset["phase"] = model.phase;
      frame.dataset["mode"] = model.mode;
      frame.classList.toggle("has-side", model.side !== null && model.locating === null && model.mode === "scene");
      frame.classList.toggle("is-close", model.open !== null);
      frame.classList.toggle("is-passive", model.passive);
      for (const part of [stage, side.element, route.element, card.element, textWalk.element]) part.inert = model.passive;
      for (const panel of [poster, topbar, route, card, side, doors, notices, joystick, textWalk, help, headset, handover, summary, bringing]) panel.update(model);
    },
  };
}
