/** What is said where the visitor stands: the stop, one sentence, and what can be done here. */

import { el, icon, show } from "../dom.js";
import { evidence } from "./route.js";

/** @import { Actions, Model } from "../model.js" */

/** @param {Actions} actions */
export function createCard(actions) {
  const element = el("section", { class: "card paper", hidden: true });

  /** @param {Model} model @param {string} id */
  function content(model, id) {
    const stop = model.stopOf(id);
    const { t } = model;
    const number = model.stops.findIndex((one) => one.id === id) + 1;
    const next = model.nextStop(id);
    const done = model.progressOf(id)?.done;
    return [
      el("p", { class: "eyebrow" }, t("card.number", { number, of: model.stops.length })),
      el("h2", {}, model.text(`stop.${id}.title`)),
      el("p", { class: "lead" }, model.text(`stop.${id}.lead`)),
      el("p", { class: "evidence" }, evidence(model, id)),
      el("div", { class: "buttons" },
        stop?.artifact && el("button", { type: "button", "data-key": "open", title: "F", onclick: () => actions.open(id) }, icon("find"), t("card.open")),
        el("button", { type: "button", "data-key": "story", title: "R", onclick: () => actions.showSide(id, "story") }, icon("story"), t("card.story")),
        stop?.checkpoint && el("button", { type: "button", "data-key": "question", title: "T", onclick: () => actions.showSide(id, "question") }, icon("question"), t("card.question")),
        done && next && el("button", { type: "button", class: "primary", "data-key": "next", onclick: () => actions.next(id) }, t("card.next"))),
    ];
  }

  return {
    element,
    /** @param {Model} model */
    update(model) {
      const id = model.stop;
      element.hidden = model.phase !== "ready" || model.mode === "text" || id === null || model.side !== null || model.locating !== null;
      if (element.hidden || id === null) return;
      element.setAttribute("aria-label", model.text(`stop.${id}.title`));
      show(element, [model.language, id, model.progressOf(id), model.nextStop(id)], () => content(model, id));
    },
  };
}
