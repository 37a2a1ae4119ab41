import assert from "node:assert/strict";
import { test } from "node:test";
import { report } from "./report.mjs";

const FACTS = {
  commit: "abc", date: "2026-01-01", processor: "P", cores: 2, memoryBytes: 8e9, renderer: "R", browser: "B",
  three: "187", drawn: "960 × 540", othersBefore: 0.5, othersAfter: 0, busy: true,
};

/** @param {number[]} tour @param {number[]} three */
function written(tour, three) {
  const scenes = [{ scene: "red-boat", title: "The Red Boat", tour: { frameMs: tour }, three: { frameMs: three }, notes: ["A note."] }];
  return report({ facts: FACTS, codeBytes: 2e6, viewerBytes: 1e5, rounds: 3, scenes });
}

test("a report has the medians, the ratio and the verdict", () => {
  const text = written([30, 30, 33], [20, 20, 20]);
  assert.match(text, /\| whole frame while walking \| 30\.0 ms \(30\.0–31\.5 ms\) \| 20\.0 ms \| \*\*1\.50\*\* \(1\.50–1\.57\) \|/);
  assert.match(text, /whole frame ≤ 1\.5 × three\.js's, in the pavilion \| 1\.50 × \| met/);
  assert.match(text, /A note\./);
});

test("rounds that contradict each other are said to, not averaged", () => {
  const text = written([10, 60, 200], [20, 20, 20]);
  assert.match(text, /not told: 1\.75 to 6\.50/);
  assert.match(text, /the rounds contradict each other \| not told/);
});

test("a busy machine is named before any number", () => {
  const text = written([1, 1, 1], [1, 1, 1]);
  assert.ok(text.indexOf("busy") > 0 && text.indexOf("busy") < text.indexOf("## Targets"));
});
