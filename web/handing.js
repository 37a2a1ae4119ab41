/**
 * Handing the visit over to a headset or another device, and taking it back: one holds it at a time,
 * and this page says where it goes on.
 */

import { ApiError } from "./record/api.js";
import { Visit } from "./record/visit.js";
import { intend } from "./returning.js";

/** @import { Guide } from "./guide.js" */

/**
 * @typedef {object} Handover
 * @property {"asking" | "offered" | "failed"} phase
 * @property {string} [code] @property {string} [picture] SVG
 * @property {number} [headset] the headset that is about to take it
 */

/** How often it is asked whether somebody has taken it. */
const EVERY_MILLIS = 1500;

/** Offers the visit under a code, until it is taken or offered no more. @param {Guide} guide */
export async function offer(guide) {
  const { model, setting, visit } = guide;
  if (!visit?.recorded || model.passive) return;
  /** @type {Handover} */
  const handover = { phase: "asking" };
  model.handover = handover;
  setting.changed();
  try {
    if (!(await isSaved(guide))) throw new ApiError("UNREACHABLE", 0, 0, {});
    const { code, picture, expires, serverNow } = await setting.api.offer(visit.row, location.origin);
    if (model.handover !== handover) return void setting.api.withdraw(visit.row).catch(() => {});
    Object.assign(handover, { phase: "offered", code, picture });
    setting.changed();
    await watch(guide, handover, Date.now() + Date.parse(expires) - Date.parse(serverNow));
  } catch (cause) {
    if (!(cause instanceof ApiError)) throw cause;
    if (model.handover === handover) handover.phase = "failed";
    setting.changed();
  }
}

/** Sends what the server does not have yet, which would stay behind. @param {Guide} guide */
async function isSaved({ model, visit }) {
  for (let tries = 0; tries < 20 && model.record.status !== "saved"; tries += 1) {
    await visit?.flush();
    if (model.record.status === "offline") return false;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return model.record.status === "saved";
}

/** @param {Guide} guide @param {Handover} handover @param {number} until */
async function watch(guide, handover, until) {
  const { model, setting, visit } = guide;
  while (visit && model.handover === handover) {
    await new Promise((resolve) => setTimeout(resolve, EVERY_MILLIS));
    if (model.handover !== handover || model.passive) return;
    if (Date.now() > until) return void offer(guide);
    // A question that gets lost is asked again.
    const whither = await setting.api.whither(visit.row).catch(() => null);
    if (whither?.goesOn === "elsewhere") return void wentOn(guide, whither.headset);
    if (whither?.headset !== undefined) handover.headset = whither.headset;
    setting.changed();
  }
}

/** Offers the visit no more. @param {Guide} guide */
export async function keepHere({ model, setting, visit }) {
  const offered = model.handover?.phase === "offered";
  model.handover = null;
  if (offered && visit && !model.passive) await setting.api.withdraw(visit.row).catch(() => {});
}

/**
 * The visit goes on elsewhere: this page stops, and says where.
 * @param {Guide} guide @param {number} [headset]
 */
export async function wentOn(guide, headset) {
  const { model, setting, visit } = guide;
  if (model.passive || !visit) return;
  Object.assign(model, { passive: true, handover: null });
  model.record.status = "none";
  guide.takeOff();
  visit.stop();
  guide.app?.pause(true);
  setting.changed();
  const whither = await setting.api.whither(visit.row).catch(() => null);
  if (whither?.goesOn === "gone") return guide.notify({ id: "elsewhere", word: "handover.gone", lasting: true });
  const number = headset ?? whither?.headset;
  return guide.notify({
    id: "elsewhere",
    word: number === undefined ? "handover.elsewhere" : "handover.in-headset",
    values: { number: number ?? 0 },
    lasting: true,
    actions: [{ word: "handover.here", run: () => void takeBack(guide) }],
  });
}

/** @param {Guide} guide */
async function takeBack(guide) {
  const { model, setting, store, visit } = guide;
  if (!store || !visit) return;
  try {
    await Visit.adopt(store, setting.api, await setting.api.takeBack(visit.row));
    intend(model, { enter: true });
  } catch {
    // The page begins with the same question, and asks again.
    intend(model, {});
  }
}
