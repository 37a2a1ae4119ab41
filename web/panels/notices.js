/** Sentences that something happened, each with what can be done about it. */

import { el, icon, show } from "../dom.js";

/** @import { Actions, Model } from "../model.js" */

/** @param {Actions} actions */
export function createNotices(actions) {
  const locating = el("div", { class: "locating paper", role: "status" });
  const whither = el("p", {});
  const bar = el("progress", {});
  const passing = el("div", { class: "passing paper", role: "status", hidden: true }, whither, bar);
  const list = el("div", { class: "notices", role: "status", "aria-live": "polite" });
  const hover = el("p", { class: "hover", "aria-hidden": "true", hidden: true });

  /** @param {Model} model */
  const sentences = (model) =>
    model.notices.map((notice) =>
      el("div", { class: "notice paper", "data-notice": notice.id },
        el("p", {}, model.t(notice.word, notice.values)),
        ...(notice.actions ?? []).map((action) =>
          el("button", { type: "button", "data-key": `${notice.id}-${action.word}`, onclick: action.run }, model.t(action.word))),
        !notice.lasting && el("button", { type: "button", class: "square", "aria-label": model.t("close"), onclick: () => actions.dismiss(notice.id) }, icon("close"))));

  /** Whither one goes, and how much of it has come. @param {Model} model */
  function tellPassing(model) {
    const { passing: room, loading } = model;
    passing.hidden = room === null;
    const words = room === null ? "" : model.t("passing.to", { room: model.text(`room.${room}.title`) });
    if (whither.textContent !== words) whither.textContent = words;
    [bar.max, bar.value] = [loading.of || 1, loading.done];
  }

  return {
    elements: [locating, passing, list],
    hover,
    /** @param {Model} model */
    update(model) {
      const question = model.locating;
      show(locating, [model.language, question], () =>
        question === null ? [] : [
          el("p", {}, model.t("question.locating"), el("strong", {}, model.text(`question.${question}.prompt`))),
          el("button", { type: "button", "data-key": "cancel", onclick: actions.cancelLocate }, model.t("cancel")),
        ]);
      locating.hidden = question === null;
      tellPassing(model);
      show(list, [model.language, model.notices.map((notice) => [notice.id, notice.word, notice.values])], () => sentences(model));
      const { artifact, stop } = model.hover;
      hover.hidden = (!artifact && !stop) || model.phase !== "ready" || model.mode === "text";
      if (artifact) hover.textContent = model.optional(`artifact.${artifact}.name`);
      else if (stop) hover.textContent = model.text(`stop.${stop}.title`);
    },
  };
}
