// One subject, one scene, once: load, walk, rest, and what it took.

import { MARKS, watch } from "./in-page.mjs";
import { quantile } from "./stats.mjs";
import { CATEGORIES, mainThread } from "./trace.mjs";

/** @typedef {import("playwright-core").Browser} Browser */
/** @typedef {import("playwright-core").Page} Page */
/** @typedef {import("playwright-core").CDPSession} CDPSession */
/** @typedef {import("./subjects.mjs").Subject} Subject */
/** @typedef {import("./venues.mjs").Scene} Scene */
/** @typedef {Record<string, number>} Numbers by metric */

/** The window, CSS pixels, one device pixel each. */
export const VIEWPORT = { width: 1280, height: 720 };

const LOAD_MILLIS = 180_000;
const IDLE_MILLIS = 3000;

/**
 * A page that is being measured, in a profile of its own: nothing is cached and nobody has been here.
 */
export class Visit {
  /** @param {Browser} browser @param {Subject} subject @param {string} origin */
  static async begin(browser, subject, origin) {
    const context = await browser.newContext({
      viewport: VIEWPORT,
      deviceScaleFactor: 1,
      locale: "en",
      reducedMotion: "no-preference",
      // Our server's policy does not let pages fetch `blob:`, by which three.js decodes pictures aside.
      bypassCSP: true,
    });
    context.setDefaultTimeout(LOAD_MILLIS);
    await context.addInitScript(watch);
    if (subject.before) await context.addInitScript(subject.before);
    return new Visit(browser, context, subject, origin);
  }

  /** @param {Browser} browser @param {import("playwright-core").BrowserContext} context @param {Subject} subject @param {string} origin */
  constructor(browser, context, subject, origin) {
    this.browser = browser;
    this.context = context;
    this.subject = subject;
    this.origin = origin;
    this.wire = 0;
    /** @type {Page | null} */
    this.open = null;
    /** @type {CDPSession | null} */
    this.session = null;
  }

  /** @returns {Page} */
  get page() {
    if (!this.open) throw new Error("no page has been loaded");
    return this.open;
  }

  /** @returns {CDPSession} */
  get cdp() {
    if (!this.session) throw new Error("no page has been loaded");
    return this.session;
  }

  /**
   * Opens the page in a new tab and waits for its first 3D frame.
   * @param {Scene} scene
   * @returns {Promise<{wireBytes: number, firstPaintMs: number, sceneMs: number}>}
   */
  async load(scene) {
    await this.open?.close();
    const page = await this.context.newPage();
    const cdp = await this.context.newCDPSession(page);
    Object.assign(this, { open: page, session: cdp });
    let wire = 0;
    await cdp.send("Network.enable");
    await cdp.send("Performance.enable");
    cdp.on("Network.loadingFinished", ({ encodedDataLength }) => (wire += encodedDataLength));
    /** @type {(bytes: number) => void} */
    let arrived = () => {};
    await page.exposeFunction("benchScene", () => arrived(wire));
    /** @type {Promise<number>} */
    const wireThen = new Promise((resolve, reject) => {
      arrived = resolve;
      page.on("crash", () => reject(new Error("the page crashed")));
      page.on("pageerror", reject);
      page.on("console", (message) => {
        if (message.type() === "error") reject(new Error(message.text()));
      });
      setTimeout(() => reject(new Error(`no 3D frame within ${LOAD_MILLIS} ms`)), LOAD_MILLIS).unref();
    });
    wireThen.catch(() => {});
    await page.goto(this.origin + this.subject.path(scene), { waitUntil: "commit" });
    const wireBytes = await wireThen;
    const times = await page.evaluate((mark) => ({
      firstPaintMs: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? NaN,
      sceneMs: performance.getEntriesByName(mark)[0]?.startTime ?? NaN,
    }), MARKS.scene);
    return { wireBytes, ...times };
  }

  /** How large its canvas is, in CSS pixels and in its own. */
  drawn() {
    return this.page.evaluate(() => {
      const tour = document.querySelector("xinghuo-tour")?.shadowRoot;
      const canvas = (tour ?? document).querySelector("canvas");
      return {
        size: { width: canvas?.clientWidth ?? 0, height: canvas?.clientHeight ?? 0 },
        pixels: { width: canvas?.width ?? 0, height: canvas?.height ?? 0 },
      };
    });
  }

  /**
   * Walks, and tells what the main thread did for each frame.
   * @param {Scene} scene @param {import("./poses.mjs").Pose[]} poses
   * @returns {Promise<Numbers>}
   */
  async walk(scene, poses) {
    const { spent, thread } = await this.#traced(() => this.subject.walk(this.page, scene, poses));
    const { frames, intervals, cpuMs } = thread;
    return {
      mainMs: spent.task / frames,
      mainCpuMs: cpuMs / frames,
      scriptMs: spent.script / frames,
      frameMs: quantile(intervals, 0.5),
      slowFrameMs: quantile(intervals, 0.95),
    };
  }

  /**
   * Does nothing, once everything that the walk began has come to rest.
   * @param {Scene} scene
   * @returns {Promise<Numbers>}
   */
  async idle(scene) {
    await this.page.waitForTimeout(this.subject.restMs(scene));
    const { spent, thread } = await this.#traced(() => new Promise((done) => setTimeout(done, IDLE_MILLIS)));
    const secs = thread.millis / 1000;
    return { idleFrames: thread.frames / secs, idleMs: spent.task / secs };
  }

  /** What the page holds after a garbage collection. @returns {Promise<Numbers>} */
  async memory() {
    await this.cdp.send("HeapProfiler.collectGarbage");
    const heap = (await this.#metrics())["JSHeapUsedSize"] ?? NaN;
    // Newer than the types: array buffers beside the heap, and the page's own elements.
    const usage = /** @type {{backingStorageSize?: number, embedderHeapUsedSize?: number}} */ (await this.cdp.send("Runtime.getHeapUsage"));
    const memory = heap + (await this.#wasm());
    return { memoryBytes: memory, allMemoryBytes: memory + (usage.backingStorageSize ?? NaN) + (usage.embedderHeapUsedSize ?? NaN) };
  }

  /** How long every WebAssembly memory is, bytes. @returns {Promise<number>} */
  async #wasm() {
    const { result: kind } = await this.cdp.send("Runtime.evaluate", { expression: "WebAssembly.Memory.prototype" });
    const { objects } = await this.cdp.send("Runtime.queryObjects", { prototypeObjectId: kind.objectId ?? "" });
    const { result } = await this.cdp.send("Runtime.callFunctionOn", {
      objectId: objects.objectId ?? "",
      functionDeclaration: "function () { return this.reduce((sum, one) => sum + one.buffer.byteLength, 0); }",
      returnByValue: true,
    });
    return result.value;
  }

  async end() {
    await this.context.close();
  }

  /** @param {() => Promise<unknown>} act */
  async #traced(act) {
    const mark = (/** @type {string} */ name) => this.page.evaluate((told) => void performance.mark(told), name);
    await this.browser.startTracing(this.page, { categories: CATEGORIES });
    await mark(MARKS.begin);
    const before = await this.#metrics();
    await act();
    const after = await this.#metrics();
    await mark(MARKS.end);
    const trace = JSON.parse((await this.browser.stopTracing()).toString());
    const spent = (/** @type {string} */ name) => ((after[name] ?? NaN) - (before[name] ?? NaN)) * 1000;
    return {
      spent: { task: spent("TaskDuration"), script: spent("ScriptDuration") },
      thread: mainThread(trace.traceEvents, MARKS.begin, MARKS.end),
    };
  }

  /** @returns {Promise<Numbers>} seconds and bytes, as the browser names them */
  async #metrics() {
    const { metrics } = await this.cdp.send("Performance.getMetrics");
    return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
  }
}
