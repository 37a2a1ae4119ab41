/** The tour as a page to be read: the same stops, the same questions, the same record, without a scene. */

import { el, icon, show } from "../dom.js";
import { createCheckpoint } from "./checkpoint.js";
import { routeByRoom } from "./rooms.js";
import { evidence } from "./route.js";
import { createStory } from "./story.js";

/** @import { Actions, Model } from "../model.js" */

/** @param {Actions} actions */
export function createTextWalk(actions) {
  const story = createStory(actions, { inText: true });
  const checkpoint = createCheckpoint(actions);
  const list = el("nav", { class: "text-route" });
  const head = el("header", { class: "text-head" });
  const question = el("section", { class: "text-question" });
  const questionTitle = el("h3", {});
  question.append(questionTitle, checkpoint.element);
  const onward = el("div", { class: "buttons" });
  const article = el("article", { class: "text-stop", hidden: true }, head, story.element, question, onward);
  const welcome = el("p", { class: "text-welcome" });
  const page = el("div", { class: "text-page" }, list, el("main", {}, welcome, article));
  const element = el("div", { class: "textwalk", "data-scroller": "", tabIndex: 0, role: "group", hidden: true }, page);
  let shown = "";

  /** @param {Model} model */
  const route = (model) => [
    el("h2", {}, model.t("route.title")),
    el("ol", { class: "route-list" }, routeByRoom(model, (id, index) => {
      const done = model.progressOf(id)?.done;
      return el("li", {},
        el("button", { type: "button", class: `route-stop${done ? " done" : ""}${model.stop === id ? " here" : ""}`, "data-key": `stop-${id}`, "data-stop": id, "aria-current": model.stop === id ? "location" : null, onclick: () => actions.goTo(id) },
          el("span", { class: "number", "aria-hidden": "true" }, done ? icon("done") : index + 1),
          el("span", { class: "route-words" },
            el("span", { class: "route-name" }, model.text(`stop.${id}.title`)),
            el("span", { class: "evidence" }, evidence(model, id)))));
    }, null)),
  ];

  /** @param {Model} model @param {string} id */
  const heading = (model, id) => {
    const picture = model.stopOf(id)?.picture;
    const number = model.stops.findIndex((stop) => stop.id === id) + 1;
    return [
      picture && el("img", { src: model.package?.address(picture), alt: model.optional(`stop.${id}.pictureAlt`), loading: "lazy", width: 960, height: 600 }),
      el("p", { class: "eyebrow" }, model.t("card.number", { number, of: model.stops.length })),
      el("h2", { tabIndex: -1, "data-key": "title" }, model.text(`stop.${id}.title`)),
      el("p", { class: "lead" }, model.text(`stop.${id}.lead`)),
    ];
  };

  return {
    element,
    focusStory() {
      story.element.scrollIntoView({ block: "start" });
      story.element.querySelector("h3")?.focus({ preventScroll: true });
    },
    focusRoute() {
      const here = list.querySelector(".here") ?? list.querySelector(".route-stop");
      if (here instanceof HTMLElement) here.focus();
    },
    /** @param {Model} model */
    update(model) {
      element.hidden = model.phase !== "ready" || model.mode !== "text";
      if (element.hidden) return;
      element.setAttribute("aria-label", model.t("text.label"));
      list.setAttribute("aria-label", model.t("route.title"));
      show(list, [model.language, model.progress?.stops, model.room, model.stop], () => route(model));
      const id = model.stop;
      welcome.hidden = id !== null;
      welcome.textContent = model.t("text.welcome");
      article.hidden = id === null;
      if (id === null) return;
      show(head, [model.language, id], () => heading(model, id));
      story.update(model, id);
      question.hidden = !model.stopOf(id)?.checkpoint;
      questionTitle.textContent = model.t("card.question");
      checkpoint.update(model, id);
      const next = model.nextStop(id);
      show(onward, [model.language, id, next, model.progressOf(id)?.done], () => [
        next && el("button", { type: "button", class: model.progressOf(id)?.done ? "primary" : "", onclick: () => actions.next(id) }, model.t("card.next")),
        model.finished && el("button", { type: "button", class: "primary", onclick: actions.summary }, model.t("summary.open")),
      ]);
      if (shown !== id) {
        shown = id;
        article.scrollIntoView({ block: "start" });
        head.querySelector("h2")?.focus({ preventScroll: true });
      }
    },
  };
}
