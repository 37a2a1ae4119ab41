/** The names of the rooms behind the doors that are in view, each on the sign at its door. */

import { el } from "../dom.js";

/** @import { Actions, Model } from "../model.js" */

/** @param {Actions} actions */
export function createDoors(actions) {
  const element = el("div", { class: "door-signs", hidden: true });
  /** @type {Map<string, HTMLButtonElement>} */
  const signs = new Map();

  /** @param {string} room */
  function signTo(room) {
    const sign = el("button", { type: "button", class: "door-sign", "data-door": room, onclick: () => actions.goInto(room) });
    signs.set(room, sign);
    element.append(sign);
    return sign;
  }

  return {
    element,
    /** @param {Model} model */
    update(model) {
      // Whoever wears a headset sees other places than the page does.
      element.hidden = model.phase !== "ready" || model.mode === "text" || model.view === null || model.headset === "worn";
      if (element.hidden) return;
      const doors = model.view?.doors ?? [];
      for (const [room, sign] of signs) {
        if (doors.some(({ to }) => to === room)) continue;
        sign.remove();
        signs.delete(room);
      }
      for (const { to, x, y, visible } of doors) {
        const sign = signs.get(to) ?? signTo(to);
        const name = model.text(`room.${to}.title`);
        if (sign.textContent !== name) sign.textContent = name;
        sign.setAttribute("aria-label", model.t("door.to", { room: name }));
        sign.hidden = !visible || model.passing !== null;
        sign.classList.toggle("is-hovered", model.hover.door === to);
        sign.style.setProperty("--x", `${x}px`);
        sign.style.setProperty("--y", `${y}px`);
      }
    },
  };
}
