// The report: what was to be reached, then every number beside what is on the disk when it is told.

import { cell, latency, named, rate, verdicts } from "./targets.mjs";
import { BATCHES, CLIENTS, QUERIES, complaint } from "./work.mjs";

/**
 * @typedef {import("./targets.mjs").Results} Results
 * @typedef {import("./work.mjs").Outcome} Outcome
 * @typedef {object} Facts
 * @property {string} commit
 * @property {string} date
 * @property {string} processor
 * @property {number} cores
 * @property {number} memoryBytes
 * @property {number[]} others the share of the processors that somebody else used, before each run and after it
 * @property {boolean} busy
 */

const counted = (/** @type {number} */ value) => Math.round(value).toLocaleString("en");
const millis = (/** @type {number} */ value) => (value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : counted(value));
const share = (/** @type {number} */ value) => `${Math.round(value * 100)} %`;

/** @param {Results & {facts: Facts}} results @returns {string} Markdown */
export function report(results) {
  const sizes = Object.keys(results.reads).sort((a, b) => Number(a) - Number(b));
  return [
    "# Beside other record stores",
    "",
    "Written by `cargo xtask bench records --report`; [README.md](README.md#record-stores) says how to read it.",
    "",
    ...table(["", ""], aboutRun(results)),
    "",
    ...(results.facts.busy ? ["**The machine was busy with something else: take these numbers as rough.**", ""] : []),
    "## Targets",
    "",
    ...table(["target", "reached", ""], verdicts(results).map((one) => [one.sentence, one.reached, one.verdict])),
    "",
    "## Who is measured",
    "",
    ...table(["store", "version", "on the disk when it answers"], Object.values(results.subjects).map(({ name, version, durability, missing }) => [name, missing ? `left out: ${missing}` : version, durability])),
    "",
    "## Writing",
    "",
    `Statements in a second, and below it p50 and p99 of a request in milliseconds. Medians of the rounds.${takenAt(results, "writing")}`,
    "",
    ...CLIENTS.flatMap((clients) => writing(results, clients)),
    ...sizes.flatMap((size) => reading(results, size)),
    "## On the disk",
    "",
    ...table(["bytes per statement", ...sizes.map((size) => `at ${counted(Number(size))}`)], onDisk(results, sizes)),
    "",
    ...troubles(results),
  ].join("\n");
}

/** @param {Results & {facts: Facts}} results @returns {string[][]} */
function aboutRun({ facts, writes, reads }) {
  const all = [...Object.values(writes), ...Object.values(reads).flatMap((size) => Object.values(size))];
  const outcomes = all.flatMap((rounds) => Object.values(rounds).flat());
  const generator = Math.max(0, ...outcomes.map(({ ownShare }) => ownShare));
  const rounds = Object.values(writes).flatMap((one) => Object.values(one).map((it) => it.reduce((sum, { medianOf = 1 }) => sum + medianOf, 0)));
  const [fewest, most] = [Math.min(...rounds), Math.max(0, ...rounds)];
  return [
    ["written", `${facts.date} at commit ${facts.commit}; what was kept of earlier runs has its own date`],
    ["processor, of what was measured last", `${facts.cores} × ${facts.processor}`],
    ["memory", `${Math.round(facts.memoryBytes / 1e9)} GB`],
    ["used by others", facts.others.length > 0 ? `at most ${share(Math.max(...facts.others))} of the processors before and after a run` : "not looked at"],
    ["rounds of writing", fewest < most ? `${fewest} to ${most}` : String(most)],
    ["the load generator itself", `at most ${share(generator)} of one processor`],
  ];
}

/** When a part was taken, of which build and on what: with `--keep` not all are of the same. @param {Results} results @param {string} part */
function takenAt({ taken = {} }, part) {
  const all = taken[part] ?? [];
  return all.length > 0 ? ` Taken ${all.map(({ commit, date, processor }) => `${date} at commit ${commit}${processor ? ` on ${processor}` : ""}`).join(" and ")}.` : "";
}

/** @param {Results} results */
const there = ({ subjects }) => Object.values(subjects).filter(({ missing }) => !missing);

/** @param {Results} results @param {number} clients */
function writing(results, clients) {
  const rows = there(results).map((about) => [
    named(about),
    ...BATCHES.map((batch) => {
      const rounds = results.writes[about.name]?.[cell(batch, clients)];
      const perSec = rate(rounds);
      if (!(perSec > 0)) return rounds?.[0] ? "failed" : "–";
      return `**${counted(perSec)}**<br>${millis(latency(rounds, "p50Millis"))} / ${millis(latency(rounds, "p99Millis"))}`;
    }),
  ]);
  const head = [clients === 1 ? "1 client" : `${clients} clients`, ...BATCHES.map((batch) => (batch === 1 ? "one by one" : `batches of ${batch}`))];
  return [...table(head, rows), ""];
}

/** @param {Results} results @param {string} size */
function reading(results, size) {
  const measured = there(results).filter(({ name }) => results.reads[size]?.[name]);
  const rows = QUERIES.map(({ name: query, asks, filtered }) => [
    filtered ? asks : `${asks} *`,
    ...measured.map(({ name }) => {
      const rounds = results.reads[size]?.[name]?.[query];
      const p99 = latency(rounds, "p99Millis");
      if (!(p99 > 0)) return rounds?.[0] ? "failed" : "–";
      return `${millis(latency(rounds, "p50Millis"))} / ${millis(p99)}`;
    }),
  ]);
  return [
    `## Reading from ${counted(Number(size))} statements`,
    "",
    `p50 and p99 in milliseconds, one client; \\* is no filtered query.${takenAt(results, size)}`,
    "",
    ...table(["", ...measured.map(named)], rows),
    "",
  ];
}

/** @param {Results} results @param {string[]} sizes */
function onDisk(results, sizes) {
  return there(results).map((about) => [
    named(about),
    ...sizes.map((size) => {
      const bytes = results.bytes[size]?.[about.name];
      return bytes === null ? "none" : bytes === undefined ? "–" : counted(bytes / Number(size));
    }),
  ]);
}

/** What was answered in the place of an answer. @param {Results} results */
function troubles({ writes, reads, unfilled = {} }) {
  const told = /** @type {[string, Record<string, import("./targets.mjs").Rounds>][]} */ ([["writing", writes], ...Object.entries(reads).map(([size, by]) => [`reading from ${counted(Number(size))}`, by])]);
  const lines = told.flatMap(([what, by]) =>
    Object.entries(by).flatMap(([name, rounds]) =>
      Object.entries(rounds).flatMap(([asked, outcomes]) => {
        const first = outcomes.map(complaint).find((it) => it !== "");
        return first ? [`- ${name}, ${what}, ${asked}: ${first}`] : [];
      }),
    ),
  );
  for (const [name, sizes] of Object.entries(unfilled)) {
    lines.push(...Object.entries(sizes).map(([size, why]) => `- ${name} did not come to ${counted(Number(size))} statements: ${why}`));
  }
  return lines.length > 0 ? ["## What failed", "", ...lines, ""] : [];
}

/** @param {string[]} head @param {string[][]} rows */
function table(head, rows) {
  const line = (/** @type {string[]} */ cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), `|${head.map(() => "---").join("|")}|`, ...rows.map(line)];
}
