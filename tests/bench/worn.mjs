// What runs inside the measured pages while an emulated headset is worn there.

/**
 * @typedef {object} Worn what has been measured of one session
 * @property {number} enterMs from the asking for a session to the end of its first frame
 * @property {number[]} frames how long each frame held the main thread, milliseconds
 * @property {number} draws for the frame that took most
 */

/**
 * Runs before everything else: the emulator's headset, and a clock around each of its frames. The
 * head turns once round in `turns` frames, the first few of which are not counted.
 * @param {{turns: number, skipped: number}} how
 */
export function wearable({ turns, skipped }) {
  const { IWER } = /** @type {any} */ (globalThis);
  const device = new IWER.XRDevice(IWER.metaQuest3, { stereoEnabled: true, visibilityMask: null });
  for (const controller of Object.values(device.controllers)) /** @type {any} */ (controller).connected = false;
  device.installRuntime({ forceInstall: true });
  device.position.set(0, 1.6, 0);

  let draws = 0;
  const gl = /** @type {any} */ (WebGL2RenderingContext.prototype);
  for (const name of ["drawArrays", "drawElements", "drawArraysInstanced", "drawElementsInstanced"]) {
    const native = gl[name];
    gl[name] = function (/** @type {unknown[]} */ ...given) {
      draws += 1;
      return native.apply(this, given);
    };
  }

  /** @type {Worn & {done: Promise<void>}} */
  const worn = { enterMs: NaN, frames: [], draws: 0, done: Promise.resolve() };
  /** @type {(value: void) => void} */
  let finish = () => {};
  worn.done = new Promise((done) => (finish = done));
  let asked = NaN;
  const xr = /** @type {any} */ (navigator).xr;
  const { requestSession } = xr;
  xr.requestSession = function (/** @type {any[]} */ ...given) {
    asked = performance.now();
    return requestSession.apply(xr, given);
  };
  let count = 0;
  const session = /** @type {any} */ (globalThis).XRSession.prototype;
  const ask = session.requestAnimationFrame;
  session.requestAnimationFrame = function (/** @type {(time: number, frame: unknown) => void} */ callback) {
    return ask.call(this, (/** @type {number} */ time, /** @type {unknown} */ frame) => {
      const before = draws;
      const begun = performance.now();
      callback(time, frame);
      const ended = performance.now();
      if (Number.isNaN(worn.enterMs)) worn.enterMs = ended - asked;
      count += 1;
      if (count > skipped && count <= skipped + turns) {
        worn.frames.push(ended - begun);
        worn.draws = Math.max(worn.draws, draws - before);
      }
      if (count > skipped + turns) finish();
      const half = (Math.PI * count) / turns;
      device.quaternion.set(0, Math.sin(half), 0, Math.cos(half));
    });
  };
  Object.assign(globalThis, { worn });
}

/** What has been measured, once the head has been all round. @returns {Promise<Worn>} */
export async function measured() {
  const { worn } = /** @type {any} */ (globalThis);
  await worn.done;
  return { enterMs: worn.enterMs, frames: worn.frames, draws: worn.draws };
}

/** Puts the headset on in our tour, by its own buttons. */
export async function wearTour() {
  const root = document.querySelector("xinghuo-tour")?.shadowRoot;
  const press = async (/** @type {string} */ what) => {
    for (;;) {
      const button = root?.querySelector(what);
      if (button instanceof HTMLElement) return button.click();
      await new Promise((done) => setTimeout(done, 50));
    }
  };
  await press(".topbar [data-key=headset]");
  await press("dialog.headset [data-key=put-on]");
}

/** And in the viewer. */
export const wearViewer = () => /** @type {any} */ (globalThis).viewer.wear();
