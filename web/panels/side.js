/** The panel beside the scene: what is told at a stop, or what is asked there. */

import { el, icon, show } from "../dom.js";
import { createCheckpoint } from "./checkpoint.js";
import { createStory } from "./story.js";

/** @import { Actions, Model } from "../model.js" */

/** @param {Actions} actions */
export function createSide(actions) {
  const story = createStory(actions, { inText: false });
  const checkpoint = createCheckpoint(actions);
  const head = el("header", { class: "side-head" });
  const body = el("div", { class: "side-body", "data-scroller": "", tabIndex: 0, role: "group" });
  const element = el("aside", { class: "side paper", hidden: true }, head, body);
  let shown = "";

  /** @param {Model} model @param {{stop: string, side: "story" | "question"}} side */
  function heading(model, { stop, side }) {
    const has = model.stopOf(stop);
    /** @param {"story" | "question"} other */
    const tab = (other) =>
      el("button", { type: "button", class: "tab", "data-key": `tab-${other}`, "aria-pressed": String(side === other), onclick: () => actions.showSide(stop, other) },
        model.t(`card.${other}`));
    return [
      el("div", { class: "side-title" },
        el("h2", { tabIndex: -1, "data-key": "title" }, model.text(`stop.${stop}.title`)),
        el("button", { type: "button", class: "square", "data-key": "close", "aria-label": model.t("close"), onclick: actions.closeSide }, icon("close"))),
      el("div", { class: "tabs" }, tab("story"), has?.checkpoint ? tab("question") : null),
      model.brings && model.headset !== "worn" && model.open === stop
        ? el("button", { type: "button", class: "wide", "data-key": "bring", onclick: () => actions.bring(stop) }, icon("headset"), model.t("headset.bring"))
        : null,
    ];
  }

  return {
    element,
    /** @param {Model} model */
    update(model) {
      const side = model.locating ? null : model.side;
      element.hidden = side === null;
      if (!side) {
        if (shown && !model.locating) story.hide();
        if (!model.locating) shown = "";
        return;
      }
      element.setAttribute("aria-label", model.text(`stop.${side.stop}.title`));
      body.setAttribute("aria-label", model.t(`card.${side.side}`));
      show(head, [model.language, side, model.open, model.brings, model.headset], () => heading(model, side));
      const now = `${side.side}/${side.stop}`;
      const changed = now !== shown;
      if (changed) {
        body.replaceChildren(side.side === "story" ? story.element : checkpoint.element);
        body.scrollTop = 0;
        shown = now;
        if (side.side === "question") story.hide();
      }
      if (side.side === "story") story.update(model, side.stop);
      else checkpoint.update(model, side.stop);
      if (changed) head.querySelector("h2")?.focus({ preventScroll: true });
    },
  };
}
