/** The bar over the tour: where one is, how far one has come, and the way out. */

import { el, icon, show } from "../dom.js";

/** @import { Actions, Model } from "../model.js" */

/** @param {Actions} actions */
export function createTopbar(actions) {
  const element = el("header", { class: "topbar paper" });
  const draft = el("p", { class: "draft", hidden: true });

  /** @param {Model} model */
  function content(model) {
    const { t } = model;
    const { done, of } = model.counted;
    return [
      el("button", { type: "button", class: "square", "data-key": "leave", "aria-label": t("leave"), title: t("leave"), onclick: actions.leave }, icon("leave")),
      el("h1", { class: "topbar-title" }, model.text("venue.title")),
      el("div", { class: "progress" },
        el("span", { class: "progress-words" }, t("progress.stops", { done, of })),
        el("progress", { max: of || 1, value: done, "aria-label": t("progress.label") })),
      el("span", { class: `record-mark is-${model.record.status}`, title: t(`record.${model.record.status}`) },
        icon(`record-${model.record.status}`), el("span", {}, t(`record.short.${model.record.status}`))),
      el("button", { type: "button", class: "square route-button", "data-key": "route", "aria-expanded": model.mode === "scene" ? String(model.routeOpen) : null, "aria-label": t("route.title"), title: `${t("route.title")} (M)`, onclick: () => actions.showRoute(!model.routeOpen) }, icon("route")),
      model.mode === "text" && el("button", { type: "button", class: "square", "data-key": "summary", "aria-label": t("summary.open"), title: t("summary.open"), onclick: actions.summary }, icon("summary")),
      languageSwitch(model, actions),
      headsetButton(model, actions),
      model.mode === "scene" && el("button", { type: "button", class: "square", "data-key": "help", "aria-label": t("help.title"), title: `${t("help.title")} (H)`, onclick: actions.help }, icon("help")),
    ];
  }

  return {
    element: el("div", { class: "top" }, element, draft),
    /** @param {Model} model */
    update(model) {
      // While the scene is being made it has its place but is not seen (`tour.css`): a canvas that gets
      // another size with its first frame makes the browser wait for all that is being drawn.
      element.hidden = model.phase !== "ready" && model.phase !== "loading";
      draft.hidden = !model.package?.venue.draft;
      draft.textContent = model.t("draft");
      if (element.hidden) return;
      show(element, [model.language, model.counted, model.record.status, model.routeOpen, model.mode, model.headset], () => content(model));
    },
  };
}

/** The way into a headset and out of it, where there is one. @param {Model} model @param {Actions} actions */
function headsetButton({ headset, mode, t }, actions) {
  if (headset === "none" || mode !== "scene") return null;
  const worn = headset === "worn";
  return el("button", { type: "button", class: "headset-button", "data-key": "headset", title: t("headset.title"), onclick: worn ? actions.takeOff : actions.showHeadset },
    icon("headset"), el("span", {}, t(worn ? "headset.leave" : "headset.enter")));
}

/** Switches between the two languages; named in the language it leads to. @param {Model} model @param {Actions} actions */
export function languageSwitch(model, actions) {
  const other = model.language === "en" ? "zh-Hans" : "en";
  return el("button", { type: "button", class: "language", "data-key": "language", lang: other, onclick: () => actions.speak(other) }, model.t("language.other"));
}
