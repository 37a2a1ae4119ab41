/** The route of a venue with several rooms: which stops are in which, and the way there. */

import { el } from "../dom.js";

/** @import { Model } from "../model.js" */

/**
 * The items of the route; under the names of their rooms, if there is more than one.
 * @param {Model} model
 * @param {(id: string, index: number) => HTMLLIElement} item
 * @param {((room: string) => void) | null} goInto
 */
export function routeByRoom(model, item, goInto) {
  if (Object.keys(model.package?.venue.rooms ?? {}).length < 2) return model.stops.map(({ id }, index) => item(id, index));
  return model.stretches.map(({ room, stops }) => {
    const here = model.room === room;
    const name = model.text(`room.${room}.title`);
    return el("li", { class: `route-room${here ? " is-here" : ""}`, "data-room": room },
      el("div", { class: "room-head" },
        el("h3", {}, name),
        here && el("span", { class: "soft" }, model.t("route.room-here")),
        !here && goInto && el("button", { type: "button", "data-key": `room-${room}`, onclick: () => goInto(room) },
          model.t("route.go-into"), el("span", { class: "unseen" }, model.t("list.colon"), name))),
      el("ol", {}, stops.map(({ id, index }) => item(id, index))));
  });
}
