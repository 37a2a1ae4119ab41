// What is asked of record stores, and where it is written down what came of it.

import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { setting } from "../../browser/support/server.mjs";

/**
 * @typedef {object} Outcome what the load generator tells; `load/outcome.rs` says what each is
 * @property {number} requests
 * @property {number} statements
 * @property {number} secs
 * @property {number} p50Millis
 * @property {number} p99Millis
 * @property {number} maxMillis
 * @property {Record<string, {count: number, first: string}>} refused
 * @property {number} ownShare
 * @property {number} [medianOf] of how many rounds it is the median, where those are no longer there
 *
 * @typedef {object} Door where a store is asked
 * @property {string} address
 * @property {string} path
 * @property {Record<string, string>} headers
 *
 * @typedef {{write: {batch: number, from?: number, until?: number}} | {read: {query: string, of: number, least: number}}} Work
 * @typedef {{clients: number, warmMillis?: number, millis?: number, seed: number, work: Work}} Asked
 */

/** Batches and clients of the table of writes. */
export const BATCHES = [1, 10, 50, 100];
export const CLIENTS = [1, 64];

/** The seed of the statements that are asked for afterwards. */
export const KEPT = 1;

const VERB = "http%3A%2F%2Fadlnet.gov%2Fexpapi%2Fverbs%2F";
const VENUE = "https%3A%2F%2Ftours.example.edu%2Fxapi%2Fvenues%2Fred-boat";

/**
 * The common queries. `filtered` are those that the target is about; each answer holds `least`
 * statements or more, or it is no answer.
 * @type {{name: string, asks: string, query: string, filtered: boolean, least: number}[]}
 */
export const QUERIES = [
  { name: "one", asks: "one statement by its id", query: "?statementId={id}", filtered: false, least: 1 },
  { name: "newest", asks: "the newest 25", query: "?limit=25", filtered: false, least: 10 },
  { name: "visit", asks: "a visit, by its registration", query: "?registration={registration}&limit=25", filtered: true, least: 10 },
  { name: "learner", asks: "a learner", query: "?agent={agent}&limit=25", filtered: true, least: 10 },
  { name: "answers", asks: "what a learner answered", query: `?agent={agent}&verb=${VERB}answered&limit=25`, filtered: true, least: 1 },
  { name: "verb", asks: "the newest 25 of a verb", query: `?verb=${VERB}passed&limit=25`, filtered: true, least: 10 },
  { name: "stop", asks: "the newest 25 of an activity and a verb", query: `?activity=${VENUE}&verb=${VERB}completed&limit=25`, filtered: true, least: 10 },
  { name: "since", asks: "the first 25 of a verb since half of all were stored", query: `?verb=${VERB}completed&since={half}&ascending=true&limit=25`, filtered: true, least: 10 },
];

/**
 * The statements of one visit, as the server's own tests have them; but for the largest score that there
 * could have been, since `xapi-rs` takes no score that reaches it.
 */
export async function visit() {
  const file = new URL("../../../src/wire/tests/data/statements.json", import.meta.url);
  const statements = JSON.parse(await readFile(file, "utf8"));
  for (const { result } of statements) delete result?.score?.max;
  return statements;
}

/** Has the load generator ask. @param {Door} door @param {Asked} asked @returns {Promise<Outcome>} */
export async function ask({ address, path, headers }, { clients, warmMillis = 0, millis = 0, seed, work }) {
  const plan = { address, path, headers, clients, warmMillis, millis, seed, statements: await visit(), work };
  const generator = spawn(setting("XINGHUO_LOAD"), [], { stdio: ["pipe", "pipe", "pipe"] });
  let [said, wrong] = ["", ""];
  generator.stdout.on("data", (text) => (said += text));
  generator.stderr.on("data", (text) => (wrong += text));
  generator.stdin.end(JSON.stringify(plan));
  const code = await new Promise((done) => generator.on("close", done));
  if (code !== 0) throw new Error(`the load generator failed: ${wrong.trim()}`);
  return JSON.parse(said);
}

/** What is wrong with an outcome, if anything is. @param {Outcome} outcome */
export function complaint({ requests, refused }) {
  const [first] = Object.entries(refused);
  if (first) return `${first[0]} × ${first[1].count}: ${first[1].first.replaceAll(/\s+/g, " ").slice(0, 120)}`;
  return requests === 0 ? "no answer in time" : "";
}
