/** Whether there is a headset, and putting it on and off. What drives it is fetched only where there is one. */

/** @import { Guide } from "./guide.js" */
/** @import { Comfort, Headset } from "./headset.js" */

const KEPT_AS = "xinghuo:comfort";

/** How far a turn by the stick goes, as one may choose. */
export const TURNS = [30, 45];

/** @type {Comfort} */
const USUAL = { seated: false, turnDeg: 30, glide: false };

/** Looks for a headset, now and whenever one is plugged in. @param {Guide} guide */
export async function lookForHeadset(guide) {
  const { xr } = navigator;
  if (!xr) return;
  const look = async () => {
    const there = await xr.isSessionSupported("immersive-vr").catch(() => false);
    const { model } = guide;
    if (there) guide.headset ??= await load(guide);
    if (model.headset !== "worn") model.headset = there && guide.headset ? "there" : "none";
    guide.setting.changed();
  };
  xr.addEventListener("devicechange", () => void look());
  await look();
}

/** @param {Guide} guide @returns {Promise<Headset | null>} */
async function load(guide) {
  try {
    const { Headset } = await import("./headset.js");
    return new Headset(guide.setting.canvas, () => takenOff(guide));
  } catch (cause) {
    console.warn("the headset's part was not fetched:", cause);
    return null;
  }
}

/**
 * Has the canvas drawn by what also drives the headset: a machine may have two graphics processors,
 * and moving to the other one later costs everything that was drawn.
 * @param {HTMLCanvasElement} canvas
 */
export function prepareCanvas(canvas) {
  canvas.getContext("webgl2", { antialias: false, xrCompatible: true });
}

/** @param {Guide} guide @param {Comfort} comfort */
export async function putOn(guide, comfort) {
  const { app, headset, model } = guide;
  if (!app || !headset || model.headset !== "there" || model.mode !== "scene" || model.passive) return;
  keepComfort(comfort);
  guide.dismiss("headset");
  model.headset = "worn";
  guide.setting.changed();
  // Whatever lies over the page does not lie over what the headset shows.
  guide.cover(guide.covered);
  try {
    await headset.enter(app, comfort);
  } catch (cause) {
    console.warn("the headset was not put on:", cause);
    takenOff(guide);
    guide.notify({ id: "headset", word: "headset.failed" });
  }
}

/** @param {Guide} guide */
function takenOff(guide) {
  const { model, setting } = guide;
  if (model.headset === "worn") model.headset = "there";
  guide.cover(guide.covered);
  setting.canvas.focus({ preventScroll: true });
  setting.changed();
}

/** What suited the visitor last time. @returns {Comfort} */
export function keptComfort() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT_AS) ?? "{}");
    return {
      seated: kept.seated === true,
      turnDeg: TURNS.find((turn) => turn === kept.turnDeg) ?? USUAL.turnDeg,
      glide: kept.glide === true,
    };
  } catch {
    return USUAL;
  }
}

/** @param {Comfort} comfort */
function keepComfort(comfort) {
  try {
    localStorage.setItem(KEPT_AS, JSON.stringify(comfort));
  } catch {
    // A browser that keeps nothing asks again next time.
  }
}
