/** Whether there is a headset, and putting it on and off. What drives it is fetched only where there is one. */

import { spare } from "./sparing.js";

/** @import { Guide } from "./guide.js" */
/** @import { Comfort, Headset } from "./headset.js" */
/** @import { App, Message } from "./messages.js" */
/** @typedef {typeof import("./speaking.js")} Speaking */

const KEPT_AS = "xinghuo:comfort";

/** How far a turn by the stick goes, as one may choose; 0 turns for as long as it is pushed. */
export const TURNS = [30, 45, 0];
/** By how much one can be raised or lowered, metres. */
const RAISE_MOST = 0.6;

/** @type {Comfort} */
const USUAL = { seated: false, turnDeg: 30, glide: false, raiseM: 0, leftHanded: false, pulses: true };

/** What there is while nothing is worn. @type {"none" | "there"} */
let without = "none";

/** Looks for a headset, now and whenever one is plugged in. @param {Guide} guide */
export async function lookForHeadset(guide) {
  const { xr } = navigator;
  if (!xr) return;
  const look = async () => {
    /** @param {XRSessionMode} mode */
    const can = (mode) => xr.isSessionSupported(mode).catch(() => false);
    const [vr, ar] = await Promise.all([can("immersive-vr"), can("immersive-ar")]);
    const { model } = guide;
    if (vr || ar) guide.headset ??= await load(guide);
    // A phone shows one's own table and may have no headset.
    model.brings = ar && guide.headset !== null;
    without = vr && guide.headset ? "there" : "none";
    if (model.headset !== "worn") model.headset = without;
    guide.setting.changed();
    rehearse(guide);
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
 * Whether this browser can draw the scene at all. The context is the one that the scene is drawn
 * with: to make one takes a while, and a second one as long again. Where there is a headset, it is
 * drawn by what also drives that: a machine may have two graphics processors, and moving to the
 * other one later costs everything that was drawn.
 * @param {HTMLCanvasElement} canvas @param {boolean} headset
 */
export function canDraw(canvas, headset) {
  const wanted = { antialias: false, depth: false, powerPreference: "high-performance", xrCompatible: headset };
  const gl = /** @type {WebGL2RenderingContext | null} */ (canvas.getContext("webgl2", wanted));
  if (gl) spare(gl);
  return gl !== null;
}

/**
 * @param {Guide} guide @param {Comfort} comfort
 * @param {string | null} [thing] the stop whose artifact is put on the visitor's own table
 */
export async function putOn(guide, comfort, thing = null) {
  const { app, headset, model, setting } = guide;
  if (!app || !headset || model.mode !== "scene" || model.passive) return;
  if (thing === null ? model.headset !== "there" : !model.brings || model.headset === "worn") return;
  keepComfort(comfort);
  model.headset = "worn";
  // Whatever lies over the page does not lie over what the headset shows.
  guide.cover(guide.covered);
  // Until the first frame is shown the page stays as it is: nobody sees it, and to lay it out anew would
  // only hold that frame up. Who puts something on a table may see both.
  if (thing !== null) guide.over("headset");
  try {
    const worn = headset.enter(app, comfort, thing, setting.show.overlay());
    // Who holds a phone reads on the page.
    if (thing === null) void speakUp(guide);
    await worn;
    if (thing === null) {
      await headset.shown;
      guide.over("headset");
    }
    if (thing !== null && headset.isHeld) model.brought = { stop: thing, lies: false };
    else if (thing !== null) void speakUp(guide);
    setting.changed();
  } catch (cause) {
    console.warn("the headset was not put on:", cause);
    guide.over("headset");
    takenOff(guide);
    guide.notify({ id: "headset", word: "headset.failed" });
  }
}

/** What speaks in the headset, once it and its letters have been fetched, and in which module. @type {{speaking: Speaking, app: App} | null} */
let voice = null;
/** It is being fetched. @type {Promise<unknown> | null} */
let fetching = null;
/** Whether something else would be said now than was told last. */
let stale = true;
/** What was said then of an answer that is not marked. */
let unmarkedThen = "";

/**
 * Has the module say everything once while nobody hears it, as soon as there is time: what a headset
 * does first it has done before, and whoever puts it on does not wait.
 * @param {Guide} guide
 */
export function rehearse(guide) {
  const { model } = guide;
  const can = () => model.phase === "ready" && model.mode === "scene" && model.headset === "there" && !model.passive;
  if (!can()) return;
  whenIdle(() => void (can() && speak(guide)));
}

/** @param {() => void} then */
function whenIdle(then) {
  if ("requestIdleCallback" in window) requestIdleCallback(then, { timeout: 5000 });
  else setTimeout(then, 1000);
}

/** Has the module say what is said on the page now. @param {Guide} guide */
async function speakUp(guide) {
  await speak(guide);
  const { model } = guide;
  if (stale || model.notices.length > 0 || voice?.speaking.unmarked(model) !== unmarkedThen) tell(guide);
}

/** Fetches what speaks and its letters, unless the module has them, and has it speak. @param {Guide} guide */
async function speak(guide) {
  const { app } = guide;
  if (!app || voice?.app === app) return;
  fetching ??= fetchVoice(guide, app).finally(() => (fetching = null));
  await fetching;
}

/** @param {Guide} guide @param {App} app */
async function fetchVoice(guide, app) {
  try {
    const speaking = await import("./speaking.js");
    const font = await speaking.letters(guide.model);
    if (!font) return console.info("the package has no letters for a headset");
    if (guide.app !== app) return undefined;
    app.headset_font(font);
    voice = { speaking, app };
    return tell(guide);
  } catch (cause) {
    return console.warn("there are no words in the headset:", cause);
  }
}

/** @param {Guide} guide */
function tell({ app, model }) {
  if (!voice || voice.app !== app) return;
  app.headset_words(JSON.stringify(voice.speaking.said(model)));
  [stale, unmarkedThen] = [false, voice.speaking.unmarked(model)];
}

/** What is said is another thing: whoever wears a headset is told, others when they put it on. @param {Guide} guide */
export function tellWords(guide) {
  stale = true;
  if (guide.model.headset === "worn") tell(guide);
}

/** Tells it anew when what has happened is another thing. @param {Guide} guide */
export function tellNotices(guide) {
  const { notices, headset } = guide.model;
  const now = headset === "worn" ? notices : [];
  if (now.length === told.length && now.every((notice, i) => notice === told[i])) return;
  told = now;
  tellWords(guide);
}

/** What was told last of what has happened. @type {readonly import("./model.js").Notice[]} */
let told = [];

/**
 * Does what was asked for in the headset.
 * @param {Guide} guide @param {Message & {type: "speak" | "comfort" | "pulse" | "noticed" | "take-off"}} wish
 */
export function hearWish(guide, wish) {
  if (wish.type === "speak") void guide.speak(wish.language);
  else if (wish.type === "take-off") guide.takeOff();
  else if (wish.type === "pulse") guide.headset?.pulse(wish.side, wish.strength, wish.millis);
  else if (wish.type === "noticed") answerNotice(guide, wish.notice, wish.action);
  else {
    const { type: _, ...comfort } = wish;
    keepComfort(comfort);
  }
}

/** @param {Guide} guide @param {string} id @param {string | null} word */
function answerNotice(guide, id, word) {
  const notice = guide.model.notices.find((one) => one.id === id);
  const action = notice?.actions?.find((one) => one.word === word);
  if (action) action.run();
  if (notice && !notice.lasting) guide.dismiss(id);
}

/** @param {Guide} guide */
function takenOff(guide) {
  const { model, setting } = guide;
  if (model.headset === "worn") model.headset = without;
  model.brought = null;
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
      raiseM: Number.isFinite(kept.raiseM) ? Math.max(-RAISE_MOST, Math.min(RAISE_MOST, kept.raiseM)) : USUAL.raiseM,
      leftHanded: kept.leftHanded === true,
      pulses: kept.pulses !== false,
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
