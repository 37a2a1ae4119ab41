// Nothing is sent before a visitor agrees, and what is kept is theirs to see, take, stop and delete.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { promisify } from "node:util";
import { AXE_COMPLAINS, isAccessible } from "./support/axe.mjs";
import { credential } from "./support/credential.mjs";
import { setting } from "./support/server.mjs";
import { DESKTOP, PHONE, stage } from "./support/stage.mjs";
import { Visitor } from "./support/visitor.mjs";

const TIMEOUT = { timeout: 300_000 };

/** What a page asks the server's interface for. @param {import("playwright-core").Page} page */
function asked(page) {
  const calls = [];
  page.on("request", (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.startsWith("/api/")) calls.push(`${request.method()} ${pathname}`);
  });
  return calls;
}

async function begin(t, how) {
  const set = await stage(t, how);
  const visitor = new Visitor(set.page, set.server.origin);
  visitor.touches = Boolean(how?.screen?.hasTouch);
  await visitor.open({ mode: "text" });
  return { ...set, visitor, calls: asked(set.page) };
}

const mine = (page) => page.locator(".mine-visit").first();

test("a visitor who wants no record walks through the tour, and nothing leaves the device", TIMEOUT, async (t) => {
  const { visitor, page, calls } = await begin(t);
  const ways = await page.locator(".door :is([data-key=with], [data-key=without])").evaluateAll((buttons) =>
    buttons.map((button) => {
      const { backgroundColor, color, fontSize } = getComputedStyle(button);
      return { backgroundColor, color, fontSize, height: button.offsetHeight, width: button.offsetWidth };
    }));
  assert.equal(ways.length, 2);
  assert.deepEqual(ways[0], ways[1], "neither way is pressed on anybody");
  await visitor.press(page.locator(".door [data-key=without]"));
  await visitor.until((state) => state.phase === "ready");
  const [first] = visitor.requiredStops;
  await visitor.goTo(first);
  await visitor.read(first, "story");
  await page.reload();
  await page.locator(".poster h1").waitFor();
  assert.equal(await page.locator(".door [data-key=with]").count(), 0, "it is asked once");
  await visitor.enter();
  await visitor.has(first, "story");
  assert.equal((await visitor.state()).record.status, "none");
  assert.deepEqual(calls, []);
  await page.goto(`${visitor.origin}/?mine&lang=en`);
  await mine(page).waitFor();
  await isDevicesAlone(page);
});

async function isDevicesAlone(page) {
  assert.match(await mine(page).textContent(), /on this device only/);
  await mine(page).locator("[data-key=forget]").click();
  await page.locator("dialog.sure [data-key=yes]").click();
  await page.locator(".mine .said:visible").waitFor();
  assert.equal(await page.locator(".mine-visit").count(), 0);
}

test("the text of the consent is there before it is given, with the periods of this server", TIMEOUT, async (t) => {
  const { page } = await begin(t);
  await page.locator(".door details.consent > summary").click();
  const text = page.locator(".door .consent-text");
  await page.waitForFunction(() => document.querySelector("xinghuo-tour").shadowRoot.querySelector(".door .consent-text").textContent.includes("180"));
  assert.match(await text.textContent(), /1095/);
});

test("whoever begins in another way is asked as well, and once", TIMEOUT, async (t) => {
  const { server, page, tickets } = await stage(t);
  const visitor = new Visitor(page, server.origin);
  await visitor.open();
  await page.locator(".door .buttons button").nth(2).click();
  await page.locator(".door [role=alert]").waitFor();
  assert.equal(tickets.length, 0);
  await page.locator(".door [data-key=with]").click();
  await visitor.until((state) => state.phase === "ready" && state.mode === "text");
  assert.equal(tickets.length, 1);
  await visitor.goTo(visitor.requiredStops[0]);
  await visitor.saved();
  await page.reload();
  await page.locator(".door .primary").waitFor();
  assert.equal(await page.locator(".door [data-key=with]").count(), 0);
});

for (const [name, screen] of [["a desktop", DESKTOP], ["a phone", PHONE]]) {
  test(`a visitor sees, takes, objects, stops and deletes, on ${name}`, TIMEOUT, async (t) => {
    const { visitor, page, server, tickets } = await begin(t, { screen, expected: [AXE_COMPLAINS, /403/, /404/] });
    await visitor.enter();
    const [first, second] = visitor.requiredStops;
    await visitor.visitInText(first);
    await visitor.saved();
    const { entries } = await server.visit(tickets[0]);
    await visitor.press(page.locator(".topbar [data-key=summary]"));
    await visitor.press(page.locator("dialog.summary [data-key=mine]"));
    await mine(page).waitFor();
    await isAccessible(page, "the page of what is kept");
    const width = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(width <= 0, `nothing is wider than the screen, but ${width} pixels`);

    // Everything is there: each step, who looked, when it goes.
    await visitor.press(mine(page).locator(".mine-log > summary"));
    assert.equal(await mine(page).locator(".mine-log tbody tr").count(), entries.length);
    const facts = await mine(page).locator(".mine-facts").textContent();
    assert.match(facts, new RegExp(`${entries.length} 个步骤`));
    assert.match(facts, /删除于/);
    assert.match(await mine(page).locator(".mine-accesses").textContent(), /您本人同意了记录/);
    await isAccessible(page, "the page of what is kept, opened");

    for (const [key, name, inside] of [["json", /\.json$/, '"statements"'], ["csv", /\.csv$/, "arrive"], ["xapi", /xapi\.json$/, "initialized"]]) {
      const download = page.waitForEvent("download");
      await visitor.press(mine(page).locator(`[data-key=take-${key}]`));
      const file = await download;
      assert.match(file.suggestedFilename(), name);
      assert.ok((await readFile(await file.path(), "utf8")).includes(inside), key);
    }

    await mine(page).locator("textarea").fill("第一题的评阅 <b>不对</b>");
    await visitor.press(mine(page).locator("[data-key=object]"));
    await mine(page).locator(".own-words").waitFor();
    assert.equal(await mine(page).locator(".own-words").textContent(), "第一题的评阅 <b>不对</b>");

    await visitor.press(mine(page).locator("[data-key=withdraw]"));
    await isAccessible(page, "the question before it stops");
    await visitor.press(page.locator("dialog.sure [data-key=yes]"));
    await mine(page).locator("[data-key=withdraw]").waitFor({ state: "detached" });
    await visitor.open({ mode: "text" });
    await visitor.enter();
    await visitor.goTo(second);
    await visitor.read(second, "story");
    assert.equal((await visitor.state()).record.status, "none");
    assert.equal((await server.visit(tickets[0])).entries.length, entries.length, "nothing was added");

    await page.goto(`${visitor.origin}/?mine`);
    await visitor.press(mine(page).locator("[data-key=erase]"));
    await visitor.press(page.locator("dialog.sure [data-key=yes]"));
    await page.locator(".mine .said:visible").waitFor();
    await assert.rejects(server.visit(tickets[0]), /404/);
    assert.equal(await page.locator(".mine-visit").count(), 0);
  });
}

test("what others wrote is read, and does nothing on the page", TIMEOUT, async (t) => {
  const evil = `<img src=x onerror="window.hacked = 1"><script>window.hacked = 1</script>`;
  const { visitor, page, server, tickets } = await begin(t, { expected: [/404/] });
  await visitor.enter();
  await visitor.goTo(visitor.requiredStops[0]);
  await visitor.saved();
  const { authorization } = await credential(server, "statements/read", evil);
  const headers = { authorization, "x-experience-api-version": "2.0.0" };
  assert.equal((await fetch(`${server.origin}/xapi/statements`, { headers })).status, 200);
  await page.goto(`${visitor.origin}/?mine=${encodeURIComponent(evil)}&lang=${encodeURIComponent(evil)}`);
  await mine(page).locator("textarea").fill(evil);
  await visitor.press(mine(page).locator("[data-key=object]"));
  await mine(page).locator(".own-words").waitFor();
  const answer = ["objection", "answer", "--data", server.data, tickets[0].visit, "1", evil];
  await promisify(execFile)(setting("XINGHUO_SERVER"), answer);
  await page.reload();
  await mine(page).locator(".note.own-words").waitFor();
  const words = (await mine(page).textContent()) ?? "";
  // Whoever looked by the name of their key, the visitor's own words, and the answer to them.
  assert.equal(words.split(evil).length - 1, 3, words);
  assert.equal(await page.evaluate(() => window.hacked), undefined);
  assert.equal(await page.locator("img[src=x]").count(), 0);
});

test("consent that is withdrawn elsewhere stops a tour that is open", TIMEOUT, async (t) => {
  const { visitor, page, server, tickets } = await begin(t, { expected: [/403/] });
  await visitor.enter();
  const [first, second] = visitor.requiredStops;
  await visitor.goTo(first);
  await visitor.saved();
  const other = await page.context().newPage();
  await other.goto(`${visitor.origin}/?mine`);
  await mine(other).locator("[data-key=withdraw]").click();
  await other.locator("dialog.sure [data-key=yes]").click();
  await other.locator(".mine .said:visible").waitFor();
  await other.close();
  await visitor.goTo(second);
  await page.locator('[data-notice="no-consent"]').waitFor();
  assert.equal((await visitor.state()).record.status, "none");
  const { entries } = await server.visit(tickets[0]);
  await visitor.read(second, "story");
  assert.equal((await server.visit(tickets[0])).entries.length, entries.length);
});

test("a visitor has the use of a visit limited, and lifts that", TIMEOUT, async (t) => {
  const { visitor, page, server, tickets } = await begin(t, { expected: [AXE_COMPLAINS, /403/] });
  await visitor.enter();
  const [first, second, third] = visitor.requiredStops;
  await visitor.goTo(first);
  await visitor.saved();
  const { authorization } = await credential(server, "all", "campus");
  const headers = { authorization, "x-experience-api-version": "2.0.0" };
  const found = async () => (await (await fetch(`${server.origin}/xapi/statements`, { headers })).json()).statements.length;
  const before = await found();
  assert.ok(before > 0);
  const other = await page.context().newPage();
  await other.goto(`${visitor.origin}/?mine&lang=en`);
  await mine(other).locator("[data-key=limit]").click();
  await isAccessible(other, "the question before its use is limited");
  await other.locator("dialog.sure [data-key=yes]").click();
  await mine(other).locator("p[data-key=limited]").waitFor();
  await isAccessible(other, "a visit whose use is limited");
  assert.match(await mine(other).locator(".mine-facts").textContent(), /limited since/);
  assert.match(await mine(other).locator(".mine-accesses").textContent(), /had its use limited/);
  assert.equal(await found(), 0);

  // The tour that is open says so, and adds nothing.
  const { entries } = await server.visit(tickets[0]);
  await visitor.goTo(second);
  await page.locator('[data-notice="limited"]').waitFor();
  assert.equal((await visitor.state()).record.status, "none");
  await visitor.goTo(third);
  assert.equal((await server.visit(tickets[0])).entries.length, entries.length);

  await other.locator("[data-key=lift]").click();
  await other.locator("dialog.sure [data-key=yes]").click();
  await mine(other).locator("[data-key=limit]").waitFor();
  assert.match(await mine(other).locator(".mine-accesses").textContent(), /lifted the limitation/);
  assert.equal(await found(), before);
});

test("the page can be used by keys alone", TIMEOUT, async (t) => {
  const { visitor, page } = await begin(t);
  await visitor.enter();
  await visitor.goTo(visitor.requiredStops[0]);
  await visitor.saved();
  await page.goto(`${visitor.origin}/?mine`);
  await mine(page).waitFor();
  const wanted = new Set(["language-of-visit", "take-json", "take-csv", "take-xapi", "object", "limit", "withdraw", "erase", "forget"]);
  for (let press = 0; press < 45 && wanted.size > 0; press += 1) {
    await page.keyboard.press("Tab");
    wanted.delete(await page.evaluate(() => document.activeElement?.getAttribute("data-key") ?? ""));
  }
  assert.deepEqual([...wanted], [], "these were never come to");
  await page.locator("[data-key=erase]").focus();
  await page.keyboard.press("Enter");
  await page.locator("dialog.sure[open]").waitFor();
  await page.keyboard.press("Escape");
  await page.locator("dialog.sure[open]").waitFor({ state: "detached" });
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("data-key")), "erase");
});
