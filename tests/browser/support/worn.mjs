// A visitor with a headset at hand, and what tests of all kinds do with one.

import { headsetScripts, looking, Wearer } from "./headset.mjs";
import { stage } from "./stage.mjs";
import { Visitor } from "./visitor.mjs";

/** Small, because a processor draws it. */
export const SCREEN = { viewport: { width: 960, height: 480 } };
export const FRAMEBUFFER = { width: 600, height: 300 };
/** And smaller, where nobody looks at pictures and the way is long. */
export const SMALL = { width: 300, height: 150 };
/** With `XINGHUO_LONG=1` whole tours are made within the headset: a processor that draws takes minutes for one. */
export const LONG = Boolean(process.env.XINGHUO_LONG);

/**
 * A visitor who has come in, with a headset at hand.
 * @param {import("node:test").TestContext} t
 * @param {Parameters<typeof headsetScripts>[0]} [how]
 * @param {{framebuffer?: {width: number, height: number}, expected?: RegExp[], scripts?: string[]}} [more]
 */
export async function wearing(t, how = {}, { framebuffer, expected = [], scripts = [] } = {}) {
  const { server, page, tickets } = await stage(t, { screen: SCREEN, scripts: [...scripts, ...headsetScripts(how)], expected });
  const visitor = new Visitor(page, server.origin);
  await visitor.open();
  await visitor.enter();
  return { server, page, tickets, visitor, wearer: new Wearer(visitor, framebuffer) };
}

/** How far apart two places are over the floor. @param {number[]} a @param {number[]} b */
export const away = (a, b) => Math.hypot(a[0] - b[0], a[2] - b[2]);

/** How far one compass is to the left of another, −180 to 180 degrees. @param {number} from @param {number} to */
export const leftOf = (from, to) => ((((to - from) % 360) + 540) % 360) - 180;

/** How many errors of WebGL anybody has found until now. @param {import("playwright-core").Page} page */
export const glErrors = (page) => page.evaluate(() => {
  watch.gl.getError();
  return watch.faults;
});

/** Where a head that is held still is in the room, and where it looks. @param {Wearer} worn @returns {Promise<any>} */
export async function sees(worn) {
  await worn.heard();
  return (await worn.visitor.state()).view;
}

/** Leads the visitor to a stop, as a page that the tour is in can. @param {Visitor} visitor @param {string} stop */
export async function lead(visitor, stop) {
  await visitor.page.evaluate((id) => document.querySelector("xinghuo-tour").goTo(id), stop);
  await visitor.until((state, id) => state.stop === id, stop);
}

/** Turns the head to eight sides, at several heights. @param {Wearer} worn @param {number[]} pitches @param {() => Promise<any>} then what ends it, if it gives something */
export async function lookRound(worn, pitches, then) {
  for (const pitch of pitches) {
    for (let turn = 0; turn < 8; turn += 1) {
      const angle = (turn * Math.PI) / 4;
      await worn.moveHead({ rotation: looking([Math.sin(angle), pitch, -Math.cos(angle)]) });
      const found = await then();
      if (found) return found;
    }
  }
  return undefined;
}

/** Looks all round until something is seen. @param {Wearer} worn @param {Visitor} visitor @param {(state: any) => any} find */
export async function findInView(worn, visitor, find) {
  const found = await lookRound(worn, [0, -0.4, -1.2, 0.3], async () => {
    await worn.heard();
    return find(await visitor.state());
  });
  if (!found) throw new Error("it is nowhere in view");
  return found;
}

/** The artifact of a stop, where it is in view. @param {Visitor} visitor @param {string} stop */
export function artifactOf(visitor, stop) {
  const { artifact } = visitor.venue.stops.find((one) => one.id === stop);
  const on = (at) => at > 0 && at < 1000;
  return ({ view }) => view.artifacts.find((one) => one.artifact === artifact.id && on(one.x) && on(one.y));
}

/** The lantern of another stop, where it is in view. */
export const anotherLantern = ({ view, stop }) => view.markers.find((one) => one.visible && one.stop !== stop);

/** Looks straight at what is in view. @param {Wearer} worn @param {{x: number, y: number}} seen */
export async function lookAt(worn, seen) {
  const { position } = await worn.head();
  const there = await worn.placeOf(seen);
  await worn.moveHead({ rotation: looking(there.map((one, i) => one - position[i])) });
}

/** What the headset says of how its wearer sees it, and nothing is as it says before. @param {Wearer} worn @param {"visible" | "visible-blurred" | "hidden"} state */
export async function shows(worn, state) {
  await worn.page.evaluate((is) => watch.device.updateVisibilityState(is), state);
  await worn.page.waitForFunction((is) => watch.device.activeSession.visibilityState === is, state);
}
