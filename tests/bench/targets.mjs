// What the tour is to reach, and whether it did.

import { told } from "./metrics.mjs";
import { middle, ratio } from "./stats.mjs";

/**
 * @typedef {Record<string, number[]>} Samples one number a round, by metric
 * @typedef {{scene: string, title: string, tour: Samples, three: Samples, notes: string[]}} SceneResult
 * @typedef {{sentence: string, reached: string, verdict: "met" | "missed" | "not told"}} Verdict
 */

/**
 * @typedef {object} Target
 * @property {string} sentence
 * @property {string} [scene] the one it is about
 * @property {string} metric
 * @property {number} most what ours may be, or how many times theirs
 * @property {boolean} [times] whether `most` is a ratio
 */

const MB = 1e6;

/** The tour's code as it is sent. */
export const CODE_MOST = 3.5 * MB;

/** @type {Target[]} */
export const TARGETS = [
  { sentence: "first paint not later than three.js's", scene: "red-boat", metric: "firstPaintMs", most: 1, times: true },
  { sentence: "first 3D frame ≤ 1.5 × three.js's", scene: "red-boat", metric: "sceneMs", most: 1.5, times: true },
  { sentence: "whole frame ≤ 1.5 × three.js's, in the pavilion", scene: "red-boat", metric: "frameMs", most: 1.5, times: true },
  { sentence: "whole frame ≤ 1.5 × three.js's, on the lake", scene: "red-boat-lake", metric: "frameMs", most: 1.5, times: true },
  { sentence: "main thread ≤ 4 ms per walking frame in the pavilion", scene: "red-boat", metric: "mainMs", most: 4 },
  { sentence: "main thread ≤ 4 ms per walking frame on the lake", scene: "red-boat-lake", metric: "mainMs", most: 4 },
  { sentence: "main thread ≤ 1.0 × three.js's at 2,000 artifacts", scene: "hall-2000", metric: "mainMs", most: 1, times: true },
  { sentence: "no frame while nothing changes", scene: "red-boat", metric: "idleFrames", most: 0 },
  { sentence: "no work while nothing changes (≤ 1 ms in a second)", scene: "red-boat", metric: "idleMs", most: 1 },
  { sentence: "memory ≤ 1.5 × three.js's", scene: "red-boat", metric: "memoryBytes", most: 1.5, times: true },
];

/**
 * @param {number} codeBytes the tour's code, compressed
 * @param {SceneResult[]} scenes
 * @param {Record<string, import("./metrics.mjs").Metric>} metrics
 * @returns {Verdict[]}
 */
export function verdicts(codeBytes, scenes, metrics) {
  /** @type {Verdict} */
  const code = {
    sentence: `WebAssembly ≤ ${told(CODE_MOST, "bytes")}, compressed`,
    reached: told(codeBytes, "bytes"),
    verdict: codeBytes <= CODE_MOST ? "met" : "missed",
  };
  return [code, ...TARGETS.map((target) => verdict(target, scenes, metrics))];
}

/**
 * @param {Target} target @param {SceneResult[]} scenes
 * @param {Record<string, import("./metrics.mjs").Metric>} metrics
 * @returns {Verdict}
 */
function verdict({ sentence, scene, metric, most, times }, scenes, metrics) {
  const result = scenes.find((one) => one.scene === scene);
  const ours = result?.tour[metric] ?? [];
  if (ours.length === 0) return { sentence, reached: "not measured", verdict: "not told" };
  if (!times) {
    const { median } = middle(ours);
    return { sentence, reached: told(median, metrics[metric]?.unit ?? "ms"), verdict: median <= most ? "met" : "missed" };
  }
  const found = ratio(ours, result?.three[metric] ?? []);
  if (!found?.told) return { sentence, reached: "the rounds contradict each other", verdict: "not told" };
  return { sentence, reached: `${found.median.toFixed(2)} ×`, verdict: found.median <= most ? "met" : "missed" };
}
