// What was to be reached, and what was; and the sums behind it.

import { middle } from "../stats.mjs";
import { CLIENTS, QUERIES } from "./work.mjs";

/**
 * @typedef {import("./work.mjs").Outcome} Outcome
 * @typedef {{name: string, version: string, durability: string, ours: boolean, missing?: string}} About
 * @typedef {Record<string, Outcome[]>} Rounds by what was asked
 *
 * @typedef {object} Results
 * @property {Record<string, About>} subjects
 * @property {Record<string, Rounds>} writes by the store's name, and by batch and clients
 * @property {Record<string, Record<string, Rounds>>} reads by how many statements there were, the store's name and the query's
 * @property {Record<string, Record<string, number | null>>} bytes by how many statements there were, and by the store's name
 * @property {Record<string, {commit: string, date: string, processor?: string}[]>} [taken] by part: "writing", or how many statements there were to read from
 * @property {Record<string, Record<string, string>>} [unfilled] why a store did not come to so many statements
 *
 * @typedef {{sentence: string, reached: string, verdict: string}} Verdict
 */

/** How many times the fastest peer's rate ours is to be, in batches of this many. */
const TIMES = 5;
const BATCH = 50;
/** How many times the latency at the small size that at the large size may be. */
const SLOWER = 2;
const SMALL = "10000";
const LARGE = "10000000";

/** @param {number} batch @param {number} clients */
export const cell = (batch, clients) => `${batch} × ${clients}`;

/** Whether everything that was asked was answered as it should be. @param {Outcome[] | undefined} rounds */
export const isWhole = (rounds) => (rounds ?? []).length > 0 && (rounds ?? []).every(({ requests, refused }) => requests > 0 && Object.keys(refused).length === 0);

/** Statements in a second: the median of the rounds. @param {Outcome[] | undefined} rounds */
export function rate(rounds) {
  return isWhole(rounds) ? middle((rounds ?? []).map(({ statements, secs }) => statements / secs)).median : NaN;
}

/** The median of the rounds. @param {Outcome[] | undefined} rounds @param {"p50Millis" | "p99Millis"} which */
export function latency(rounds, which) {
  return isWhole(rounds) ? middle((rounds ?? []).map((round) => round[which])).median : NaN;
}

/** A name with its durability, so that no figure is read without it. @param {About} about */
export const named = ({ name, durability }) => `${name} – ${durability}`;

/** @param {boolean | null} met */
const verdict = (met) => (met === null ? "not measured" : met ? "**met**" : "**missed**");
const counted = (/** @type {number} */ value) => Math.round(value).toLocaleString("en");

/** @param {Results} results @returns {Verdict[]} */
export function verdicts(results) {
  const ours = Object.values(results.subjects).filter((it) => it.ours);
  return [...ours.flatMap((about) => [CLIENTS, ...CLIENTS.map((one) => [one])].map((clients) => beside(results, about, clients))), ...ours.map((about) => grown(results, about))];
}

/**
 * What a store can do beside what the fastest peer can, each with that number of clients which suits it best.
 * @param {Results} results @param {About} about @param {number[]} clients @returns {Verdict}
 */
function beside({ subjects, writes }, about, clients) {
  const { name } = about;
  const of = (/** @type {string} */ one) => Math.max(...clients.map((it) => rate(writes[one]?.[cell(BATCH, it)]) || 0));
  const theirs = Object.values(subjects).filter((it) => !it.ours).map((it) => ({ name: it.name, rate: of(it.name) }));
  const fastest = theirs.filter((it) => it.rate > 0).sort((a, b) => b.rate - a.rate)[0];
  const how = clients.length > 1 ? "each with the number of clients that suits it best" : clients[0] === 1 ? "1 client" : `${clients[0]} clients`;
  const sentence = `${named(about)}, ${how}: ${TIMES} × the fastest peer's rate in batches of ${BATCH}`;
  const our = of(name);
  if (!fastest || !(our > 0)) return { sentence, reached: "", verdict: verdict(null) };
  const times = our / fastest.rate;
  return { sentence, reached: `${times.toFixed(1)} × (${counted(our)} a second; ${fastest.name}: ${counted(fastest.rate)})`, verdict: verdict(times >= TIMES) };
}

/** The filtered query that slowed down most. @param {Results} results @param {About} about @returns {Verdict} */
function grown({ reads }, about) {
  const { name } = about;
  const sentence = `${named(about)}: p99 of each filtered query at 10 million at most ${SLOWER} × that at 10 thousand`;
  const times = QUERIES.filter((it) => it.filtered).map(({ name: query, asks }) => {
    const at = (/** @type {string} */ size) => latency(reads[size]?.[name]?.[query], "p99Millis");
    return { asks, small: at(SMALL), large: at(LARGE), times: at(LARGE) / at(SMALL) };
  });
  if (times.some((it) => Number.isNaN(it.times))) return { sentence, reached: "", verdict: verdict(null) };
  const worst = times.sort((a, b) => b.times - a.times)[0];
  if (!worst) return { sentence, reached: "", verdict: verdict(null) };
  return { sentence, reached: `${worst.times.toFixed(1)} × for ${worst.asks} (${worst.small.toFixed(2)} → ${worst.large.toFixed(2)} ms)`, verdict: verdict(worst.times <= SLOWER) };
}
