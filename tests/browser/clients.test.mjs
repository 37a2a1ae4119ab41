// Other people's clients, each used as its users use it, against the record store.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import xapi from "@xapi/xapi";
import { credential } from "./support/credential.mjs";
import { Server, setting } from "./support/server.mjs";

const require = createRequire(import.meta.url);
const verb = (name) => ({ id: `http://adlnet.gov/expapi/verbs/${name}`, display: { en: name } });
const agent = (name) => ({ objectType: "Agent", account: { homePage: "https://school.example", name } });
const lamp = { objectType: "Activity", id: "https://school.example/things/lamp" };

/** @type {Server} */
let server;
/** @type {{key: string, secret: string, authorization: string}} */
let held;

before(async () => {
  server = await Server.begin();
  held = await credential(server);
});
after(() => server?.end());

test("@xapi/xapi sends, finds, keeps a place and voids", async () => {
  const XAPI = xapi.default ?? xapi;
  const client = new XAPI({ endpoint: `${server.origin}/xapi/1.0.3/`, auth: held.authorization });
  const registration = randomUUID();
  const told = (name) => ({ actor: agent("pupil-1"), verb: verb(name), object: lamp, context: { registration } });

  const about = await client.getAbout();
  assert.ok(about.data.version.includes("1.0.3"));
  const [id] = (await client.sendStatement({ statement: told("experienced") })).data;
  await client.sendStatements({ statements: ["answered", "completed"].map(told) });
  const found = (await client.getStatements({ registration, ascending: true })).data.statements;
  assert.deepEqual(
    found.map((one) => one.verb.display.en),
    ["experienced", "answered", "completed"],
  );
  const limited = (await client.getStatements({ registration, limit: 2 })).data;
  const rest = (await client.getMoreStatements({ more: limited.more })).data;
  assert.deepEqual([limited.statements.length, rest.statements.length], [2, 1]);

  const place = { agent: agent("pupil-1"), activityId: lamp.id, stateId: "place" };
  await client.createState({ ...place, state: { stop: "table" } });
  const { data, headers } = await client.getState(place);
  assert.deepEqual(data, { stop: "table" });
  const matched = { ...place, state: { stop: "bow" }, matchHeader: "If-Match" };
  await assert.rejects(client.setState({ ...matched, etag: '"another"' }));
  await client.setState({ ...matched, etag: headers.etag });
  assert.deepEqual((await client.getState(place)).data, { stop: "bow" });
  await client.deleteState({ ...place, etag: (await client.getState(place)).headers.etag });
  await assert.rejects(client.getState(place));

  await client.voidStatement({ actor: agent("pupil-1"), statementId: id });
  await assert.rejects(client.getStatement({ statementId: id }));
  assert.equal((await client.getVoidedStatement({ voidedStatementId: id })).data.id, id);
});

test("tincanjs sends, finds, keeps a place and voids", async () => {
  const TinCan = require("tincanjs");
  const lrs = new TinCan.LRS({
    endpoint: `${server.origin}/xapi/1.0.3/`,
    username: held.key,
    password: held.secret,
    version: "1.0.2",
    allowFail: false,
  });
  /** @param {string} method @param {...unknown} given */
  const call = (method, ...given) =>
    new Promise((resolve, reject) => {
      const last = /** @type {object} */ (given.at(-1));
      lrs[method](...given.slice(0, -1), {
        ...last,
        callback: (wrong, answer) => (wrong === null ? resolve(answer) : reject(new Error(`${method}: ${wrong} ${answer?.responseText ?? ""}`))),
      });
    });
  const registration = randomUUID();
  const told = (name) => new TinCan.Statement({ actor: agent("pupil-2"), verb: verb(name), target: lamp, context: { registration } });

  const first = told("experienced");
  await call("saveStatement", first, {});
  await call("saveStatements", [told("answered"), told("completed")], {});
  const found = /** @type {any} */ (await call("queryStatements", { params: { registration, ascending: true } }));
  assert.deepEqual(
    found.statements.map((one) => one.verb.display.en),
    ["experienced", "answered", "completed"],
  );
  assert.equal(/** @type {any} */ (await call("retrieveStatement", first.id, {})).id, first.id);

  const place = { agent: new TinCan.Agent(agent("pupil-2")), activity: new TinCan.Activity(lamp) };
  await call("saveState", "place", { stop: "桌" }, { ...place, contentType: "application/json" });
  const kept = /** @type {any} */ (await call("retrieveState", "place", place));
  assert.deepEqual(kept.contents, { stop: "桌" });

  const voiding = new TinCan.Statement({ actor: agent("pupil-2"), verb: verb("voided"), target: { objectType: "StatementRef", id: first.id } });
  await call("saveStatement", voiding, {});
  assert.equal(/** @type {any} */ (await call("retrieveVoidedStatement", first.id, {})).id, first.id);
  await assert.rejects(call("retrieveStatement", first.id, {}));
});

test("tincan of PyPI sends, finds, keeps a place and voids", async () => {
  const script = new URL("support/through_tincan.py", import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(setting("XINGHUO_PYTHON"), [script, `${server.origin}/xapi/1.0.3/`, held.key, held.secret, randomUUID()]);
  // It is not asked about the store: it refuses one that also speaks a version later than itself.
  assert.deepEqual(JSON.parse(stdout), {
    batch: 2,
    found: ["experienced", "answered", "completed"],
    read: true,
    kept: "table",
    gone: true,
    voided: true,
    hidden: true,
  });
});

test("@xapi/cmi5 runs a session, with our record store as the launching system's", async (t) => {
  const registration = randomUUID();
  const activityId = `https://school.example/units/${registration}`;
  const actor = agent("pupil-4");
  let asked = 0;
  const launcher = createServer((request, response) => {
    asked += request.method === "POST" ? 1 : 0;
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ "auth-token": held.authorization.slice("Basic ".length) }));
  });
  await new Promise((resolve) => launcher.listen(0, "127.0.0.1", () => resolve(undefined)));
  t.after(() => launcher.close());
  const { port } = /** @type {import("node:net").AddressInfo} */ (launcher.address());
  const endpoint = `${server.origin}/xapi/1.0.3/`;
  const state = new URL("activities/state", endpoint);
  state.search = String(new URLSearchParams({ activityId, agent: JSON.stringify(actor), registration, stateId: "LMS.LaunchData" }));
  const sessionId = "https://w3id.org/xapi/cmi5/context/extensions/sessionid";
  const headers = { authorization: held.authorization, "x-experience-api-version": "1.0.3", "content-type": "application/json" };
  const put = await fetch(state, {
    method: "PUT",
    headers,
    body: JSON.stringify({
      contextTemplate: { extensions: { [sessionId]: "session-1" }, contextActivities: { grouping: [{ id: "https://school.example/published" }] } },
      launchMode: "Normal",
      moveOn: "CompletedAndPassed",
      masteryScore: 0.8,
    }),
  });
  assert.equal(put.status, 204);
  const profile = new URL("agents/profile", endpoint);
  profile.search = String(new URLSearchParams({ agent: JSON.stringify(actor), profileId: "cmi5LearnerPreferences" }));
  const preferences = JSON.stringify({ languagePreference: "zh-Hans,en", audioPreference: "on" });
  const fresh = { ...headers, "if-none-match": "*" };
  assert.equal((await fetch(profile, { method: "PUT", headers: fresh, body: preferences })).status, 204);

  // Made for browsers, it names no way in for Node.js, and sends as browsers do.
  globalThis.XMLHttpRequest ??= require("xhr2");
  const cmi5 = require("@xapi/cmi5/dist/Cmi5.umd.js");
  const Cmi5 = cmi5.default ?? cmi5;
  const unit = new Cmi5({ endpoint, fetch: `http://127.0.0.1:${port}/token`, actor, registration, activityId });
  await unit.initialize();
  assert.equal(asked, 1);
  assert.equal(unit.getLaunchData().masteryScore, 0.8);
  await unit.progress(40);
  await unit.complete();
  await unit.pass({ scaled: 0.9 });
  await unit.terminate();
  const query = new URL("statements", endpoint);
  query.search = String(new URLSearchParams({ registration, ascending: "true" }));
  const { statements } = await (await fetch(query, { headers })).json();
  assert.deepEqual(
    statements.map((one) => one.verb.id.split("/").at(-1)),
    ["initialized", "progressed", "completed", "passed", "terminated"],
  );
  for (const statement of statements) assert.equal(statement.context.extensions[sessionId], "session-1");
});
