/** The thumb-stick of touch screens: where the thumb pulls, the visitor walks. */

import { el } from "../dom.js";

/** @import { Actions, Model } from "../model.js" */

/** How far the knob goes from the middle, CSS pixels. */
const REACH_PX = 44;

/** @param {Actions} actions */
export function createJoystick(actions) {
  const knob = el("span", { class: "knob" });
  const element = el("div", { class: "joystick", "aria-hidden": "true", hidden: true }, knob);
  /** @type {number | null} */
  let held = null;

  /** @param {PointerEvent} event */
  function pull(event) {
    const box = element.getBoundingClientRect();
    const x = event.clientX - (box.left + box.width / 2);
    const y = event.clientY - (box.top + box.height / 2);
    const shorten = Math.min(1, REACH_PX / Math.hypot(x, y) || 1);
    knob.style.translate = `${x * shorten}px ${y * shorten}px`;
    actions.walk((x * shorten) / REACH_PX, (-y * shorten) / REACH_PX);
  }

  function release() {
    if (held === null) return;
    held = null;
    knob.style.translate = "";
    actions.walk(0, 0);
  }

  element.addEventListener("pointerdown", (event) => {
    if (held !== null) return;
    held = event.pointerId;
    element.setPointerCapture(event.pointerId);
    event.preventDefault();
    pull(event);
  });
  element.addEventListener("pointermove", (event) => {
    if (event.pointerId === held) pull(event);
  });
  for (const end of /** @type {const} */ (["pointerup", "pointercancel", "lostpointercapture"])) {
    element.addEventListener(end, (event) => {
      if (event.pointerId === held) release();
    });
  }

  const coarse = matchMedia("(any-pointer: coarse)");
  return {
    element,
    /** @param {Model} model */
    update(model) {
      element.hidden = !coarse.matches || model.phase !== "ready" || model.mode === "text" || model.open !== null || model.side !== null;
      element.classList.toggle("is-aside", model.stop !== null);
      if (element.hidden) release();
    },
  };
}
