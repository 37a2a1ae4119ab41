/** The route: every stop in order, what is there and what is missing. A rail on desktops, a sheet on phones. */

import { el, icon, show } from "../dom.js";
import { routeByRoom } from "./rooms.js";

/** @import { Actions, Model } from "../model.js" */

/** @param {Actions} actions */
export function createRoute(actions) {
  const head = el("div", { class: "route-head" });
  const list = el("ol", { class: "route-list" });
  const foot = el("div", { class: "route-foot" });
  const element = el("nav", { class: "route paper" }, head, list, foot);
  /** Each stop's item, and what it says. @type {Map<string, {item: HTMLLIElement, said: string}>} */
  const items = new Map();
  /** What the items were last looked through for. @type {unknown[]} */
  let looked = [];
  /** Whether it has been opened: before that, stops are numbers, and thousands of them need no words. */
  let wasOpen = false;

  /** What is pressed to get to a stop. @param {Model} model @param {string} id @param {number} index */
  function stopButton(model, id, index) {
    const state = model.progressOf(id);
    const here = model.stop === id;
    return el("button", {
      type: "button",
      class: `route-stop${state?.done ? " done" : ""}${here ? " here" : ""}`,
      "data-key": `stop-${id}`,
      "data-stop": id,
      "aria-current": here ? "location" : null,
      title: model.text(`stop.${id}.title`),
      onclick: () => actions.goTo(id),
    },
      el("span", { class: "number", "aria-hidden": "true" }, state?.done ? icon("done") : index + 1),
      wasOpen && words(model, id));
  }

  /** What a stop is called and asks for. @param {Model} model @param {string} id */
  function words(model, id) {
    const { t } = model;
    const missing = model.missingBefore(id);
    return el("span", { class: "route-words" },
      el("span", { class: "route-name" }, model.text(`stop.${id}.title`),
        !model.stopOf(id)?.required && el("span", { class: "soft" }, t("route.optional"))),
      el("span", { class: "evidence" }, evidence(model, id)),
      missing.length > 0 && el("span", { class: "soft" }, icon("lock"),
        t("route.locked", { stops: missing.map((one) => model.text(`stop.${one}.title`)).join(t("list.comma")) })));
  }

  /**
   * Makes anew what says something else now: of thousands of stops, mostly one or two. The items
   * stay: where a list gets other ones, the browser styles all that there are.
   * @param {Model} model
   */
  function renew(model) {
    const now = [model.progress?.stops, model.stop];
    if (now.every((part, n) => part === looked[n])) return;
    const moved = looked[1] !== model.stop;
    looked = now;
    for (const [index, { id }] of model.stops.entries()) {
      const known = items.get(id);
      const said = saidOf(model, id);
      if (!known || known.said === said) continue;
      const root = /** @type {Document | ShadowRoot} */ (element.getRootNode());
      const focused = known.item.contains(root.activeElement);
      const button = stopButton(model, id, index);
      known.item.replaceChildren(button);
      known.said = said;
      if (focused) button.focus({ preventScroll: true });
    }
    if (moved) items.get(model.stop ?? "")?.item.scrollIntoView({ block: "nearest" });
  }

  return {
    element,
    /** @param {Model} model */
    update(model) {
      element.hidden = model.phase !== "ready" || model.mode === "text";
      if (element.hidden) return;
      const { t } = model;
      element.classList.toggle("is-open", model.routeOpen);
      element.setAttribute("aria-label", t("route.title"));
      show(head, [model.language], () => [
        el("h2", {}, t("route.title")),
        el("button", { type: "button", class: "square", "data-key": "close", "aria-label": t("close"), onclick: () => actions.showRoute(false) }, icon("close")),
      ]);
      wasOpen ||= model.routeOpen;
      const rebuilt = show(list, [model.language, model.package?.base, model.room, wasOpen], () => routeByRoom(model, (id, index) => {
        const item = el("li", {}, stopButton(model, id, index));
        items.set(id, { item, said: saidOf(model, id) });
        return item;
      }, actions.goInto));
      if (rebuilt) looked = [];
      renew(model);
      show(foot, [model.language, model.record.status, model.canHandOver], () => [
        el("p", { class: "record soft" }, icon(`record-${model.record.status}`), t(`record.${model.record.status}`)),
        el("button", { type: "button", class: "wide", "data-key": "summary", onclick: actions.summary }, t("summary.open")),
        model.canHandOver && el("button", { type: "button", class: "wide", "data-key": "hand-over", onclick: actions.handOver }, icon("headset"), t("handover.offer")),
      ]);
    },
    focus() {
      const here = element.querySelector(".here") ?? element.querySelector(".route-stop");
      if (here instanceof HTMLElement) here.focus();
    },
  };
}

/** What an item says of a stop, as one text. @param {Model} model @param {string} id */
function saidOf(model, id) {
  const state = model.progressOf(id);
  return `${model.stop === id}${state?.done}${state?.evidence.join()}/${model.missingBefore(id).join()}`;
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
