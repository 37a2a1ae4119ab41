// Every panel holds to WCAG as far as axe can tell, and speaks the language of the moment.

import assert from "node:assert/strict";
import { test } from "node:test";
import { AXE_COMPLAINS, isAccessible } from "./support/axe.mjs";
import { DESKTOP, PHONE, stage } from "./support/stage.mjs";
import { Visitor } from "./support/visitor.mjs";

const expected = [AXE_COMPLAINS];

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
