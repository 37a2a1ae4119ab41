/** What lies over the visitor's own room on a phone: what to do, what is told of the thing, and the way back. */

import { el, show } from "../dom.js";
import { createStory } from "./story.js";

/** @import { Actions, Model } from "../model.js" */

/** @param {Actions} actions */
export function createBringing(actions) {
  const story = createStory(actions, { inText: false });
  const head = el("p", { class: "paper", role: "status" });
  const body = el("div", { class: "side-body", "data-scroller": "", tabIndex: 0, role: "group", hidden: true }, story.element);
  const ways = el("div", { class: "bringing-ways" });
  const sheet = el("div", { class: "paper bringing-sheet" }, body, ways);
  const element = el("div", { class: "bringing", hidden: true }, head, sheet);
  // Who touches words does not touch the table behind them.
  for (const part of [head, sheet]) part.addEventListener("beforexrselect", (event) => event.preventDefault());
  let reads = false;

  /** @param {Model} model @param {string} stop */
  function told(model, stop) {
    body.hidden = !reads;
    body.setAttribute("aria-label", model.t("card.story"));
    if (reads) story.update(model, stop);
    else story.hide();
    show(ways, [model.language, reads], () => [
      el("button", {
        type: "button", "data-key": "bring-story", "aria-expanded": String(reads),
        onclick() {
          reads = !reads;
          told(model, stop);
        },
      }, model.t("card.story")),
      el("button", { type: "button", "data-key": "bring-back", onclick: actions.takeOff }, model.t("bring.back")),
    ]);
  }

  return {
    element,
    /** @param {Model} model */
    update(model) {
      const { brought } = model;
      if (element.hidden && !brought) return;
      element.hidden = brought === null;
      if (!brought) {
        reads = false;
        story.hide();
        return;
      }
      show(head, [model.language, brought.lies], () => [model.t(brought.lies ? "bring.lies" : "bring.lay")]);
      told(model, brought.stop);
    },
  };
}
