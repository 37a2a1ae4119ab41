import assert from "node:assert/strict";
import { test } from "node:test";
import { METRICS } from "./metrics.mjs";
import { TARGETS, verdicts } from "./targets.mjs";

/** @param {Record<string, number[]>} tour @param {Record<string, number[]>} three */
const boat = (tour, three) => [{ scene: "red-boat", title: "", tour, three, notes: [] }];

/** @param {import("./targets.mjs").SceneResult[]} scenes @param {string} words */
function verdictOf(scenes, words) {
  const found = verdicts(3e6, scenes, METRICS).find((one) => one.sentence.includes(words));
  assert.ok(found, words);
  return found;
}

test("a ratio at its limit is met, and above it missed", () => {
  const at = (/** @type {number[]} */ frameMs) => verdictOf(boat({ frameMs }, { frameMs: [10, 10, 10] }), "whole frame").verdict;
  assert.equal(at([15, 15, 15]), "met");
  assert.equal(at([15, 15.1, 15.1]), "missed");
});

test("a number of ours alone is held against its limit", () => {
  const at = (/** @type {number[]} */ mainMs) => verdictOf(boat({ mainMs }, {}), "≤ 4 ms").verdict;
  assert.equal(at([3, 4, 9]), "met");
  assert.equal(at([3, 4.1, 9]), "missed");
});

test("what was not measured, or is only noise, is not told", () => {
  assert.equal(verdictOf([], "memory").verdict, "not told");
  const noise = boat({ frameMs: [1, 5, 30] }, { frameMs: [10, 10, 10] });
  assert.equal(verdictOf(noise, "whole frame").verdict, "not told");
});

test("the size of the code is a target too", () => {
  assert.equal(verdicts(3.6e6, [], METRICS)[0]?.verdict, "missed");
  assert.equal(verdicts(3.5e6, [], METRICS)[0]?.verdict, "met");
});

test("every target is about something that is measured", () => {
  for (const { metric } of TARGETS) assert.ok(METRICS[metric], metric);
});
