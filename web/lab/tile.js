/** A headset as it is seen from the back row: its number, what it is about, how far it has come. */

import { el, icon } from "../dom.js";

/** @import { Words } from "../words.js" */

/**
 * @typedef {{seq: number, completion: number, completed: boolean, passed: boolean, failed: boolean, settled: number, of: number}} Record
 * @typedef {{number: number, state: "waiting" | "offered" | "visiting" | "leaving", silentSince?: string, stop?: string, room?: string, record?: Record}} Headset
 * @typedef {{t: Words, texts: {[key: string]: string}, now: number}} Seen what a headset is told by, and the server's time
 */

/** For how many whole minutes nothing was heard of it: most likely it lies on a table. @param {Headset} headset @param {number} now */
export function silentMinutes({ silentSince }, now) {
  return silentSince ? Math.max(1, Math.floor((now - Date.parse(silentSince)) / 60_000)) : 0;
}

/** What it is about, as one word for the style and one for people. @param {Headset} headset */
export function stateOf({ state, record }) {
  if (state !== "visiting" || !record) return state;
  if (record.completed && record.passed) return "passed";
  if (record.completed && record.failed) return "failed";
  if (record.completed) return "done";
  return record.seq === 0 ? "begun" : "visiting";
}

/** Where its visitor is. @param {Headset} headset @param {{[key: string]: string}} texts */
export function placeOf({ stop, room }, texts) {
  if (stop) return texts[`stop.${stop}.title`] ?? stop;
  return room ? (texts[`room.${room}.title`] ?? room) : "";
}

/** @param {Headset} headset */
export const percentOf = ({ record }) => Math.round((record?.completion ?? 0) * 100);

/** Everything that a tile says, to know whether it has to be made anew. @param {Headset} headset @param {Seen} seen */
export function saidOf(headset, { now }) {
  const minutes = silentMinutes(headset, now);
  const { record } = headset;
  return [headset.number, stateOf(headset), headset.stop, headset.room, percentOf(headset), record?.settled, record?.of, minutes];
}

/** @param {Headset} headset @param {Seen} seen @param {() => void} choose */
export function tile(headset, { t, texts, now }, choose) {
  const state = stateOf(headset);
  const minutes = silentMinutes(headset, now);
  const away = minutes > 0;
  const words = away ? t("state.away", { minutes }) : t(`state.${state}`);
  const place = placeOf(headset, texts);
  const percent = percentOf(headset);
  const { record } = headset;
  return el("button", { type: "button", class: `tile is-${state}${away ? " is-away" : ""}`, "data-key": `tile-${headset.number}`, onclick: choose },
    el("span", { class: "tile-number" }, el("span", { class: "unseen" }, t("tile.headset")), headset.number),
    el("span", { class: "tile-state" }, mark(state, away), words),
    el("span", { class: "tile-place" }, place),
    el("span", { class: "tile-foot" },
      record && el("progress", { max: 100, value: percent, "aria-hidden": "true" }),
      record && el("span", { class: "unseen" }, t("tile.percent", { percent })),
      record && record.of > 0 && el("span", { class: "tile-questions" }, t("tile.questions", { settled: record.settled, of: record.of }))));
}

/** @param {string} state @param {boolean} away */
function mark(state, away) {
  if (away) return icon("record-offline");
  const icons = { waiting: "open", offered: "wait", begun: "wait", visiting: "headset", leaving: "record-saving", done: "done", passed: "done", failed: "back" };
  return icon(/** @type {{[state: string]: string}} */ (icons)[state] ?? "open");
}
