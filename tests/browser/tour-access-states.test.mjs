// Every page and every state of a panel holds to WCAG as far as axe can tell: in Chinese as on a
// desktop, in English as on a phone. What `tour-access` visits on its way is not visited again.

import { test } from "node:test";
import assert from "node:assert/strict";
import { AXE_COMPLAINS, isAccessible } from "./support/axe.mjs";
import { headsetScripts } from "./support/headset.mjs";
import { DESKTOP, PHONE, stage } from "./support/stage.mjs";
import { Visitor } from "./support/visitor.mjs";

const TIMEOUT = { timeout: 600_000 };
const LOOKS = [["zh-Hans", DESKTOP.viewport], ["en", PHONE.viewport]];

/** Checks the state of a tour in both languages and on both screens; ends as it began. */
async function both(visitor, what) {
  const { page } = visitor;
  const size = page.viewportSize();
  const { lang } = await visitor.state();
  for (const [language, viewport] of LOOKS) {
    await page.setViewportSize(viewport);
    await speak(visitor, language);
    await isAccessible(page, `${what} (${language})`);
  }
  await page.setViewportSize(size);
  await speak(visitor, lang);
}

async function speak({ page }, language) {
  await page.evaluate((lang) => document.querySelector("xinghuo-tour").setAttribute("lang", lang), language);
  await page.waitForFunction((lang) => document.documentElement.lang === lang && document.querySelector("xinghuo-tour").state.lang === lang, language);
}

/** The pages that are no tour. */
async function pages(page, origin) {
  for (const [language, viewport] of LOOKS) {
    await page.setViewportSize(viewport);
    await page.goto(`${origin}/?lang=${language}`);
    await page.locator(".venue .place").waitFor();
    await isAccessible(page, `the start page (${language})`);
    await page.route("**/packages/index.json", (route) => route.abort());
    await page.reload();
    await page.locator("main [role=alert]").waitFor();
    await isAccessible(page, `the start page without venues (${language})`);
    await page.unroute("**/packages/index.json");
    await page.goto(`${origin}/nowhere?lang=${language}`);
    await page.locator("main.lost").waitFor();
    await isAccessible(page, `the page for what is not there (${language})`);
  }
  await page.setViewportSize(DESKTOP.viewport);
}

/** What the poster says when there is no tour, or none yet. */
async function doors(visitor) {
  const { page, origin } = visitor;
  const trouble = async (code, query) => {
    await page.goto(`${origin}/?${query}`);
    await page.locator(`[data-code="${code}"]`).waitFor();
    await both(visitor, `the failure ${code}`);
  };
  await trouble("PACKAGE_MISSING", "venue=nowhere");
  await trouble("NO_WEBGL2", "venue=red-boat&mode=scene");
  await page.route("**/venue.json", (route) => route.fulfill({ body: "{", contentType: "application/json" }));
  await trouble("PACKAGE_BROKEN", "venue=red-boat&mode=text");
  await page.unroute("**/venue.json");

  await visitor.open();
  await page.locator('[data-notice="no-webgl2"]').waitFor();
  for (const details of await page.locator(".poster details > summary").all()) await details.click();
  await both(visitor, "the poster, opened");
  await page.route("**/api/v1/visits", (route) => route.abort());
  await page.locator(".door .primary").click();
  await page.locator(".door [role=alert]").waitFor();
  await both(visitor, "the door without a server");
  await page.unroute("**/api/v1/visits");
}

/** Two tabs of one visit: the one that asks, and the one that is left. */
async function tabs(visitor) {
  const { page } = visitor;
  const other = new Visitor(await page.context().newPage(), visitor.origin);
  await other.open({ mode: "text" });
  await other.page.locator(".door .primary").click();
  await other.page.locator(".door [role=alert]").waitFor();
  await both(other, "the door of a second tab");
  await other.page.locator(".door .primary").click();
  await page.locator('[data-notice="taken"]').waitFor();
  await both(visitor, "the tab that is left");
  await other.page.close();
}

/** A stop without conditions where every question of the pool comes up within the attempts. */
const askingAll = ({ stops, checkpoints, completion }) =>
  stops.filter(({ checkpoint, prerequisites }) => {
    const { draw, questions } = checkpoints[checkpoint] ?? { draw: 0, questions: [] };
    return draw === 1 && prerequisites.length === 0 && questions.length <= completion.attempts;
  });

/** Every stop as it is come to, in the visitor's language. */
async function everyStop(visitor) {
  for (const { id } of visitor.venue.stops) {
    await visitor.goTo(id);
    await isAccessible(visitor.page, `the stop ${id}`);
  }
}

/** Every kind of question: asked, filled in, answered wrongly, given up; and one answered rightly. */
async function questions(visitor) {
  const { page, venue } = visitor;
  const kinds = new Set(Object.values(venue.checkpoints).flatMap((one) => one.questions.map(({ kind }) => kind)));
  let wrong = false;
  for (const { id, checkpoint } of askingAll(venue)) {
    if (!venue.checkpoints[checkpoint].questions.some(({ kind }) => kinds.has(kind))) continue;
    await visitor.goTo(id);
    const form = page.locator("form.question:visible");
    const through = page.locator("[data-key=through]:visible");
    for (;;) {
      await form.or(through).first().waitFor();
      if ((await form.count()) === 0) break;
      const { question, kind, attempt } = await form.evaluate(({ dataset }) => ({ ...dataset }));
      const isNew = kinds.delete(kind);
      if (isNew) await both(visitor, `a question of the kind ${kind}`);
      else if (!wrong && attempt > 1) {
        wrong = true;
        await both(visitor, "a question after a wrong answer");
      }
      await visitor.fill(form, visitor.responseTo(question, false));
      if (isNew) await both(visitor, `a question of the kind ${kind}, filled in`);
      await visitor.press(form.locator("[data-key=submit]"));
      await page.locator(`form.question[data-question="${question}"][data-attempt="${attempt}"]`).waitFor({ state: "detached" });
    }
    await both(visitor, `the questions of ${id}, given up`);
  }
  assert.deepEqual([...kinds], [], "every kind of question was asked");
  const { id } = venue.stops.find((stop) => stop.checkpoint && stop.prerequisites.length === 0 && !askingAll(venue).includes(stop));
  await visitor.goTo(id);
  await visitor.answerAll(id);
  await both(visitor, `the questions of ${id}, answered`);
}

test("pages, failures, doors and the text walk with every kind of question", TIMEOUT, async (t) => {
  const { server, page } = await stage(t, { draws: false, expected: [AXE_COMPLAINS, /404/, /ERR_FAILED/, /ERR_INTERNET_DISCONNECTED/] });
  const visitor = new Visitor(page, server.origin);
  await t.test("the pages", () => pages(page, server.origin));
  await t.test("the poster and its door", () => doors(visitor));
  await t.test("the text walk", async () => {
    await visitor.open({ mode: "text" });
    await visitor.enter();
    await both(visitor, "the text walk's beginning");
    await everyStop(visitor);
    await questions(visitor);
    await page.locator(".topbar [data-key=summary]").click();
    await both(visitor, "the summary of a visit under way");
    await page.locator("dialog.summary [data-key=erase]").click();
    await both(visitor, "the question whether to erase");
    for (const dialog of ["sure", "summary"]) await page.locator(`dialog.${dialog}`).evaluate((open) => open.close());
    await page.context().setOffline(true);
    await visitor.goTo(visitor.requiredStops.at(-1));
    await page.locator('[data-notice="offline"]').waitFor();
    await both(visitor, "a notice");
    await page.context().setOffline(false);
    await visitor.saved();
  });
  await t.test("two tabs", () => tabs(visitor));
});

test("what lies over the scene", TIMEOUT, async (t) => {
  const { server, page } = await stage(t, { screen: { viewport: { width: 800, height: 450 } }, scripts: headsetScripts(), expected: [AXE_COMPLAINS, /ERR_FAILED/, /context/i, /webgl/i, /wgpu/i] });
  const visitor = new Visitor(page, server.origin);
  await visitor.open();
  await visitor.press(page.locator(".door .primary"));
  await visitor.until((state) => state.phase === "ready");
  await both(visitor, "the help");
  await visitor.closeHelp();
  await t.test("the headset's dialog", async () => {
    await page.locator(".topbar [data-key=headset]").click();
    await both(visitor, "the headset's dialog");
    await page.locator("dialog.headset").evaluate((open) => open.close());
  });
  await t.test("the route, a stop, its story and sources, and its questions", async () => {
    await visitor.openRoute();
    await both(visitor, "the route");
    await visitor.press(page.locator(".route [data-key=close]"));
    const { id } = visitor.venue.stops.find(({ artifact, checkpoint, prerequisites }) => artifact && checkpoint && prerequisites.length === 0);
    await visitor.goTo(id);
    await both(visitor, "the stop's card");
    await visitor.press(page.locator(".card [data-key=story]"));
    await page.locator(".side .sources li").first().waitFor();
    await page.locator(".side .cite").first().click();
    await both(visitor, "the story, at a source");
    await visitor.press(page.locator("[data-key=tab-question]"));
    await both(visitor, "the question");
    await visitor.press(page.locator(".side [data-key=close]"));
    await visitor.lookClosely(id);
    await both(visitor, "the close-up");
    await page.evaluate(() => document.querySelector("xinghuo-tour").close());
  });
  await t.test("a door, and a room that does not come", async () => {
    const { room } = await visitor.state();
    const { to } = visitor.venue.rooms[room].doors[0];
    await page.route(`**/${visitor.venue.rooms[to].scene}`, (route) => route.abort());
    await lookForADoor(visitor);
    await both(visitor, "a door");
    await visitor.openRoute();
    await visitor.press(page.locator(`.route [data-key="room-${to}"]`));
    await page.locator('[data-notice="room-missed"]').waitFor({ timeout: 60_000 });
    await both(visitor, "a room that does not come");
  });
  await t.test("the end of the scene", async () => {
    await page.locator("canvas").evaluate((canvas) => canvas.getContext("webgl2").getExtension("WEBGL_lose_context").loseContext());
    await page.locator('[data-code="CONTEXT_LOST"]').waitFor();
    await both(visitor, "the failure CONTEXT_LOST");
  });
});

/** Turns, stop by stop, until the sign at a door is in view. */
async function lookForADoor({ page }) {
  const sign = page.locator(".door-sign:visible");
  for (let turn = 0; turn < 24; turn += 1) {
    if ((await sign.count()) > 0) return;
    await page.locator("canvas").press("q", { delay: 250 });
    await page.waitForTimeout(300);
  }
  assert.fail("no door came into view");
}
