// Our tour and a plain three.js viewer, in turns, in one browser. Run by `cargo xtask bench`.

import assert from "node:assert/strict";
import { readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { Server, setting } from "../browser/support/server.mjs";
import { commitOf, hardware, inUse, isBusy, qualityOn, rendererOf, threeOf } from "./machine.mjs";
import { Visit } from "./measure.mjs";
import { optionsOf } from "./options.mjs";
import { poseAt } from "./poses.mjs";
import { report } from "./report.mjs";
import { record, THREE, TOUR } from "./subjects.mjs";
import { hallScene, publishHalls, RED_BOAT, roomOf } from "./venues.mjs";
import { addPage, addViewer } from "./viewer.mjs";

/** @typedef {import("./targets.mjs").SceneResult} SceneResult */
/** @typedef {Awaited<ReturnType<Visit["drawn"]>>} Drawn */

const HERE = dirname(fileURLToPath(import.meta.url));
const FLAGS = [
  ...["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  ...["--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"],
  // A first visit has no compiled shaders from the round before.
  ...["--disable-gpu-program-cache", "--disable-gpu-shader-disk-cache"],
];
/** The tour's own angle of view, from top to bottom, on a wide canvas. */
const FOV_DEG = 58;
const QUIET_MILLIS = 5000;

const say = (/** @type {string} */ text) => process.stdout.write(`${text}\n`);

const options = optionsOf(process.argv.slice(2));
const work = setting("XINGHUO_BENCH");
const published = { author: setting("XINGHUO_AUTHOR"), packages: setting("XINGHUO_PACKAGES"), keys: setting("XINGHUO_KEYS") };
const counts = options.counts.filter((count) => hallScene(count).id.includes(options.only));
const served = await publishHalls(published, join(work, "venues"), counts, say);
const site = join(work, "site");
const viewer = await addViewer(setting("XINGHUO_SITE"), site);
const scenes = RED_BOAT.filter(({ id }) => id.includes(options.only)).concat(counts.map(hallScene));

const othersBefore = await inUse(QUIET_MILLIS);
/** @type {Drawn["pixels"] | null} */
let pixels = null;
const server = await Server.begin({ ...served, site });
const browser = await chromium.launch({ executablePath: setting("CHROMIUM"), args: FLAGS });
const ended = async () => {
  await browser.close();
  await server.end();
};
try {
  const renderer = await rendererOf(browser);
  const quality = qualityOn(renderer);
  /** @type {SceneResult[]} */
  const results = [];
  for (const scene of scenes) results.push(await compare(scene, quality));
  const version = browser.version();
  await ended();
  const othersAfter = await inUse(QUIET_MILLIS);
  const { samples } = quality;
  const { width = 0, height = 0 } = pixels ?? {};
  const facts = {
    commit: await commitOf(join(HERE, "../..")),
    date: new Date().toISOString().slice(0, 16).replace("T", " "),
    ...hardware(),
    renderer,
    browser: `Chromium ${version}, headless`,
    three: await threeOf(new URL("../node_modules/three/package.json", import.meta.url)),
    drawn: `${width} × ${height} pixels, ${samples === 1 ? "1 sample" : `${samples} samples`} each, by either`,
    othersBefore,
    othersAfter,
    busy: isBusy([othersBefore, othersAfter]),
  };
  const all = { facts, codeBytes: await codeBytes(), viewerBytes: viewer.bytes, rounds: options.rounds, scenes: results };
  await writeFile(join(work, "results.json"), JSON.stringify(all, null, 1));
  const text = report(all);
  say(`\n${text}`);
  if (options.report) await writeFile(join(HERE, "REPORT.md"), text);
} catch (cause) {
  await ended();
  throw cause;
}

/** What our tour's code comes to on the wire. */
async function codeBytes() {
  const { wasm } = JSON.parse(await readFile(join(site, "app/version.json"), "utf8"));
  return (await stat(join(site, `${wasm}.br`))).size;
}

/**
 * Both subjects in one scene, round by round.
 * @param {import("./venues.mjs").Scene} scene @param {ReturnType<typeof qualityOn>} quality
 * @returns {Promise<SceneResult>}
 */
async function compare(scene, quality) {
  say(`${scene.title}: recording the walk`);
  const { poses, drawn } = await recorded(scene, quality);
  pixels = drawn.pixels;
  const { room, ...addresses } = await roomOf(served.packages, scene);
  await addPage(site, scene.id, viewer.script, {
    ...addresses,
    lightScale: room.light_scale,
    haze: { color: room.haze.color, startM: room.haze.start_m, endM: room.haze.end_m },
    ...quality,
    size: drawn.size,
    fovDeg: FOV_DEG,
    start: poseAt(poses, 0),
  });
  // Once without counting, so that the first round finds the machine as the others do.
  await once(THREE, scene, poses, drawn);
  /** @type {Record<"tour" | "three", Record<string, number[]>>} */
  const samples = { tour: {}, three: {} };
  for (let round = 1; round <= options.rounds; round += 1) {
    for (const subject of [TOUR, THREE]) {
      const numbers = await once(subject, scene, poses, drawn);
      say(`${scene.title}: round ${round} of ${options.rounds}, ${subject.name}: ${told(numbers)}`);
      for (const [metric, value] of Object.entries(numbers)) (samples[subject.name][metric] ??= []).push(value);
    }
  }
  const secs = Math.round((poses.at(-1)?.at ?? 0) / 100) / 10;
  return { scene: scene.id, title: scene.title, ...samples, notes: [`The walk: from the start to ${scene.walk.join(", ")}, ${secs} s.`] };
}

/** @param {import("./venues.mjs").Scene} scene @param {ReturnType<typeof qualityOn>} quality */
async function recorded(scene, quality) {
  const visit = await Visit.begin(browser, TOUR, server.origin);
  try {
    await visit.load(scene);
    const drawn = await visit.drawn();
    const ratio = Math.min(1, quality.pixelRatio);
    if (drawn.pixels.width !== Math.round(drawn.size.width * ratio)) {
      throw new Error(`our tour draws ${drawn.pixels.width} pixels across, not ${ratio} of ${drawn.size.width}: its quality has changed, and machine.mjs has not`);
    }
    await TOUR.settle(visit.page, scene);
    return { drawn, poses: await record(visit.page, scene) };
  } finally {
    await visit.end();
  }
}

/**
 * @param {import("./subjects.mjs").Subject} subject @param {import("./venues.mjs").Scene} scene
 * @param {import("./poses.mjs").Pose[]} poses @param {Drawn} drawn what both are to draw
 */
async function once(subject, scene, poses, drawn) {
  const visit = await Visit.begin(browser, subject, server.origin);
  try {
    const load = await visit.load(scene);
    assert.deepEqual(await visit.drawn(), drawn, "both draw as many pixels");
    await subject.settle(visit.page, scene);
    const numbers = { ...(await visit.walk(scene, poses)), ...(await visit.idle(scene)), ...(await visit.memory()) };
    return scene.loads ? { ...load, ...numbers, warmSceneMs: (await visit.load(scene)).sceneMs } : numbers;
  } finally {
    await visit.end();
  }
}

/** @param {Record<string, number>} numbers */
function told({ sceneMs = NaN, mainMs = NaN, frameMs = NaN, idleMs = NaN }) {
  const ms = (/** @type {number} */ value) => value.toFixed(1);
  return `first 3D frame ${ms(sceneMs)} ms, main thread ${ms(mainMs)} ms, frame ${ms(frameMs)} ms, at rest ${ms(idleMs)} ms in a second`;
}
