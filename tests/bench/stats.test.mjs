import assert from "node:assert/strict";
import { test } from "node:test";
import { middle, quantile, ratio } from "./stats.mjs";

test("the median of an even number lies between the two in the middle", () => {
  assert.equal(middle([4, 1, 3, 2]).median, 2.5);
  assert.deepEqual(middle([5]), { median: 5, low: 5, high: 5, count: 1 });
  assert.ok(Number.isNaN(middle([]).median));
});

test("quantiles lie between their neighbours in proportion", () => {
  assert.equal(quantile([10, 0], 0.25), 2.5);
  assert.equal(quantile([3, 1, 2], 1), 3);
});

test("a ratio is that of the rounds, not that of the medians", () => {
  // Each round is twice as slow as theirs, whatever else the machine was doing.
  const found = ratio([2, 20, 200], [1, 10, 100]);
  assert.deepEqual(found, { median: 2, low: 2, high: 2, count: 3, told: true });
});

test("rounds that contradict each other give no ratio", () => {
  assert.equal(ratio([1, 2, 9], [1, 1, 1])?.told, false);
  assert.equal(ratio([1, 1], [1, 1])?.told, false, "two rounds are too few");
});

test("nothing is so many times zero", () => {
  assert.equal(ratio([1, 1, 1], [1, 0, 1]), null);
  assert.equal(ratio([], []), null);
});
