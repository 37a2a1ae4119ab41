import assert from "node:assert/strict";
import { test } from "node:test";
import { mainThread } from "./trace.mjs";

/** @param {string} name @param {number} ts @param {object} [more] */
const event = (name, ts, more = {}) => ({ name, ph: "X", ts, pid: 1, tid: 2, dur: 0, ...more });

const TRACE = [
  event("begin", 1000, { ph: "I" }),
  event("RunTask", 2000, { dur: 4000, tdur: 3000 }),
  event("RunTask", 2500, { dur: 1000, tdur: 1000 }),
  event("FireAnimationFrame", 3000, { dur: 1500 }),
  event("FireAnimationFrame", 3200, { dur: 500 }),
  event("FireAnimationFrame", 23_000, { dur: 1000 }),
  event("RunTask", 22_500, { dur: 2000 }),
  event("RunTask", 22_500, { dur: 9000, tid: 3 }),
  event("end", 31_000, { ph: "I" }),
  event("RunTask", 40_000, { dur: 2000 }),
];

test("only the marked thread counts, between the marks, and no task twice", () => {
  const found = mainThread(TRACE, "begin", "end");
  assert.equal(found.millis, 30);
  assert.equal(found.busyMs, 6);
  assert.equal(found.cpuMs, 5, "a task without processor time counts whole");
});

test("two callbacks of one frame are one frame", () => {
  const found = mainThread(TRACE, "begin", "end");
  assert.equal(found.frames, 2);
  assert.deepEqual(found.intervals, [20]);
  assert.equal(found.rafMs, 3);
});

test("a trace without its marks is refused", () => {
  assert.throws(() => mainThread(TRACE, "begin", "elsewhere"), /has no elsewhere/);
});
