import assert from "node:assert/strict";
import { test } from "node:test";
import { optionsOf } from "./options.mjs";
import { report } from "./report.mjs";
import { cell, isWhole, latency, rate, verdicts } from "./targets.mjs";
import { QUERIES, complaint } from "./work.mjs";

/** @param {Partial<import("./work.mjs").Outcome>} [told] */
const outcome = (told = {}) => ({ requests: 100, statements: 5000, secs: 2, p50Millis: 3, p99Millis: 8, maxMillis: 9, refused: {}, ownShare: 0.25, ...told });
const about = (/** @type {string} */ name, /** @type {boolean} */ ours) => ({ name, version: "1", durability: ours ? "synced" : "none", ours });
const failed = { requests: 0, refused: { 400: { count: 3, first: "no" } } };

/** @param {{ours?: number, peer?: number, small?: number, large?: number}} told */
function results({ ours = 5000, peer = 900, small = 2, large = 3 }) {
  const query = (/** @type {number} */ p99Millis) => Object.fromEntries(QUERIES.map(({ name }) => [name, [outcome({ p99Millis })]]));
  return {
    facts: { commit: "abc", date: "2026-01-01", processor: "P", cores: 2, memoryBytes: 8e9, others: [0.02], busy: false },
    subjects: { A: about("A", true), B: about("B", false), C: { ...about("C", false), missing: "no compiler" } },
    writes: {
      A: { [cell(50, 1)]: [outcome({ statements: 2 * ours })], [cell(50, 64)]: [outcome({ statements: 2 * ours })] },
      B: { [cell(50, 1)]: [outcome({ statements: 2 * peer })], [cell(50, 64)]: [outcome(failed)] },
    },
    reads: { 10000: { A: query(small) }, 10000000: { A: query(large) } },
    bytes: { 10000: { A: 25_000_000, B: null } },
  };
}

test("a rate is the median of whole rounds, and there is none where anything was refused", () => {
  assert.equal(rate([outcome(), outcome({ statements: 9000 }), outcome({ statements: 1000 })]), 2500);
  assert.ok(Number.isNaN(rate([outcome(), outcome(failed)])));
  assert.ok(Number.isNaN(rate(undefined)));
  assert.equal(latency([outcome({ p99Millis: 4 }), outcome({ p99Millis: 6 })], "p99Millis"), 5);
  assert.equal(isWhole([]), false);
});

test("the rate of ours is held against the fastest peer that was measured", () => {
  const [best, one, many] = verdicts(results({ ours: 5000, peer: 900 }));
  assert.equal(best?.verdict, "**met**");
  assert.match(best?.sentence ?? "", /suits it best/);
  assert.equal(one?.verdict, "**met**");
  assert.match(one?.reached ?? "", /^5\.6 × .*B: 900/);
  assert.equal(many?.verdict, "not measured", "the only peer failed");
  assert.equal(verdicts(results({ ours: 4000, peer: 900 }))[0]?.verdict, "**missed**");
});

test("the filtered query that slowed down most decides", () => {
  assert.equal(verdicts(results({ small: 2, large: 4 })).at(-1)?.verdict, "**met**");
  const told = results({ small: 2, large: 2 });
  const slow = QUERIES.find(({ filtered }) => filtered)?.name ?? "";
  const large = told.reads[10000000].A ?? {};
  large[slow] = [outcome({ p99Millis: 9 })];
  assert.match(verdicts(told).at(-1)?.reached ?? "", /^4\.5 ×/);
  assert.equal(verdicts(told).at(-1)?.verdict, "**missed**");
  const free = QUERIES.find(({ filtered }) => !filtered)?.name ?? "";
  const unfiltered = results({ small: 2, large: 2 });
  (unfiltered.reads[10000000].A ?? {})[free] = [outcome({ p99Millis: 90 })];
  assert.equal(verdicts(unfiltered).at(-1)?.verdict, "**met**");
  delete large[slow];
  assert.equal(verdicts(told).at(-1)?.verdict, "not measured");
});

test("durability stands beside every figure, and who is left out is named", () => {
  const text = report(results({}));
  for (const line of text.split("\n").filter((line) => /^\| A/.test(line))) assert.match(line, /synced/);
  assert.match(text, /\| C \| left out: no compiler \|/);
  assert.match(text, /\| B – none \| – \| – \| failed \| – \|/);
  assert.match(text, /## What failed\n\n- B, writing, 50 × 64: 400 × 3: no/);
  assert.match(text, /\| A – synced \| 2,500 \| – \|/);
  assert.match(text, /at most 25 % of one processor/);
  assert.doesNotMatch(text, /NaN|undefined/);
});

test("each part tells of which build it was taken, and who could not be filled is named", () => {
  const text = report({
    ...results({}),
    taken: { writing: [{ commit: "def", date: "2026-01-02" }], 10000: [{ commit: "one", date: "2026-01-03" }, { commit: "two", date: "2026-01-04" }] },
    unfilled: { B: { 10000: "500 × 3: no" } },
  });
  assert.match(text, /Medians of the rounds\. Taken 2026-01-02 at commit def\.\n/);
  assert.match(text, /filtered query\. Taken 2026-01-03 at commit one and 2026-01-04 at commit two\.\n/);
  assert.match(text, /## Reading from 10,000,000 statements\n\np50 and p99 [^.]*\.\n/);
  assert.match(text, /- B did not come to 10,000 statements: 500 × 3: no/);
});

test("what is wrong with an answer is said", () => {
  assert.equal(complaint(outcome()), "");
  assert.equal(complaint(outcome({ requests: 0 })), "no answer in time");
  assert.equal(complaint(outcome(failed)), "400 × 3: no");
});

test("the command line", () => {
  const usual = { report: false, quick: false, tenMillion: false, keep: false, part: "", only: "" };
  assert.deepEqual(optionsOf([]), usual);
  const all = ["--report", "--ten-million", "--keep", "--part=reads", "--only", "SQLite"];
  assert.deepEqual(optionsOf(all), { ...usual, report: true, tenMillion: true, keep: true, part: "reads", only: "sqlite" });
  assert.throws(() => optionsOf(["--part", "some"]), /--part takes one of/);
  assert.throws(() => optionsOf(["--fast"]), /no option/);
});
