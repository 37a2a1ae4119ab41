/** The route: every stop in order, what is there and what is missing. A rail on desktops, a sheet on phones. */

import { el, icon, show } from "../dom.js";
import { routeByRoom } from "./rooms.js";

/** @import { Actions, Model } from "../model.js" */

/** @param {Actions} actions */
export function createRoute(actions) {
  const element = el("nav", { class: "route paper" });

  /** @param {Model} model */
  function content(model) {
    const { t } = model;
    return [
      el("div", { class: "route-head" },
        el("h2", {}, t("route.title")),
        el("button", { type: "button", class: "square", "data-key": "close", "aria-label": t("close"), onclick: () => actions.showRoute(false) }, icon("close"))),
      el("ol", { class: "route-list" }, routeByRoom(model, (id, index) => stopItem(model, id, index), actions.goInto)),
      el("div", { class: "route-foot" },
        el("p", { class: "record soft" }, icon(`record-${model.record.status}`), t(`record.${model.record.status}`)),
        el("button", { type: "button", class: "wide", "data-key": "summary", onclick: actions.summary }, t("summary.open"))),
    ];
  }

  /** @param {Model} model @param {string} id @param {number} index */
  function stopItem(model, id, index) {
    const { t } = model;
    const state = model.progressOf(id);
    const here = model.stop === id;
    const missing = model.missingBefore(id);
    return el("li", {},
      el("button", {
        type: "button",
        class: `route-stop${state?.done ? " done" : ""}${here ? " here" : ""}`,
        "data-key": `stop-${id}`,
        "data-stop": id,
        "aria-current": here ? "location" : null,
        title: model.text(`stop.${id}.title`),
        onclick: () => actions.goTo(id),
      },
        el("span", { class: "number", "aria-hidden": "true" }, state?.done ? icon("done") : index + 1),
        el("span", { class: "route-words" },
          el("span", { class: "route-name" }, model.text(`stop.${id}.title`),
            !model.stopOf(id)?.required && el("span", { class: "soft" }, t("route.optional"))),
          el("span", { class: "evidence" }, evidence(model, id)),
          missing.length > 0 && el("span", { class: "soft" }, icon("lock"),
            t("route.locked", { stops: missing.map((one) => model.text(`stop.${one}.title`)).join(t("list.comma")) })))));
  }

  return {
    element,
    /** @param {Model} model */
    update(model) {
      element.hidden = model.phase !== "ready" || model.mode === "text";
      if (element.hidden) return;
      element.classList.toggle("is-open", model.routeOpen);
      element.setAttribute("aria-label", model.t("route.title"));
      const rebuilt = show(element, [model.language, model.progress?.stops, model.room, model.stop, model.record.status], () => content(model));
      if (rebuilt) element.querySelector(".here")?.scrollIntoView({ block: "nearest" });
    },
    focus() {
      const here = element.querySelector(".here") ?? element.querySelector(".route-stop");
      if (here instanceof HTMLElement) here.focus();
    },
  };
}

/** What a stop asks for, with what is there marked. @param {Model} model @param {string} id */
export function evidence(model, id) {
  const state = model.progressOf(id);
  const needed = state?.needed ?? model.stopOf(id)?.evidence ?? [];
  if (state?.done) return [el("span", { class: "has" }, model.t("route.done"))];
  return needed.map((kind) => {
    const there = state?.evidence.includes(kind) ?? false;
    return el("span", { class: there ? "has" : "lacks" },
      icon(there ? "done" : "open"),
      model.t(`evidence.${kind}`),
      el("span", { class: "unseen" }, model.t(there ? "evidence.there" : "evidence.missing")));
  });
}
