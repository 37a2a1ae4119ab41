// What runs inside the measured pages: nothing that they do not offer to anybody.

/** The names of the marks that are set in the page's own timeline. */
export const MARKS = { scene: "bench:scene", begin: "bench:begin", end: "bench:end" };

/**
 * Runs before everything else in either page. Both dispatch `ready`: our tour's element by its
 * public events, the viewer on the window. The first 3D frame is there when the next one begins.
 */
export function watch() {
  const arrived = () => requestAnimationFrame(() => {
    performance.mark("bench:scene");
    // @ts-expect-error The bench has put this function into the page.
    globalThis.benchScene();
  });
  addEventListener("ready", arrived, { once: true });
}

/**
 * Opens the door of our tour as soon as it is there: a visitor's time to find it is not ours to
 * measure. A timer looks for it, because an animation frame would make frames.
 */
export function openDoor() {
  const looking = setInterval(() => {
    const door = document.querySelector("xinghuo-tour")?.shadowRoot?.querySelector(".door .primary");
    if (!(door instanceof HTMLElement) || door.getAttribute("aria-disabled") === "true") return;
    clearInterval(looking);
    door.click();
  }, 10);
}

/**
 * Walks our tour from stop to stop by the element's public API; with `sampleMs`, tells how the eye
 * moved.
 * @param {{stops: string[], sampleMs: number}} walk
 * @returns {Promise<import("./poses.mjs").Pose[]>}
 */
export async function walkTour({ stops, sampleMs }) {
  const tour = /** @type {any} */ (document.querySelector("xinghuo-tour"));
  /** @type {import("./poses.mjs").Pose[]} */
  const poses = [];
  /** @type {unknown} */
  let last = null;
  const begun = performance.now();
  const sample = () => {
    const { view } = tour.state;
    if (!view || view === last) return;
    last = view;
    poses.push({ at: performance.now() - begun, position: view.position, yawDeg: view.yawDeg, pitchDeg: view.pitchDeg });
  };
  const sampling = sampleMs > 0 ? setInterval(sample, sampleMs) : 0;
  if (sampleMs > 0) sample();
  for (const stop of stops) {
    await new Promise((done) => {
      /** @param {Event} event */
      const entered = (event) => {
        if (/** @type {CustomEvent} */ (event).detail.stop !== stop) return;
        tour.removeEventListener("stop-entered", entered);
        done(undefined);
      };
      tour.addEventListener("stop-entered", entered);
      tour.goTo(stop);
    });
  }
  // The last view is told a moment later.
  if (sampleMs > 0) await new Promise((done) => setTimeout(done, 300));
  clearInterval(sampling);
  if (sampleMs > 0) sample();
  return poses;
}

/** Shows a recorded walk in the viewer. @param {import("./poses.mjs").Pose[]} poses */
export const walkViewer = (poses) => /** @type {any} */ (globalThis).viewer.walk(poses);
