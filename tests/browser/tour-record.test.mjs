// The record survives what happens to machines: the text walk is used, because it is quick.

import assert from "node:assert/strict";
import { test } from "node:test";
import { stage } from "./support/stage.mjs";
import { keepTheRules, readBack, verbOf } from "./support/told.mjs";
import { Visitor } from "./support/visitor.mjs";

const TIMEOUT = { timeout: 300_000 };
const CUT = [/ERR_INTERNET_DISCONNECTED/, /ERR_CONNECTION_REFUSED/, /ERR_CONNECTION_RESET/, /ERR_FAILED/, /ERR_EMPTY_RESPONSE/];

async function begin(t, how) {
  const set = await stage(t, how);
  const visitor = new Visitor(set.page, set.server.origin);
  await visitor.open({ mode: "text" });
  await visitor.enter();
  return { ...set, visitor };
}

/** What a visit came to is told, and what is told keeps xAPI's rules. */
async function isTold(server, { visit }, decided) {
  const told = await readBack(server, visit);
  keepTheRules(told);
  const verbs = new Set(told.map(verbOf));
  for (const verb of ["initialized", "experienced", "answered", "progressed", "completed", decided]) assert.ok(verbs.has(verb), verb);
}

/** Every entry once, in order, and no other. */
function isWhole(entries) {
  assert.deepEqual(entries.map((entry) => entry.seq), entries.map((_, index) => index + 1));
}

test("the text walk completes and passes", TIMEOUT, async (t) => {
  const { visitor, server, tickets, page } = await begin(t);
  for (const stop of visitor.requiredStops) await visitor.visitInText(stop);
  await visitor.until((state) => state.completed && state.passed);
  await page.locator("dialog.summary").waitFor();
  await visitor.saved();
  const { record, entries } = await server.visit(tickets[0]);
  isWhole(entries);
  assert.equal(record.completed && record.passed, true);
  await isTold(server, tickets[0], "passed");
});

test("a tour walked without understanding is completed and failed, and led back", TIMEOUT, async (t) => {
  const { visitor, server, tickets, page } = await begin(t);
  for (const stop of visitor.requiredStops) await visitor.visitInText(stop, { right: false });
  await visitor.until((state) => state.completed && state.failed && !state.passed);
  await page.locator("dialog.summary").waitFor();
  assert.ok((await page.locator("dialog.summary [data-key^=again-]").count()) > 0, "it says where to look again");
  await visitor.saved();
  const { record } = await server.visit(tickets[0]);
  assert.deepEqual([record.completed, record.passed, record.failed], [true, false, true]);
  await isTold(server, tickets[0], "failed");
});

test("the server dies in the middle and comes back: nothing is lost, nothing is counted twice, and it is told once", TIMEOUT, async (t) => {
  const { visitor, server, tickets, page } = await begin(t, { expected: CUT });
  const [first, second] = visitor.requiredStops;
  await visitor.visitInText(first);
  await server.kill();
  await visitor.goTo(second);
  await visitor.read(second, "story");
  await visitor.until((state) => state.record.status === "offline");
  const told = page.locator("[data-notice=offline]");
  await visitor.press(told.locator("button.square"));
  const failed = page.waitForEvent("requestfailed", (request) => request.url().endsWith("/evidence"));
  await page.evaluate(() => window.dispatchEvent(new Event("online")));
  await failed;
  await visitor.read(second, "observed");
  assert.equal(await told.count(), 0, "who has read of it is not told again");
  await server.start();
  await visitor.answerAll(second);
  await visitor.saved();
  const { entries } = await server.visit(tickets[0]);
  isWhole(entries);
  assert.equal(entries.length, (await visitor.state()).record.seq);
});

test("an answer given without a network is marked when it is back", TIMEOUT, async (t) => {
  const { visitor, server, tickets, page } = await begin(t, { expected: CUT });
  const stop = visitor.venue.stops.find((one) => one.checkpoint && visitor.venue.checkpoints[one.checkpoint].marking === "server" && one.prerequisites.length === 0).id;
  await visitor.goTo(stop);
  await visitor.saved();
  await page.context().setOffline(true);
  let cut = true;
  await visitor.answerAll(stop, {
    async onAnswer() {
      if (!cut) return;
      cut = false;
      await visitor.until((state) => state.record.status === "offline");
      await page.locator("form.question .note").waitFor();
      await page.context().setOffline(false);
    },
  });
  await visitor.saved();
  isWhole((await server.visit(tickets[0])).entries);
});

test("a reload in the middle goes on where it was", TIMEOUT, async (t) => {
  const { visitor, server, tickets, page } = await begin(t);
  const [first, second] = visitor.requiredStops;
  await visitor.visitInText(first);
  const before = await visitor.state();
  await page.reload();
  await page.locator(".poster h1").waitFor();
  await visitor.enter();
  await visitor.until((state, progress) => JSON.stringify(state.progress) === JSON.stringify(progress), before.progress);
  await visitor.visitInText(second);
  await visitor.saved();
  assert.equal(tickets.length, 1, "it is the same visit");
  isWhole((await server.visit(tickets[0])).entries);
});

test("a visit that this device has lost its log of is resumed from the server", TIMEOUT, async (t) => {
  const { visitor, page } = await begin(t);
  const [first] = visitor.requiredStops;
  await visitor.visitInText(first);
  await visitor.saved();
  const { progress } = await visitor.state();
  await page.goto(`${visitor.origin}/404.html`);
  await page.evaluate(() => new Promise((resolve) => {
    const request = indexedDB.open("xinghuo");
    request.onsuccess = () => {
      const transaction = request.result.transaction(["entries", "verdicts"], "readwrite");
      transaction.objectStore("entries").clear();
      transaction.objectStore("verdicts").clear();
      transaction.oncomplete = () => resolve(request.result.close());
    };
  }));
  await visitor.open({ mode: "text" });
  await visitor.enter();
  await visitor.until((state, wanted) => JSON.stringify(state.progress) === JSON.stringify(wanted), progress);
});

test("the same batch sent twice is one batch", TIMEOUT, async (t) => {
  const { visitor, server, tickets, page } = await begin(t);
  const sent = [];
  page.on("request", (request) => {
    if (request.url().endsWith("/evidence")) sent.push({ url: request.url(), headers: request.headers(), body: request.postData() });
  });
  const [first] = visitor.requiredStops;
  await visitor.visitInText(first);
  await visitor.saved();
  const before = await server.visit(tickets[0]);
  for (const { url, headers, body } of sent) {
    const { authorization } = headers;
    const again = await fetch(url, { method: "POST", headers: { authorization, "content-type": "application/json" }, body });
    assert.equal(again.status, 200);
  }
  const { entries, record } = await server.visit(tickets[0]);
  assert.deepEqual(entries, before.entries);
  assert.deepEqual(record, before.record);
});

test("two tabs: the second takes the visit over, the first says so and records nothing more", TIMEOUT, async (t) => {
  const { visitor, server, tickets, page } = await begin(t);
  const [first, second] = visitor.requiredStops;
  await visitor.goTo(first);
  await visitor.saved();
  const other = new Visitor(await page.context().newPage(), server.origin);
  await other.open({ mode: "text" });
  await other.press(other.page.locator(".door .primary"));
  await other.page.locator(".door [role=alert]").waitFor();
  await other.enter();
  await page.locator('[data-notice="taken"]').waitFor();
  await other.visitInText(second);
  await other.saved();
  assert.equal(tickets.length, 1);
  isWhole((await server.visit(tickets[0])).entries);
});

test("without a server the tour can be walked unrecorded, and says so", TIMEOUT, async (t) => {
  const { server, page } = await stage(t, { expected: CUT });
  const visitor = new Visitor(page, server.origin);
  await visitor.open({ mode: "text" });
  await page.route("**/api/**", (route) => route.abort());
  await visitor.press(page.locator(".door .primary"));
  await page.locator(".door [role=alert]").waitFor();
  await visitor.press(page.locator(".door button").nth(1));
  await visitor.until((state) => state.phase === "ready");
  await page.locator('[data-notice="unrecorded"]').waitFor();
  const [first] = visitor.requiredStops;
  await visitor.goTo(first);
  await visitor.read(first, "story");
  assert.equal((await visitor.state()).record.status, "none");
});

test("a visitor can take the record away and have it erased", TIMEOUT, async (t) => {
  const { visitor, server, tickets, page } = await begin(t, { expected: [/404/] });
  await visitor.goTo(visitor.requiredStops[0]);
  await visitor.saved();
  await visitor.press(page.locator(".topbar [data-key=summary]"));
  const download = page.waitForEvent("download");
  await visitor.press(page.locator("dialog.summary [data-key=copy]"));
  assert.match((await download).suggestedFilename(), /^xinghuo-red-boat\.json$/);
  await visitor.press(page.locator("dialog.summary [data-key=erase]"));
  await visitor.press(page.locator("dialog.sure .primary"));
  await page.locator(".poster h1").waitFor();
  await assert.rejects(server.visit(tickets[0]), /404/);
});
