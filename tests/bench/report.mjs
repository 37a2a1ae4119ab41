// The report: what was reached beside what was to be reached, then every number.

import { METRICS, told } from "./metrics.mjs";
import { middle, ratio } from "./stats.mjs";
import { verdicts } from "./targets.mjs";

/**
 * @typedef {import("./targets.mjs").SceneResult} SceneResult
 * @typedef {import("./machine.mjs").Facts} Facts
 * @typedef {{facts: Facts, codeBytes: number, viewerBytes: number, rounds: number, scenes: SceneResult[]}} Results
 */

/** @param {Results} results @returns {string} Markdown */
export function report(results) {
  const { facts, scenes } = results;
  return [
    "# Beside a plain three.js viewer",
    "",
    "Written by `cargo xtask bench --report`; [README.md](README.md) says how to read it.",
    "",
    ...table(["", ""], aboutRun(results)),
    "",
    ...(facts.busy ? ["**The machine was busy with something else: take these numbers as rough.**", ""] : []),
    "## Targets",
    "",
    ...table(["target", "reached", ""], verdicts(results.codeBytes, scenes, METRICS).map((one) => [one.sentence, one.reached, one.verdict])),
    "",
    ...scenes.flatMap((scene) => [`## ${scene.title}`, "", ...numbers(scene), "", ...scene.notes.flatMap((note) => [note, ""])]),
    "## How each number was measured",
    "",
    ...Object.values(METRICS).map(({ title, how }) => `- *${title}*: ${how}.`),
    "",
  ].join("\n");
}

/** @param {Results} results @returns {string[][]} */
function aboutRun({ facts, codeBytes, viewerBytes, rounds }) {
  return [
    ["commit", facts.commit],
    ["taken", facts.date],
    ["processor", `${facts.cores} × ${facts.processor}`],
    ["memory", told(facts.memoryBytes, "bytes").replace(/\.\d+ MB/, " MB")],
    ["renderer", facts.renderer],
    ["browser", facts.browser],
    ["three.js", `r${facts.three}`],
    ["drawn", facts.drawn],
    ["used by others", `${Math.round(facts.othersBefore * 100)} % of the processors before, ${Math.round(facts.othersAfter * 100)} % after`],
    ["rounds", String(rounds)],
    ["our WebAssembly, compressed", told(codeBytes, "bytes")],
    ["three.js viewer, compressed", told(viewerBytes, "bytes")],
  ];
}

/** @param {SceneResult} scene */
function numbers({ tour, three }) {
  const rows = Object.entries(METRICS)
    .filter(([metric]) => (tour[metric] ?? []).length > 0)
    .map(([metric, { title, unit }]) => {
      const [ours, theirs] = [tour[metric] ?? [], three[metric] ?? []];
      return [title, spread(ours, unit), spread(theirs, unit), times(ours, theirs)];
    });
  return table(["median (quartiles)", "this tour", "three.js", "ratio"], rows);
}

/** @param {number[]} values @param {import("./metrics.mjs").Unit} unit */
function spread(values, unit) {
  const { median, low, high, count } = middle(values);
  const [mid, from, to] = [median, low, high].map((value) => told(value, unit));
  return count < 2 || from === to ? String(mid) : `${mid} (${from?.replace(/ .*/, "")}–${to})`;
}

/** @param {number[]} ours @param {number[]} theirs */
function times(ours, theirs) {
  const found = ratio(ours, theirs);
  if (!found) return "–";
  if (!found.told) return `not told: ${found.low.toFixed(2)} to ${found.high.toFixed(2)}`;
  return `**${found.median.toFixed(2)}** (${found.low.toFixed(2)}–${found.high.toFixed(2)})`;
}

/** @param {string[]} head @param {string[][]} rows */
function table(head, rows) {
  const line = (/** @type {string[]} */ cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), `|${head.map(() => "---").join("|")}|`, ...rows.map(line)];
}
