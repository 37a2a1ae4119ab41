// Every requirement that cmi5 has for a unit or for its course is tested somewhere, or asks nothing of us.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { takeLaunch } from "../../web/launch.js";
import { NOT_OURS, RULES, TESTS } from "./support/requirements.mjs";

/** @type {Record<string, {txt: string}>} */
const requirements = createRequire(import.meta.url)("@cmi5/requirements");

const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const all = (folder, ending) =>
  readdirSync(new URL(`../../${folder}`, import.meta.url))
    .filter((name) => name.endsWith(ending))
    .map((name) => read(`${folder}/${name}`))
    .join("\n");

/** Whether a requirement is not for learning systems alone. */
const isOurs = ([id, { txt }]) => !id.includes("(d") && !/\b(LMS|LRS) MUST\b/.test(txt);

test("every requirement on a unit is tested, or is none of ours for a reason", () => {
  const told = [RULES, TESTS, NOT_OURS].flatMap((table) => Object.values(table).flat());
  const unknown = told.filter((id) => !(id in requirements));
  assert.deepEqual(unknown, [], "these are no requirements");
  const twice = told.filter((id, at) => told.indexOf(id) !== at);
  assert.deepEqual(twice, [], "these are told twice");
  const ours = Object.entries(requirements).filter(isOurs).map(([id]) => id);
  assert.ok(ours.length > 130, `${ours.length} requirements`);
  const forgotten = ours.filter((id) => !told.includes(id)).map((id) => `${id} ${requirements[id].txt}`);
  assert.deepEqual(forgotten, [], "nobody has thought of these");
});

test("every test that is named is there, and every rule is held", () => {
  const rust = all("src/server/tests/server", ".rs") + all("src/wire/tests/wire", ".rs");
  const titles = all("tests/browser", ".test.mjs");
  for (const name of Object.keys(TESTS)) {
    const isThere = /^\w+$/.test(name) ? rust.includes(`fn ${name}(`) : titles.includes(`test("${name}"`);
    assert.ok(isThere, `no test ${name}`);
  }
  const system = ["system", "defined"].map((name) => read(`src/server/tests/server/${name}.rs`)).join("\n");
  const held = [...system.matchAll(/some\("(\d[^"]*)"\)/gi)].map(([, rule]) => rule);
  assert.deepEqual([...new Set(held)].sort(), Object.keys(RULES).sort());
});

test("what a launch says is taken from the address, in whatever order, and the address keeps its own", () => {
  const said = {
    endpoint: "https://lms.example.edu/xapi/?a=b&c=d",
    fetch: "https://lms.example.edu/fetch?token=1%2B1",
    actor: JSON.stringify({ objectType: "Agent", account: { homePage: "https://lms.example.edu", name: "李 & 雷 = +" } }),
    registration: "7d1e9619-8b86-4d01-b42d-00cf4fc964ff",
    activityId: "https://lms.example.edu/units/7#一",
  };
  const own = [["venue", "red-boat"], ["lang", "en"]];
  const pairs = [...Object.entries(said), ...own];
  for (let turn = 0; turn < pairs.length; turn += 1) {
    pairs.push(/** @type {[string, string]} */ (pairs.shift()));
    const query = pairs.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
    const address = new URL(`https://tours.example.edu/?${query}`).searchParams;
    assert.deepEqual(takeLaunch(address), said, query);
    assert.deepEqual([...address].sort(), own.toSorted(), "what is no launch's stays");
  }
  for (const name of Object.keys(said)) {
    const address = new URLSearchParams(Object.entries({ ...said, [name]: "" }));
    assert.equal(takeLaunch(address), null, `without its ${name} it is no launch`);
  }
});
