// What a record store is told, held against xAPI's rules by somebody else's validator.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { verbOf, warnings } from "./support/told.mjs";

const read = (name) => JSON.parse(readFileSync(new URL(`../../src/wire/tests/data/${name}`, import.meta.url), "utf8"));
const statements = read("statements.json");
const launched = read("launched.json");

for (const [whose, all] of [["the golden visit", statements], ["the golden launch", launched]]) {
  for (const [index, statement] of all.entries()) {
    test(`statement ${index + 1} of ${whose}, ${verbOf(statement)}, keeps xAPI's rules`, () => {
      assert.deepEqual(warnings(statement), []);
    });
  }
}

test("the validator sees what breaks the rules", () => {
  const [statement] = statements;
  for (const wrong of [{ id: "1" }, { verb: { id: "passed" } }, { timestamp: "today" }, { result: { score: { scaled: 2 } } }, { name: "Li Lei" }]) {
    assert.notDeepEqual(warnings({ ...statement, ...wrong }), [], JSON.stringify(wrong));
  }
});
