// The two that are compared, each with how one gets in and walks.

import { openDoor, walkTour, walkViewer } from "./in-page.mjs";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {import("./poses.mjs").Pose} Pose */
/** @typedef {import("./venues.mjs").Scene} Scene */

/**
 * @typedef {object} Subject
 * @property {"tour" | "three"} name
 * @property {(scene: Scene) => string} path its page
 * @property {(() => void) | null} before runs in the page before everything else
 * @property {(page: Page, scene: Scene) => Promise<void>} settle what a visitor does once before walking
 * @property {(page: Page, scene: Scene, poses: Pose[]) => Promise<unknown>} walk
 * @property {(scene: Scene) => number} restMs until nothing that the walk has begun is still going on
 */

/** @type {Subject} */
export const TOUR = {
  name: "tour",
  path: ({ venue }) => `/?venue=${venue}&lang=en&mode=scene`,
  before: openDoor,
  async settle(page, { enter }) {
    await page.locator("dialog.help .primary").click();
    if (enter) await page.evaluate(walkTour, { stops: [enter], sampleMs: 0 });
  },
  walk: (page, { walk }) => page.evaluate(walkTour, { stops: walk, sampleMs: 0 }),
  // Looking at an artifact becomes evidence after some seconds, which is sent and shown.
  restMs: ({ restMs }) => restMs,
};

/** @type {Subject} */
export const THREE = {
  name: "three",
  path: ({ id }) => `/three/${id}/`,
  before: null,
  settle: async () => {},
  walk: (page, _, poses) => page.evaluate(walkViewer, poses),
  restMs: () => 1000,
};

/** How often our tour is asked where its eye is; it tells ten times a second. */
const SAMPLE_MS = 50;

/** Records a walk of our tour. @param {Page} page @param {Scene} scene @returns {Promise<Pose[]>} */
export const record = (page, { walk }) => page.evaluate(walkTour, { stops: walk, sampleMs: SAMPLE_MS });
