// The machine, as far as it bears on the numbers.

import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { cpus, totalmem } from "node:os";
import { promisify } from "node:util";

/**
 * @typedef {object} Facts
 * @property {string} commit
 * @property {string} date
 * @property {string} processor
 * @property {number} cores
 * @property {number} memoryBytes
 * @property {string} renderer
 * @property {string} browser
 * @property {string} three its revision
 * @property {string} drawn pixels and samples of either canvas
 * @property {number} othersBefore the share of the processors that somebody else used just before
 * @property {number} othersAfter and just after
 * @property {boolean} busy
 */

const run = promisify(execFile);

/** With more than this, the numbers are of two programs. */
const BUSY = 0.15;

/** Whether somebody else used too much. @param {number[]} shares */
export const isBusy = (shares) => shares.some((share) => share > BUSY);

/** The commit, and whether something was changed since. @param {string} root */
export async function commitOf(root) {
  const git = async (/** @type {string[]} */ ...args) => (await run("git", ["-C", root, ...args])).stdout.trim();
  try {
    // What the reports themselves change does not change what is measured.
    const reports = ["REPORT", "HEADSET", "RECORDS"].map((name) => `:!tests/bench/${name}.md`);
    const changed = await git("status", "--porcelain", "--", ".", ...reports);
    return `${await git("rev-parse", "--short=12", "HEAD")}${changed === "" ? "" : ", with changes"}`;
  } catch {
    return "unknown";
  }
}

/** The share of all processors that is in use while we wait. @param {number} millis */
export async function inUse(millis) {
  const sum = () =>
    cpus().reduce((all, { times }) => {
      const busy = times.user + times.nice + times.sys + times.irq;
      return { busy: all.busy + busy, all: all.all + busy + times.idle };
    }, { busy: 0, all: 0 });
  const before = sum();
  await new Promise((done) => setTimeout(done, millis));
  const after = sum();
  return (after.busy - before.busy) / Math.max(after.all - before.all, 1);
}

/** @returns {{processor: string, cores: number, memoryBytes: number}} */
export function hardware() {
  return { processor: cpus()[0]?.model.trim() ?? "unknown", cores: cpus().length, memoryBytes: totalmem() };
}

/** The revision of three.js that is installed. @param {URL} manifest */
export async function threeOf(manifest) {
  return JSON.parse(await readFile(manifest, "utf8")).version.split(".")[1];
}

/**
 * What our tour draws on this renderer; the rule is that of `src/app/src/theme/quality.rs`, and the
 * run fails where our canvas has other pixels.
 * @param {string} renderer as WebGL names it
 */
export function qualityOn(renderer) {
  const alone = ["swiftshader", "llvmpipe", "software", "basic render"].some((name) => renderer.toLowerCase().includes(name));
  return alone ? { pixelRatio: 0.75, samples: 1, anisotropy: 1 } : { pixelRatio: 2, samples: 4, anisotropy: 8 };
}

/** What draws in this browser. @param {import("playwright-core").Browser} browser */
export async function rendererOf(browser) {
  const page = await browser.newPage();
  const name = await page.evaluate(() => {
    const gl = document.createElement("canvas").getContext("webgl2");
    const known = gl?.getExtension("WEBGL_debug_renderer_info");
    return gl && known ? String(gl.getParameter(known.UNMASKED_RENDERER_WEBGL)) : "no WebGL2";
  });
  await page.close();
  return name;
}
