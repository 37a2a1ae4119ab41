// A learning system sends the visitor, is told of the visit, and gets them back.

import assert from "node:assert/strict";
import { test } from "node:test";
import { VENUE } from "./support/keys.mjs";
import { Launcher } from "./support/launcher.mjs";
import { stage } from "./support/stage.mjs";
import { keepTheRules, readBack } from "./support/told.mjs";
import { Visitor } from "./support/visitor.mjs";

const TIMEOUT = { timeout: 300_000 };

test("a visit that a learning system launches is told to it, goes on with the next launch, and leads back", TIMEOUT, async (t) => {
  const launcher = await Launcher.begin();
  t.after(() => launcher.end());
  const { server, page } = await stage(t, { draws: false, options: ["--lms-origin", launcher.origin] });
  const visitor = new Visitor(page, server.origin);
  const launch = () => page.goto(launcher.address(`${server.origin}/?venue=${VENUE}&mode=text`));
  const leave = async () => {
    await page.locator("[data-key=leave]:visible").click();
    await page.waitForURL(`${launcher.origin}/course`);
  };

  await launch();
  await page.locator(".poster h1").waitFor();
  assert.equal(new URL(page.url()).searchParams.has("fetch"), false, "the launch is not left in the address");
  await page.reload();
  await page.locator(".poster [data-key=with]").waitFor();
  assert.equal(launcher.asked, 0, "nobody is asked for anything before the visitor agrees");
  assert.match((await page.locator(".door").textContent()) ?? "", /学习平台/, "the visitor is told who will hear of it");
  await visitor.enter();
  assert.equal((await visitor.state()).lang, "en", "in the language that the learner likes best");
  const [first, ...others] = visitor.requiredStops;
  await visitor.visitInText(first);
  await visitor.saved();
  const { visit } = (await visitor.state()).record;
  await leave();
  await launcher.until((told) => told.at(-1) === "terminated");
  assert.equal(launcher.told[0], "initialized");
  assert.ok(launcher.told.includes("answered") && !launcher.told.includes("completed"), String(launcher.told));

  launcher.told = [];
  await launch();
  await visitor.enter();
  assert.equal((await visitor.state()).record.visit, visit, "the visit goes on");
  for (const stop of others) await visitor.visitInText(stop);
  await visitor.until((state) => state.completed && state.passed);
  await page.locator("dialog.summary").waitFor();
  await visitor.saved();
  await page.keyboard.press("Escape");
  await leave();
  await launcher.until((told) => told.at(-1) === "terminated");
  for (const once of ["initialized", "completed", "passed", "terminated"]) {
    assert.equal(launcher.told.filter((verb) => verb === once).length, 1, `${once} of ${launcher.told}`);
  }
  keepTheRules(launcher.statements);
  keepTheRules(await readBack(server, visit));
});

test("a visitor who is sent and wants no record is told of as gone, and is led back", TIMEOUT, async (t) => {
  const launcher = await Launcher.begin();
  t.after(() => launcher.end());
  const { server, page } = await stage(t, { draws: false, options: ["--lms-origin", launcher.origin] });
  const visitor = new Visitor(page, server.origin);
  await page.goto(launcher.address(`${server.origin}/?venue=${VENUE}&mode=text`));
  await page.locator(".poster [data-key=without]").click();
  await visitor.until((state) => state.phase === "ready");
  await launcher.until((told) => told.length === 2);
  assert.deepEqual(launcher.told, ["initialized", "terminated"]);
  const [first] = visitor.requiredStops;
  await visitor.goTo(first);
  await page.locator("[data-key=leave]:visible").click();
  await page.waitForURL(`${launcher.origin}/course`);
  assert.deepEqual(launcher.told, ["initialized", "terminated"]);
});

test("who was sent by a learning system sees by what name it knows them, and every row of it", TIMEOUT, async (t) => {
  const launcher = await Launcher.begin();
  t.after(() => launcher.end());
  const { server, page } = await stage(t, { draws: false, options: ["--lms-origin", launcher.origin] });
  const visitor = new Visitor(page, server.origin);
  await page.goto(launcher.address(`${server.origin}/?venue=${VENUE}&mode=text`));
  await visitor.enter();
  await page.goto(`${server.origin}/?mine&lang=en`);
  await page.locator(".mine-facts").waitFor();
  assert.match((await page.locator(".mine-facts").textContent()) ?? "", /Your learning platform.*1625378/);
  await page.locator("[data-key=stored] summary").click();
  await page.locator(".mine-stored table").first().waitFor();
  const rows = (await page.locator(".mine-stored").textContent()) ?? "";
  for (const part of ["Sessions of visits that a learning system launched", "1625378", "Proof of what a visitor agreed to"]) assert.ok(rows.includes(part), part);
});

test("a launch that is used again, or from nobody who is known, says where to go", TIMEOUT, async (t) => {
  const launcher = await Launcher.begin();
  t.after(() => launcher.end());
  const { server, page } = await stage(t, { draws: false, expected: [/403/] });
  await page.goto(launcher.address(`${server.origin}/?venue=${VENUE}&lang=en`));
  await page.locator(".poster [data-key=with]").click();
  await page.getByRole("alert").waitFor();
  assert.match((await page.getByRole("alert").textContent()) ?? "", /open the visit again from there/);
  await page.locator("main a.button").click();
  await page.locator(".poster h1").waitFor();
});

test("the page of the profile says in both languages what the document says", TIMEOUT, async (t) => {
  const { server, page } = await stage(t, { draws: false });
  for (const [lang, title] of [["zh-Hans", "参观纪念场馆"], ["en", "Visits to memorial venues"]]) {
    await page.goto(`${server.origin}/profile.html?lang=${lang}`);
    await page.locator("h1").waitFor();
    assert.equal(await page.locator("h1").textContent(), title);
    assert.equal(await page.locator("h3").count(), 17, "eight templates, five patterns, four extensions");
    const words = (await page.locator("main").textContent()) ?? "";
    assert.doesNotMatch(words, /profile\.|undefined/, "every word is there");
  }
  await page.goto(`${server.origin}/profiles/visits`);
  await page.waitForURL(`${server.origin}/profile.html`);
});
