// What is told of visits, as somebody else's validator of statements sees it.

import assert from "node:assert/strict";
import validation from "@learninglocker/xapi-validation";
import { credential } from "./credential.mjs";

/** What is wrong with a statement. */
export const warnings = (statement) => validation.default(statement).map((warning) => `${warning.constructor.name} ${warning.path.join(".")}`);

/** The last part of a statement's verb. */
export const verbOf = (statement) => statement.verb.id.split("/").at(-1);

/** None of these statements breaks a rule of xAPI's. The validator knows versions 1.0 alone. */
export function keepTheRules(statements) {
  for (const { version = "2.0.0", ...statement } of statements) {
    assert.equal(version, "2.0.0");
    assert.deepEqual(warnings(statement), [], verbOf(statement));
  }
}

/**
 * What the record store holds of a visit, oldest first.
 * @param {import("./server.mjs").Server} server @param {string} visit
 */
export async function readBack(server, visit) {
  const { authorization } = await credential(server, "statements/read");
  const headers = { authorization, "x-experience-api-version": "2.0.0" };
  const answer = await fetch(`${server.origin}/xapi/statements?registration=${visit}&ascending=true`, { headers });
  assert.equal(answer.status, 200);
  const { statements, more } = await answer.json();
  assert.equal(more, "");
  return statements;
}
