// Every panel holds to WCAG as far as axe can tell, and speaks the language of the moment.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { DESKTOP, PHONE, stage } from "./support/stage.mjs";
import { Visitor } from "./support/visitor.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Axe measures by setting style attributes, which the policy of the pages refuses, with a complaint. */
const expected = [/Applying inline style/];

/** No serious or critical finding on what is shown now. */
async function isAccessible(page, what) {
  await page.evaluate(AXE);
  const found = await page.evaluate(async () => {
    const { violations } = await globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] });
    return violations
      .filter((one) => ["serious", "critical"].includes(one.impact))
      .map((one) => `${one.id}: ${one.nodes.map((node) => node.target.flat().join(" ")).join(" | ")}`);
  });
  assert.deepEqual(found, [], what);
}

for (const [name, screen] of [["a desktop", DESKTOP], ["a phone", PHONE]]) {
  test(`the panels of the scene are accessible on ${name}`, { timeout: 300_000 }, async (t) => {
    const { server, page } = await stage(t, { screen, expected });
    const visitor = new Visitor(page, server.origin);
    visitor.touches = Boolean(screen.hasTouch);
    await page.goto(server.origin);
    await page.locator(".venue .place").waitFor();
    await isAccessible(page, "the start page");
    await visitor.open();
    await isAccessible(page, "the poster");
    await visitor.press(page.locator(".door .primary"));
    await visitor.until((state) => state.phase === "ready");
    await isAccessible(page, "the help");
    await visitor.closeHelp();
    await visitor.openRoute();
    await isAccessible(page, "the route");
    await visitor.press(page.locator(".route [data-key=close]"));
    const [first] = visitor.requiredStops;
    await visitor.goTo(first);
    await isAccessible(page, "the stop's card");
    await visitor.press(page.locator(".card [data-key=story]"));
    await isAccessible(page, "the story");
    await visitor.press(page.locator("[data-key=tab-question]"));
    await isAccessible(page, "the questions");
    await visitor.press(page.locator(".side [data-key=close]"));
    await visitor.openRoute();
    await visitor.press(page.locator(".route [data-key=summary]"));
    await isAccessible(page, "the summary");
  });
}

test("every kind of question is accessible, right and wrong", { timeout: 300_000 }, async (t) => {
  const { server, page } = await stage(t, { expected });
  const visitor = new Visitor(page, server.origin);
  await visitor.open({ mode: "text" });
  await visitor.enter();
  await isAccessible(page, "the text walk's beginning");
  for (const [index, stop] of visitor.requiredStops.entries()) {
    await visitor.goTo(stop);
    await isAccessible(page, `the stop ${stop}`);
    await visitor.read(stop, "story");
    await visitor.read(stop, "observed");
    await visitor.answerAll(stop, { right: index % 2 === 0 });
    await isAccessible(page, `the stop ${stop}, answered`);
  }
});

test("the language changes without a reload, everywhere, and is remembered", { timeout: 300_000 }, async (t) => {
  const { server, page } = await stage(t);
  const visitor = new Visitor(page, server.origin);
  await visitor.open({ mode: "text" });
  await visitor.enter();
  const [first] = visitor.requiredStops;
  await visitor.goTo(first);
  const chinese = await page.locator(".text-head h2").textContent();
  await page.evaluate(() => (document.body.dataset.same = "page"));
  await visitor.press(page.locator(".topbar .language"));
  await visitor.until((state) => state.lang === "en");
  const english = await page.locator(".text-head h2").textContent();
  assert.notEqual(english, chinese);
  assert.equal(await page.locator("html").getAttribute("lang"), "en");
  assert.equal(await page.evaluate(() => document.body.dataset.same), "page");
  assert.equal((await visitor.state()).stop, first);
  await page.goto(server.origin);
  await page.locator(".venue .place").waitFor();
  assert.equal(await page.locator("html").getAttribute("lang"), "en");
});
