import assert from "node:assert/strict";
import { test } from "node:test";
import { lengthOf, poseAt } from "./poses.mjs";

/** @type {import("./poses.mjs").Pose[]} */
const WALK = [
  { at: 0, position: [0, 1.6, 0], yawDeg: 350, pitchDeg: 0 },
  { at: 100, position: [1, 1.6, 0], yawDeg: 10, pitchDeg: -10 },
  { at: 300, position: [1, 1.6, 4], yawDeg: 10, pitchDeg: -10 },
];

test("a pose lies between its neighbours, and the look turns the shorter way", () => {
  const half = poseAt(WALK, 50);
  assert.deepEqual(half.position, [0.5, 1.6, 0]);
  assert.equal(half.yawDeg, 360);
  assert.equal(half.pitchDeg, -5);
  assert.deepEqual(poseAt(WALK, 200).position, [1, 1.6, 2]);
});

test("before and after the walk the eye stands still", () => {
  assert.deepEqual(poseAt(WALK, -10).position, [0, 1.6, 0]);
  assert.deepEqual(poseAt(WALK, 1000).position, [1, 1.6, 4]);
  assert.equal(lengthOf(WALK), 300);
});
