// The outbox: everything arrives, in order, whatever the network and the server do.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError } from "../../web/record/api.js";
import { BATCH_BYTES, BATCH_ENTRIES, firstBatch, Outbox } from "../../web/record/outbox.js";
import { inMemory } from "../../web/record/store.js";

const entry = (seq, action = { type: "story", stop: "table" }) => ({ seq, at: seq * 1000, action });
const answer = (seq) => entry(seq, { type: "answer", question: "who", response: { kind: "single", value: "wang" } });
const row = () => ({ visit: "v", token: "t", seed: 1, venue: "boat", package: "h", startedAt: 0, accepted: 0 });

/** A clock whose timers run when told. */
function handClock() {
  const timers = new Map();
  let next = 0;
  return {
    timers,
    random: () => 0.5,
    after(run, millis) {
      timers.set((next += 1), { run, millis });
      return next;
    },
    cancel: (timer) => timers.delete(timer),
    async tick() {
      const due = [...timers];
      timers.clear();
      for (const [, { run }] of due) run();
      await settle();
    },
  };
}

const settle = async () => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  await new Promise((resolve) => setImmediate(resolve));
};

/** A server that keeps what it takes, and does what `mood` says first. */
function server() {
  const kept = [];
  return {
    kept,
    requests: [],
    mood: null,
    async evidence(_ticket, entries, keepalive) {
      this.requests.push({ entries, keepalive });
      const mood = this.mood;
      if (mood === "down") throw new ApiError("UNREACHABLE", 0, 0, {});
      if (mood?.error) throw mood.error;
      for (const one of entries) if (one.seq === kept.length + 1) kept.push(one);
      if (mood === "answer-lost") throw new ApiError("UNREACHABLE", 0, 0, {});
      const verdicts = entries
        .filter((one) => one.action.type === "answer")
        .map((one) => ({ seq: one.seq, question: one.action.question, right: true }));
      return { acceptedThrough: kept.length, verdicts, record: {} };
    },
  };
}

function given() {
  const clock = handClock();
  const api = server();
  const store = inMemory();
  const heard = { verdicts: [], statuses: [], problems: [] };
  const listener = {
    onVerdicts: (verdicts) => heard.verdicts.push(...verdicts),
    onStatus: (status) => heard.statuses.push(status),
    onProblem: (problem, reason) => heard.problems.push([problem, reason]),
  };
  const outbox = new Outbox(row(), store, api, listener, clock);
  return { clock, api, store, heard, outbox };
}

test("entries are written down before they are sent", async () => {
  const { outbox, store, api } = given();
  outbox.append(entry(1));
  await settle();
  assert.deepEqual(await store.entries("v"), [entry(1)]);
  assert.equal(api.requests.length, 0);
});

test("an answer is sent at once and its verdict is learned", async () => {
  const { outbox, clock, api, heard, store } = given();
  outbox.append(entry(1));
  outbox.append(answer(2));
  assert.equal([...clock.timers.values()].at(-1).millis, 0);
  await clock.tick();
  assert.equal(api.kept.length, 2);
  assert.deepEqual(heard.verdicts, [{ seq: 2, question: "who", right: true }]);
  assert.deepEqual(await store.verdicts("v"), heard.verdicts);
  assert.equal(heard.statuses.at(-1), "saved");
});

test("a lost answer of the server costs a repetition and nothing else", async () => {
  const { outbox, clock, api } = given();
  api.mood = "answer-lost";
  outbox.append(entry(1));
  await clock.tick();
  api.mood = null;
  outbox.append(entry(2));
  await clock.tick();
  assert.deepEqual(api.kept.map((one) => one.seq), [1, 2]);
  assert.deepEqual(api.requests[1].entries.map((one) => one.seq), [1, 2]);
});

test("a package that is gone is said so, and everything is kept until it is back", async () => {
  const { outbox, clock, api, heard, store } = given();
  api.mood = { error: new ApiError("PACKAGE_GONE", 503, 60_000, {}) };
  outbox.append(answer(1));
  await clock.tick();
  assert.deepEqual(heard.problems, [["package-gone", "PACKAGE_GONE"]]);
  assert.equal([...clock.timers.values()][0].millis, 60_000);
  assert.equal((await store.entries("v")).length, 1);
  api.mood = null;
  await clock.tick();
  assert.equal(api.kept.length, 1);
  assert.equal(heard.statuses.at(-1), "saved");
});

test("failures wait twice as long each time and end when the network is back", async () => {
  const { outbox, clock, api, heard } = given();
  api.mood = "down";
  outbox.append(entry(1));
  const waits = [];
  for (let time = 0; time < 9; time += 1) {
    await clock.tick();
    waits.push([...clock.timers.values()][0].millis);
  }
  assert.deepEqual(waits, [500, 1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000]);
  assert.equal(heard.statuses.at(-1), "offline");
  api.mood = null;
  await outbox.flush();
  assert.equal(api.kept.length, 1);
  assert.equal(heard.statuses.at(-1), "saved");
});

test("what the server asks to wait is waited", async () => {
  const { outbox, clock, api } = given();
  api.mood = { error: new ApiError("TOO_MANY", 429, 30_000, {}) };
  outbox.append(entry(1));
  await clock.tick();
  assert.equal([...clock.timers.values()][0].millis, 30_000);
});

test("a long log goes in batches and arrives in order", async () => {
  const { outbox, clock, api } = given();
  const log = Array.from({ length: 120 }, (_, index) => entry(index + 1));
  outbox.resume(log);
  while (clock.timers.size > 0) await clock.tick();
  assert.deepEqual(api.kept, log);
  assert.deepEqual(api.requests.map((one) => one.entries.length), [BATCH_ENTRIES, BATCH_ENTRIES, 20]);
});

test("a batch stays below the server's limit of bytes", () => {
  const long = { type: "answer", question: "q", response: { kind: "order", value: ["x".repeat(5000)] } };
  const batch = firstBatch(Array.from({ length: 40 }, (_, index) => entry(index + 1, long)));
  assert.ok(batch.length > 1 && batch.length < 40);
  assert.ok(new TextEncoder().encode(JSON.stringify({ entries: batch })).length <= BATCH_BYTES);
});

test("refused entries are set aside and none is lost", async () => {
  const { outbox, clock, api, store, heard } = given();
  api.mood = { error: new ApiError("REFUSED", 422, 0, { reason: "not-there", seq: 2, acceptedThrough: 1 }) };
  for (const seq of [1, 2, 3]) outbox.append(entry(seq));
  await clock.tick();
  assert.deepEqual(heard.problems, [["refused", "not-there"]]);
  assert.deepEqual((await store.entries("v")).map((one) => one.seq), [1]);
  assert.deepEqual((await store.quarantined("v")).map((one) => one.entry.seq), [2, 3]);
});

test("a conflict is set aside too, and nothing more is sent", async () => {
  const { outbox, clock, api, heard } = given();
  api.mood = { error: new ApiError("SEQ_CONFLICT", 409, 0, {}) };
  outbox.append(entry(1));
  await clock.tick();
  outbox.append(entry(2));
  await clock.tick();
  assert.equal(api.requests.length, 1);
  assert.equal(heard.problems[0][0], "refused");
});

test("a server that lost entries gets them again", async () => {
  const { outbox, clock, api } = given();
  for (const seq of [1, 2, 3]) outbox.append(entry(seq));
  await clock.tick();
  api.kept.length = 1;
  api.mood = { error: new ApiError("SEQ_GAP", 409, 0, { expected: 2 }) };
  outbox.append(entry(4));
  await clock.tick();
  api.mood = null;
  await clock.tick();
  assert.deepEqual(api.kept.map((one) => one.seq), [1, 2, 3, 4]);
});

test("an unknown visit stops the outbox and says so", async () => {
  const { outbox, clock, api, heard } = given();
  api.mood = { error: new ApiError("UNKNOWN_VISIT", 404, 0, {}) };
  outbox.append(entry(1));
  await clock.tick();
  assert.deepEqual(heard.problems, [["unknown-visit", "UNKNOWN_VISIT"]]);
  assert.equal(clock.timers.size, 0);
});

test("a visit that goes on elsewhere stops the outbox, and what it holds is not set aside", async () => {
  const { outbox, clock, api, heard } = given();
  api.mood = { error: new ApiError("VISIT_ELSEWHERE", 409, 0, {}) };
  outbox.append(entry(1));
  await clock.tick();
  assert.deepEqual(heard.problems, [["elsewhere", "VISIT_ELSEWHERE"]]);
  assert.equal(clock.timers.size, 0);
});

test("leaving the page sends what waits, and keeps it until it is acknowledged", async () => {
  const { outbox, clock, api } = given();
  outbox.append(entry(1));
  outbox.flushOnLeave();
  await settle();
  assert.equal(api.requests[0].keepalive, true);
  await clock.tick();
  assert.equal(api.requests.length, 2);
  assert.equal(api.kept.length, 1);
});

test("what a leave has sent already is not asked about again with an empty batch", async () => {
  const { clock, api, heard, outbox } = given();
  let answerFirst = () => {};
  const take = api.evidence.bind(api);
  api.evidence = async (...call) => {
    if (api.requests.length === 0) {
      api.requests.push({ entries: call[1], keepalive: false });
      await new Promise((resolve) => (answerFirst = resolve));
      return take(...call);
    }
    return take(...call);
  };
  outbox.append(entry(1));
  await clock.tick();
  outbox.append(entry(2));
  outbox.flushOnLeave();
  await settle();
  answerFirst();
  await settle();
  await clock.tick();
  assert.deepEqual(api.requests.filter(({ entries }) => entries.length === 0), []);
  assert.equal(api.kept.length, 2);
  assert.equal(heard.statuses.at(-1), "saved");
  assert.deepEqual(heard.problems, []);
});
