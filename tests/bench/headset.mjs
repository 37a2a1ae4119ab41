// Our tour and three.js's WebXRManager in one emulated headset, in turns. Run by `cargo xtask bench`.

import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { Server, setting } from "../browser/support/server.mjs";
import { commitOf, hardware, inUse, isBusy, qualityOn, rendererOf, threeOf } from "./machine.mjs";
import { Visit } from "./measure.mjs";
import { optionsOf } from "./options.mjs";
import { middle, quantile, ratio } from "./stats.mjs";
import { THREE, TOUR } from "./subjects.mjs";
import { RED_BOAT, roomOf } from "./venues.mjs";
import { addPage, addViewer } from "./viewer.mjs";
import { measured, wearable, wearTour, wearViewer } from "./worn.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
const FLAGS = [
  ...["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  ...["--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"],
  ...["--disable-gpu-program-cache", "--disable-gpu-shader-disk-cache"],
];
/** Both eyes beside each other, each as wide as high; CSS pixels, one device pixel each. */
const FRAMEBUFFER = { width: 1280, height: 640 };
/** How finely our tour draws an eye with a software renderer and with another, of that: `theme/quality.rs`. */
const EYE_SCALE = { software: 0.6, hardware: 0.9 };
/** In so many frames the head turns once round, after some that are not counted. */
const TURN = { turns: 90, skipped: 10 };
const QUIET_MILLIS = 5000;
const TARGETS = { frameMs: 1, enterMs: 1.5 };
const KEYS = /** @type {const} */ (["frameMs", "slowFrameMs", "enterMs", "draws"]);

/**
 * @typedef {import("./venues.mjs").Scene} Scene
 * @typedef {Record<typeof KEYS[number], number[]>} Numbers round by round
 * @typedef {{title: string, tour: Numbers, three: Numbers}} Result
 */

const say = (/** @type {string} */ text) => process.stdout.write(`${text}\n`);
const emulator = await readFile(createRequire(import.meta.url).resolve("iwer/build/iwer.min.js"), "utf8");

const options = optionsOf(process.argv.slice(2));
const work = setting("XINGHUO_BENCH");
const site = join(work, "headset-site");
const packages = setting("XINGHUO_PACKAGES");
const viewer = await addViewer(setting("XINGHUO_SITE"), site, "viewer/worn.mjs");
const othersBefore = await inUse(QUIET_MILLIS);
const server = await Server.begin({ packages, keys: setting("XINGHUO_KEYS"), site });
const browser = await chromium.launch({ executablePath: setting("CHROMIUM"), args: FLAGS });
try {
  const renderer = await rendererOf(browser);
  const quality = qualityOn(renderer);
  const scale = quality.samples === 1 ? EYE_SCALE.software : EYE_SCALE.hardware;
  // As many pixels as an eye of ours has.
  const size = { width: Math.round(FRAMEBUFFER.width * scale), height: Math.round(FRAMEBUFFER.height * scale) };
  /** @type {Result[]} */
  const results = [];
  for (const scene of RED_BOAT) results.push(await compare(scene, quality, size));
  const othersAfter = await inUse(QUIET_MILLIS);
  const text = report(results, {
    commit: await commitOf(join(HERE, "../..")),
    renderer,
    browser: browser.version(),
    three: await threeOf(new URL("../node_modules/three/package.json", import.meta.url)),
    size,
    others: [othersBefore, othersAfter],
  });
  say(`\n${text}`);
  if (options.report) await writeFile(join(HERE, "HEADSET.md"), text);
} finally {
  await browser.close();
  await server.end();
}

/**
 * Both in one room, round by round.
 * @param {Scene} scene @param {ReturnType<typeof qualityOn>} quality @param {{width: number, height: number}} size
 * @returns {Promise<Result>}
 */
async function compare(scene, quality, size) {
  const { room, ...addresses } = await roomOf(packages, scene);
  await addPage(site, scene.id, viewer.script, {
    ...addresses,
    lightScale: room.light_scale,
    haze: { color: room.haze.color, startM: room.haze.start_m, endM: room.haze.end_m },
    ...quality,
    size,
    fovDeg: 90,
    start: await begunAt(scene),
  });
  const ours = { subject: TOUR, viewport: FRAMEBUFFER, wear: wearTour };
  const theirs = { subject: THREE, viewport: size, wear: wearViewer };
  // Once without counting, so that the first round finds the machine as the others do.
  await once(theirs, scene);
  /** @returns {Numbers} */
  const none = () => ({ frameMs: [], slowFrameMs: [], enterMs: [], draws: [] });
  const kept = { tour: none(), three: none() };
  for (let round = 1; round <= options.rounds; round += 1) {
    for (const one of [ours, theirs]) {
      const { frames, enterMs, draws } = await once(one, scene);
      const numbers = { frameMs: quantile(frames, 0.5), slowFrameMs: quantile(frames, 0.95), enterMs, draws };
      say(`${scene.title}: round ${round} of ${options.rounds}, ${one.subject.name}: stereo frame ${numbers.frameMs.toFixed(2)} ms, entering ${enterMs.toFixed(0)} ms, ${draws} draws`);
      for (const key of KEYS) kept[one.subject.name][key].push(numbers[key]);
    }
  }
  return { title: scene.title, ...kept };
}

/** Where our tour's visitor stands before anything is counted. @param {Scene} scene @returns {Promise<import("./poses.mjs").Pose>} */
async function begunAt(scene) {
  const visit = await Visit.begin(browser, TOUR, server.origin);
  try {
    await visit.load(scene);
    await TOUR.settle(visit.page, scene);
    await visit.page.waitForTimeout(1000);
    const view = await visit.page.evaluate(async () => {
      const tour = /** @type {any} */ (document.querySelector("xinghuo-tour"));
      while (!tour.state.view) await new Promise((done) => setTimeout(done, 50));
      return tour.state.view;
    });
    return { at: 0, position: view.position, yawDeg: view.yawDeg, pitchDeg: 0 };
  } finally {
    await visit.end();
  }
}

/**
 * Puts the headset on and looks once all round.
 * @param {{subject: import("./subjects.mjs").Subject, viewport: {width: number, height: number}, wear: () => Promise<void>}} one @param {Scene} scene
 */
async function once({ subject, viewport, wear }, scene) {
  const visit = await Visit.begin(browser, subject, server.origin);
  try {
    await visit.context.addInitScript({ content: `${emulator}\n(${wearable})(${JSON.stringify(TURN)})` });
    await visit.load(scene);
    await subject.settle(visit.page, scene);
    await visit.page.setViewportSize(viewport);
    await visit.page.waitForTimeout(1000);
    await visit.page.evaluate(wear);
    return await visit.page.evaluate(measured);
  } finally {
    await visit.end();
  }
}

/**
 * @param {Result[]} results
 * @param {{commit: string, renderer: string, browser: string, three: string, size: {width: number, height: number}, others: number[]}} facts
 */
function report(results, facts) {
  const { processor, cores } = hardware();
  /** @param {Result} result @param {typeof KEYS[number]} key @param {string} name @param {number} digits @param {number} [target] */
  const row = ({ tour, three }, key, name, digits, target) => {
    const [a, b, times] = [middle(tour[key]), middle(three[key]), ratio(tour[key], three[key])];
    const told = (/** @type {import("./stats.mjs").Middle} */ it) => `${it.median.toFixed(digits)} (${it.low.toFixed(digits)}–${it.high.toFixed(digits)})`;
    const against = times === null || !times.told ? "not told" : `${times.median.toFixed(2)} (${times.low.toFixed(2)}–${times.high.toFixed(2)})`;
    const met = target === undefined || times === null || !times.told ? "" : times.median <= target ? `≤ ${target}: met` : `≤ ${target}: **missed**`;
    return `| ${name} | ${told(a)} | ${told(b)} | ${against} | ${met} |`;
  };
  const tables = results.map((result) => `## ${result.title}

| median of ${result.tour.frameMs.length} rounds (quartiles) | ours | three.js | ours ÷ theirs | target |
|---|---|---|---|---|
${row(result, "frameMs", "main thread for a stereo frame, ms", 2, TARGETS.frameMs)}
${row(result, "slowFrameMs", "the slowest twentieth of them, ms", 2)}
${row(result, "enterMs", "from asking for the session to the end of its first frame, ms", 0, TARGETS.enterMs)}
${row(result, "draws", "draws of the frame that took most, both eyes", 0)}
`);
  const shares = facts.others.map((share) => `${Math.round(share * 100)} %`).join(" and ");
  return `# The bench: in a headset

Written by \`cargo xtask bench --report\`; the [README](README.md) says how to read it.

Our tour and three.js r${facts.three} with its \`WebXRManager\`, on the same GLB, in turns, in the same emulated headset (iwer as a Quest 3) in one Chromium ${facts.browser}, headless.
${cores} × ${processor}; drawn by ${facts.renderer}. Commit ${facts.commit}, ${new Date().toISOString().slice(0, 16).replace("T", " ")}.
From where a visit of the room begins, the head turns once round in ${TURN.turns} frames. ${facts.size.width / 2} × ${facts.size.height} pixels for each eye, by either; ours are put into a framebuffer of ${FRAMEBUFFER.width} × ${FRAMEBUFFER.height} by one more pass, and also have lanterns, names and the sign that opens the panel.
Others used ${shares} of the processors just before and just after${isBusy(facts.others) ? ": **the machine was busy**" : ""}.

${tables.join("\n")}
What a frame takes is what its callback holds the main thread: with a software renderer, drawing itself is done by other threads of the same processors.
`;
}
