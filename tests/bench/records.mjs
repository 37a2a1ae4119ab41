// Our record store beside others, in turns, by one load generator. Run by `cargo xtask bench records`.

import { execFile } from "node:child_process";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { setting } from "../browser/support/server.mjs";
import { commitOf, hardware, inUse, isBusy } from "./machine.mjs";
import { optionsOf } from "./records/options.mjs";
import { ours } from "./records/ours.mjs";
import { learningLocker, ralph, xapiRs } from "./records/peers.mjs";
import { Postgres } from "./records/postgres.mjs";
import { report } from "./records/report.mjs";
import { cell } from "./records/targets.mjs";
import { BATCHES, CLIENTS, KEPT, QUERIES, ask, complaint } from "./records/work.mjs";

/**
 * @typedef {import("./records/peers.mjs").Subject} Subject
 * @typedef {{of: number, half: string}} Filled how many statements are stored, and when half of them were
 */

const HERE = dirname(fileURLToPath(import.meta.url));
const QUIET_MILLIS = 3000;
const FILLING = { clients: 4, batch: 100 };
/** Peers are filled by one client: of those measured, one refuses what several send it at once. */
const FILLING_PEERS = { clients: 1, batch: 100 };

const say = (/** @type {string} */ text) => process.stdout.write(`${text}\n`);
const options = optionsOf(process.argv.slice(2));
const time = options.quick ? { warmMillis: 200, millis: 800 } : { warmMillis: 700, millis: 2800 };
/** Many clients are answered in waves, and it takes several of them to tell a rate. */
const WAVES = 3;
const work = join(setting("XINGHUO_BENCH"), "records");
const file = join(work, "results.json");
/** The numbers of the report, beside it: with `--keep` a part of them can be measured anew on any machine. */
const reported = join(HERE, "RECORDS.json");
await mkdir(work, { recursive: true });
const earlier = async () => {
  for (const path of [file, reported]) {
    const results = await readFile(path, "utf8").then(JSON.parse, () => null);
    if (results) return results;
  }
  return null;
};

/** @type {import("./records/targets.mjs").Results & {facts: import("./records/report.mjs").Facts}} */
const results = (options.keep && (await earlier())) || {
  facts: { others: [] },
  subjects: {},
  writes: {},
  reads: {},
  bytes: {},
  taken: {},
};

const commit = await commitOf(join(HERE, "../.."));
const now = () => new Date().toISOString().slice(0, 16).replace("T", " ");
const before = await inUse(QUIET_MILLIS);
const postgres = await Postgres.begin();
/** @type {Subject[]} */
const subjects = [];
try {
  await gather();
  if (options.part !== "reads") await writes();
  if (options.part !== "writes") await reads();
} finally {
  for (const subject of subjects) await subject.end();
  await postgres.end();
  if (!options.keep) await rm(join(work, "data"), { recursive: true, force: true });
}
const others = [...results.facts.others, before, await inUse(QUIET_MILLIS)];
results.facts = {
  commit,
  date: now(),
  ...hardware(),
  others,
  busy: isBusy(others),
};
await writeFile(file, JSON.stringify(results, null, 1));
const text = report(results);
say(`\n${text}`);
if (options.report) {
  await writeFile(join(HERE, "RECORDS.md"), text);
  await writeFile(reported, `${JSON.stringify(results, null, 1)}\n`);
}

/** Finds everybody, installs who is missing, and names who cannot be had. */
async function gather() {
  const data = join(work, "data");
  const peers = join(work, "peers");
  const all = [
    { name: "Xinghuo, SQLite", make: async () => ours(join(data, "sqlite"), null) },
    { name: "Xinghuo, PostgreSQL", make: async () => ours(join(data, "postgres"), postgres) },
    { name: "xapi-rs", make: () => xapiRs(join(peers, "xapi-rs"), postgres) },
    { name: "Learning Locker xapi-statements", make: () => learningLocker(join(peers, "learning-locker")) },
    { name: "Ralph (file store, appending)", make: () => ralph(join(peers, "ralph")) },
  ];
  for (const { name, make } of all.filter((it) => it.name.toLowerCase().includes(options.only))) {
    try {
      const subject = await make();
      // What is filled already was there before, and is not to be emptied.
      if (!(await filledBefore(subject))) await tryOut(subject);
      const { version, durability, ours } = subject;
      results.subjects[name] = { name, version, durability, ours };
      subjects.push(subject);
      await subject.end();
    } catch (cause) {
      const missing = String(cause instanceof Error ? cause.message : cause).replaceAll(/\s+/g, " ").slice(0, 200);
      const about = { name, version: "", durability: "", ours: name.startsWith("Xinghuo"), missing };
      results.subjects[name] ??= about;
      say(`${name} is left out: ${missing}`);
    }
  }
}

/** That it starts and takes a statement is part of being there. @param {Subject} subject */
async function tryOut(subject) {
  const door = await subject.begin();
  const asked = { clients: 1, seed: Date.now(), work: { write: { batch: 1, until: 1 } } };
  const wrong = complaint(await ask(door, asked));
  if (wrong) throw new Error(wrong);
}

/** What an earlier run has left to be read from. @param {Subject} subject @returns {Promise<Filled | null>} */
async function filledBefore({ kept }) {
  return options.keep && options.part === "reads" && kept ? readFile(kept, "utf8").then(JSON.parse, () => null) : null;
}

/** Every batch and every number of clients, everybody in turn, each with nothing stored. */
async function writes() {
  for (const clients of CLIENTS) {
    const times = clients > 1 ? WAVES : 1;
    const long = { warmMillis: time.warmMillis * times, millis: time.millis * times };
    for (const batch of BATCHES) {
      for (const subject of subjects) {
        const door = await subject.emptied();
        const outcome = await ask(door, { ...long, clients, seed: Date.now(), work: { write: { batch } } });
        await subject.end();
        const wrong = complaint(outcome);
        const perSec = Math.round(outcome.statements / outcome.secs);
        say(`${subject.name}, ${clients} × ${batch}: ${wrong || `${perSec} statements a second, p99 ${outcome.p99Millis} ms`}`);
        ((results.writes[subject.name] ??= {})[cell(batch, clients)] ??= []).push(outcome);
        taken("writing");
        await writeFile(file, JSON.stringify(results, null, 1));
      }
    }
  }
}

/** Notes of which build a part of the report was taken, on what, and when last. @param {string} part */
function taken(part) {
  const all = ((results.taken ??= {})[part] ??= []).filter((one) => one.commit !== commit);
  const { processor, cores } = hardware();
  results.taken[part] = [...all, { commit, date: now(), processor: `${cores} × ${processor}` }];
}

/** The common queries: everybody at the smallest size, ours as it grows. */
async function reads() {
  const large = options.quick ? [20_000] : [1_000_000, ...(options.tenMillion ? [10_000_000] : [])];
  for (const subject of subjects) {
    const kept = await filledBefore(subject);
    let filled = kept ?? { of: 0, half: "" };
    let door = kept ? await subject.again() : await subject.emptied();
    for (const size of [10_000, ...(subject.ours ? large : [])].filter((size) => size >= filled.of)) {
      if (filled.of < size) filled = await fill(subject, door, filled, size);
      if (filled.of < size) break;
      if (subject.ours) await subject.end();
      // Nobody is to wait for the disk to take what filling has left in memory.
      await promisify(execFile)("sync");
      (results.bytes[size] ??= {})[subject.name] = await subject.bytes();
      if (subject.ours) door = await subject.again();
      await subject.warm?.();
      for (const { name, asks, query, least } of QUERIES) {
        const read = { query: query.replace("{half}", encodeURIComponent(filled.half)), of: size, least };
        const outcome = await ask(door, { ...time, clients: 1, seed: KEPT, work: { read } });
        say(`${subject.name}, ${size}, ${asks}: ${complaint(outcome) || `p50 ${outcome.p50Millis} ms, p99 ${outcome.p99Millis} ms`}`);
        (((results.reads[size] ??= {})[subject.name] ??= {})[name] ??= []).push(outcome);
        taken(String(size));
        await writeFile(file, JSON.stringify(results, null, 1));
      }
    }
    await subject.end();
  }
}

/**
 * Stores statements through the API until there are so many; tells when half of them were there.
 * @param {Subject} subject @param {import("./records/work.mjs").Door} door @param {Filled} filled @param {number} size
 */
async function fill(subject, door, { of, half }, size) {
  const began = Date.now();
  for (const until of [Math.max(of, size / 2), size]) {
    const { clients, batch } = subject.ours ? FILLING : FILLING_PEERS;
    const outcome = await ask(door, { clients, seed: KEPT, work: { write: { batch, from: of, until } } });
    const wrong = complaint(outcome);
    if (wrong && until > of) {
      say(`${subject.name} could not be filled: ${wrong}`);
      ((results.unfilled ??= {})[subject.name] ??= {})[size] = wrong;
      return { of, half };
    }
    if (until <= size / 2 || of > size / 2) half = new Date().toISOString();
    of = until;
  }
  say(`${subject.name}: ${size} statements after ${Math.round((Date.now() - began) / 1000)} s`);
  if (subject.kept && options.keep) await writeFile(subject.kept, JSON.stringify({ of, half }));
  return { of, half };
}
