// The interface's words are complete in every language, and reading takes the time it takes.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { leastReadingMillis, Reading } from "../../web/reading.js";
import { CONSENT, PARTS } from "../../web/record/consent.js";
import { lookUp } from "../../web/words.js";

const web = new URL("../../web/", import.meta.url);
const said = (folder, language) => JSON.parse(readFileSync(new URL(`${folder}/${language}.json`, web), "utf8"));
/** The tour's words, and those that other pages have beside them. */
const table = (language) => ({ ...said("text", language), ...said("lab/text", language), ...said("staff/text", language), ...said("mine/text", language) });
const scripts = ["", "panels/", "questions/", "record/", "lab/", "j/", "staff/", "mine/", "reference/"].flatMap((folder) =>
  readdirSync(new URL(folder, web))
    .filter((name) => name.endsWith(".js"))
    .map((name) => readFileSync(new URL(folder + name, web), "utf8")),
);

test("both languages have the same words", () => {
  assert.deepEqual(Object.keys(table("zh-Hans")).sort(), Object.keys(table("en")).sort());
});

test("no page says the same word twice", () => {
  const tour = Object.keys(said("text", "en"));
  const lab = Object.keys(said("lab/text", "en"));
  assert.deepEqual(lab.filter((key) => tour.includes(key)), []);
});

test("both languages name the same values", () => {
  const values = (text) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();
  const english = table("en");
  for (const [key, text] of Object.entries(table("zh-Hans"))) assert.deepEqual(values(text), values(english[key]), key);
});

/** The text of each version of the consent, by its sum: what visitors agreed to must not change afterwards. */
const CONSENTS = { 1: "9c3703c0cf58c9830c8e9b2292dc9baf8f9aa13dad5f765f51e082e283a7f0b3" };

test("what visitors agreed to stands as it was, and a text that changes has a version of its own", () => {
  for (const [version, sum] of Object.entries(CONSENTS)) {
    const texts = ["zh-Hans", "en"].flatMap((language) => PARTS.map((part) => table(language)[`consent.${version}.${part}`]));
    assert.ok(texts.every(Boolean), `version ${version} is there in both languages`);
    assert.equal(createHash("sha256").update(texts.join("\n")).digest("hex"), sum, `version ${version}`);
  }
  assert.equal(Number(Object.keys(CONSENTS).at(-1)), CONSENT, "the newest one is that which is asked");
});

test("every word that is asked for is there", () => {
  const words = table("en");
  for (const script of scripts) {
    for (const [, key] of script.matchAll(/\bt\("([a-z0-9.-]+)"/gi)) assert.ok(key in words, key);
  }
});

test("no script speaks to visitors in words of its own", () => {
  for (const script of scripts) assert.doesNotMatch(script, /\p{Script=Han}/u);
});

test("a missing word shows its key", () => {
  const t = lookUp({ hello: "{who}!" });
  assert.equal(t("hello", { who: "A" }), "A!");
  assert.equal(t("hello"), "{who}!");
  assert.equal(t("nothing"), "nothing");
});

test("the least reading time is modest and grows with the text", () => {
  assert.equal(leastReadingMillis(""), 0);
  assert.equal(leastReadingMillis("船".repeat(400)), 10_000);
  assert.equal(leastReadingMillis("word ".repeat(250)), 10_000);
});

test("reaching the end at once is not reading", () => {
  const reading = new Reading(5000, false);
  reading.reachEnd();
  assert.equal(reading.isRead(1000), false);
  assert.equal(reading.isRead(5000), true);
});

test("time alone is not reading", () => {
  assert.equal(new Reading(5000, false).isRead(60_000), false);
});

test("a text that fits is read when the reader says so", () => {
  const reading = new Reading(5000, true);
  reading.reachEnd();
  assert.equal(reading.isRead(60_000), false);
  reading.say();
  assert.equal(reading.isRead(0), true);
});
