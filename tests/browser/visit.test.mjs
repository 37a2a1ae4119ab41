// A visit on this device: kept in IndexedDB, resumed from there and from the server.

import "fake-indexeddb/auto";
import assert from "node:assert/strict";
import { test } from "node:test";
import { Api, ApiError } from "../../web/record/api.js";
import { CONSENT } from "../../web/record/consent.js";
import { backOff, retryAfter } from "../../web/record/backoff.js";
import { inMemory, openStore } from "../../web/record/store.js";
import { merged, mergedVerdicts, unbroken, Visit } from "../../web/record/visit.js";

const entry = (seq) => ({ seq, at: seq * 1000, action: { type: "arrive", stop: `stop-${seq}` } });
const quiet = { onVerdicts() {}, onStatus() {}, onProblem() {} };
const wish = { venue: "boat", package: "h", language: "en", consent: CONSENT };

function api(visit = {}) {
  return {
    created: 0,
    erased: [],
    async create() {
      this.created += 1;
      return { visit: `v${this.created}`, token: "t", seed: 7, venue: "boat", package: "h", created: "2026-11-22T10:00:00Z", serverNow: "2026-11-22T10:00:02Z" };
    },
    async visit() {
      if (visit instanceof Error) throw visit;
      return { entries: [], verdicts: [], ...visit };
    },
    async evidence(_ticket, entries) {
      return { acceptedThrough: entries.at(-1).seq, verdicts: [], record: {} };
    },
    async erase({ visit: id }) {
      this.erased.push(id);
    },
  };
}

for (const [name, open] of [["in IndexedDB", async () => (await openStore()).store], ["in memory", async () => inMemory()]]) {
  test(`the store keeps entries in order and forgets them all, ${name}`, async () => {
    const store = await open();
    const row = { visit: `a-${name}`, token: "t", seed: 1, venue: name, package: "h", startedAt: 5, accepted: 0 };
    await store.begin(row);
    await store.append(row.visit, [entry(2)]);
    await store.append(row.visit, [entry(1), entry(11)]);
    await store.learn(row.visit, [{ seq: 2, question: "q", right: false }]);
    await store.quarantine(row.visit, [entry(11)], "late");
    assert.deepEqual(await store.current(name), row);
    assert.deepEqual(await store.entries(row.visit), [entry(1), entry(2)]);
    assert.deepEqual(await store.verdicts(row.visit), [{ seq: 2, question: "q", right: false }]);
    assert.deepEqual(await store.quarantined(row.visit), [{ entry: entry(11), reason: "late" }]);
    await store.forget(row);
    assert.equal(await store.current(name), null);
    assert.deepEqual(await store.entries(row.visit), []);
    assert.deepEqual(await store.verdicts(row.visit), []);
  });
}

test("a store that cannot be opened is one in memory, and says so", async () => {
  const real = indexedDB.open;
  indexedDB.open = () => {
    throw new Error("private mode");
  };
  const { durable } = await openStore();
  indexedDB.open = real;
  assert.equal(durable, false);
});

test("a new visit begins as old as the server says", async () => {
  const visit = await Visit.begin(inMemory(), api(), wish);
  const beginning = await visit.open(quiet);
  assert.equal(beginning.seed, 7);
  assert.ok(beginning.startedMsAgo >= 2000 && beginning.startedMsAgo < 3000);
});

test("a visit is resumed from this device when the server cannot be reached", async () => {
  const store = inMemory();
  const visit = await Visit.begin(store, api(), wish);
  await visit.open(quiet);
  visit.append(entry(1));
  visit.append(entry(2));
  await new Promise(setImmediate);
  const again = new Visit(await store.current("boat"), store, api(new ApiError("UNREACHABLE", 0, 0, {})));
  const { entries, startedMsAgo } = await again.open(quiet);
  assert.deepEqual(entries, [entry(1), entry(2)]);
  assert.ok(startedMsAgo >= 2000);
  again.stop();
  visit.stop();
});

test("what only the server has is added, and what it lost is sent again", async () => {
  const store = inMemory();
  const row = { visit: "v", token: "t", seed: 1, venue: "boat", package: "h", startedAt: 0, accepted: 3, consent: CONSENT };
  await store.begin(row);
  await store.append("v", [entry(1)]);
  const verdict = { seq: 2, question: "q", right: true };
  const behind = new Visit(row, store, api({ entries: [entry(1), entry(2)], verdicts: [verdict] }));
  const { entries, verdicts } = await behind.open(quiet);
  assert.deepEqual(entries, [entry(1), entry(2)]);
  assert.deepEqual(verdicts, [verdict]);
  assert.equal(behind.row.accepted, 2);
  behind.stop();
});

test("a visit unknown to the server is told", async () => {
  const store = inMemory();
  const problems = [];
  await store.begin({ visit: "v", token: "t", seed: 1, venue: "boat", package: "h", startedAt: 0, accepted: 1, consent: CONSENT });
  const visit = new Visit(await store.current("boat"), store, api(new ApiError("UNKNOWN_VISIT", 404, 0, {})));
  await visit.open({ ...quiet, onProblem: (problem) => problems.push(problem) });
  assert.deepEqual(problems, ["unknown-visit"]);
  visit.stop();
});

test("a visit that was begun elsewhere is gone on with from the server's log, in place of what was here", async () => {
  const store = inMemory();
  await Visit.begin(store, api(), wish);
  await store.append("v1", [entry(1), entry(2), entry(3)]);
  const verdict = { seq: 2, question: "q", right: true };
  const ticket = { visit: "w", token: "u", seed: 9, venue: "boat", package: "h", created: "2026-11-22T10:00:00Z", serverNow: "2026-11-22T10:05:00Z" };
  const server = api({ entries: [entry(1), entry(2)], verdicts: [verdict] });
  const adopted = await Visit.adopt(store, server, ticket);
  const { seed, entries, verdicts, startedMsAgo } = await adopted.open(quiet);
  assert.equal(seed, 9);
  assert.deepEqual(entries, [entry(1), entry(2)]);
  assert.deepEqual(verdicts, [verdict]);
  assert.ok(startedMsAgo >= 300_000);
  assert.deepEqual({ ...(await store.current("boat")), startedAt: 0 }, { visit: "w", token: "u", seed: 9, venue: "boat", package: "h", startedAt: 0, accepted: 2, consent: CONSENT });
  adopted.stop();
});

test("what this device knows of a visit stays so when the visit comes back", async () => {
  const store = inMemory();
  await store.begin({ visit: "w", token: "t", seed: 9, venue: "boat", package: "h", startedAt: 0, accepted: 0, agreed: 3 });
  const ticket = { visit: "w", token: "u", seed: 9, venue: "boat", package: "h", created: "2026-11-22T10:00:00Z", serverNow: "2026-11-22T10:05:00Z" };
  await Visit.adopt(store, api(), ticket);
  const { token, agreed } = await store.current("boat");
  assert.deepEqual([token, agreed], ["u", 3]);
  await Visit.adopt(store, api(), { ...ticket, visit: "x" });
  assert.equal((await store.current("boat")).agreed, undefined);
});

test("a ticket whose log could not be had is kept, and the log is asked for again", async () => {
  const store = inMemory();
  const ticket = { visit: "w", token: "u", seed: 9, venue: "boat", package: "h", created: "2026-11-22T10:00:00Z", serverNow: "2026-11-22T10:05:00Z" };
  await assert.rejects(Visit.adopt(store, api(new ApiError("UNREACHABLE", 0, 0, {})), ticket), ApiError);
  const later = new Visit(await store.current("boat"), store, api({ entries: [entry(1)] }));
  assert.deepEqual((await later.open(quiet)).entries, [entry(1)]);
  later.stop();
});

test("a visit that goes on elsewhere is told to do so, and can be erased all the same", async () => {
  const store = inMemory();
  const problems = [];
  const elsewhere = new ApiError("VISIT_ELSEWHERE", 409, 0, {});
  const server = api(elsewhere);
  server.erase = async ({ token }) => {
    if (token !== "back") throw elsewhere;
    server.erased.push(token);
  };
  server.takeBack = async () => ({ visit: "v", token: "back" });
  await store.begin({ visit: "v", token: "t", seed: 1, venue: "boat", package: "h", startedAt: 0, accepted: 1, consent: CONSENT });
  const visit = new Visit(await store.current("boat"), store, server);
  await visit.open({ ...quiet, onProblem: (problem) => problems.push(problem) });
  assert.deepEqual(problems, ["elsewhere"]);
  await visit.erase();
  assert.deepEqual(server.erased, ["back"]);
  assert.equal(await store.current("boat"), null);
});

test("erasing removes the visit from the server and from this device", async () => {
  const store = inMemory();
  const server = api();
  const visit = await Visit.begin(store, server, wish);
  await visit.open(quiet);
  await visit.erase();
  assert.deepEqual(server.erased, ["v1"]);
  assert.equal(await store.current("boat"), null);
});

test("a visit that nobody records asks the server for nothing", async () => {
  const server = api();
  const visit = await Visit.unrecorded(inMemory(), server, wish);
  const { seed } = await visit.open(quiet);
  visit.append(entry(1));
  assert.equal(visit.recorded, false);
  assert.equal(server.created, 0);
  assert.ok(Number.isSafeInteger(seed) && seed >= 0);
});

test("a visit whose visitor does not agree is sent nowhere, even if the server knows it", async () => {
  const store = inMemory();
  const server = api();
  server.evidence = () => assert.fail("nothing is sent");
  const visit = await Visit.begin(store, server, wish);
  for (const consent of [0, undefined, CONSENT + 1]) {
    const row = { ...visit.row, consent };
    const other = new Visit(row, store, server);
    await other.open(quiet);
    other.append(entry(1));
    await other.flush();
    assert.equal(other.recorded, false);
  }
  await new Visit({ ...visit.row, consent: 0 }, store, server).erase();
  assert.deepEqual(server.erased, ["v1"], "what was recorded before can be erased");
});

test("forgetting an earlier visit leaves the one that its venue is on", async () => {
  const { store } = await openStore();
  const row = { token: "t", seed: 1, venue: "pair", package: "h", startedAt: 1, accepted: 0 };
  await store.begin({ ...row, visit: "first" });
  await store.begin({ ...row, visit: "second", startedAt: 2 });
  const all = (await store.all()).filter(({ venue }) => venue === "pair");
  assert.deepEqual(all.map(({ visit }) => visit), ["second", "first"]);
  await store.forget({ ...row, visit: "first" });
  assert.equal((await store.current("pair")).visit, "second");
});

test("a log is followed to its first gap", () => {
  assert.deepEqual(unbroken([entry(1), entry(2), entry(4)]), [entry(1), entry(2)]);
  assert.deepEqual(merged([entry(1), entry(2), entry(3)], [entry(1), entry(2)]), [entry(1), entry(2), entry(3)]);
});

test("what the server once said of an answer is kept when it no longer knows", () => {
  const wrong = { seq: 2, question: "q", right: false };
  const told = { ...wrong, leadBack: "bow", hint: { en: "Look." } };
  assert.deepEqual(mergedVerdicts([told], [wrong]), [told]);
  assert.deepEqual(mergedVerdicts([], [told]), [told]);
  const right = { ...wrong, right: true };
  assert.deepEqual(mergedVerdicts([told], [right]), [right]);
});

test("what is said to an answer is put beside the verdict on it, and no other", async () => {
  const answer = {
    acceptedThrough: 2,
    verdicts: [{ seq: 1, question: "a", right: true }, { seq: 2, question: "b", right: false, leadBack: "bow" }],
    feedback: { a: { en: "Yes." }, b: { en: "Never." } },
    hints: { a: { en: "Never." }, b: { en: "Look." } },
  };
  const server = new Api("/api/v1", async () => new Response(JSON.stringify(answer)));
  const { verdicts } = await server.evidence({ visit: "v", token: "t" }, []);
  assert.deepEqual(verdicts, [
    { seq: 1, question: "a", right: true, feedback: { en: "Yes." } },
    { seq: 2, question: "b", right: false, leadBack: "bow", hint: { en: "Look." } },
  ]);
});

test("waiting doubles, is spread by half and never longer than a minute", () => {
  assert.equal(backOff(1, 0), 250);
  assert.equal(backOff(1, 1), 750);
  assert.equal(backOff(4, 0.5), 4000);
  assert.equal(backOff(40, 1), 60_000);
  assert.equal(backOff(1, 0.5, 9000), 9000);
  assert.equal(retryAfter("7", 0), 7000);
  assert.equal(retryAfter(new Date(5000).toUTCString(), 2000), 3000);
  assert.equal(retryAfter(null, 0), 0);
  assert.equal(retryAfter("soon", 0), 0);
});
