// A lab of headsets: whoever runs the room, a student with a phone and a headset, each in a browser
// of their own, with one server.

import assert from "node:assert/strict";
import { test } from "node:test";
import { AXE_COMPLAINS, isAccessible } from "./support/axe.mjs";
import { scanned } from "./support/camera.mjs";
import { headsetScripts, Wearer } from "./support/headset.mjs";
import { DESKTOP, PHONE, stage } from "./support/stage.mjs";
import { Visitor } from "./support/visitor.mjs";

const TIMEOUT = { timeout: 600_000 };
/** Small, because a processor draws it. */
const HEADSET = { viewport: { width: 960, height: 540 } };
/** Browsers say so of answers that are none of 2xx; the pages know what to do with them. */
const ANSWERED = [/status of (404|409)/];
/** How long a headset, the wall and a phone may take to hear of each other. */
const SOON = 15_000;

/** Somebody who runs the room. */
class Instructor {
  constructor(page, origin) {
    Object.assign(this, { page, origin });
  }

  async open() {
    await this.page.goto(`${this.origin}/lab/`);
    await this.page.locator("[data-key=open]:enabled").click();
    await this.page.locator(".join-code").waitFor();
  }

  async code() {
    return (await this.page.locator(".join-code").textContent()).replaceAll(/\D/g, "");
  }

  tile(number) {
    return this.page.locator(`[data-key=tile-${number}]`);
  }

  /** Waits until the wall says so of a headset. @param {RegExp} words */
  async sees(number, words) {
    const end = Date.now() + SOON;
    for (;;) {
      const said = (await this.tile(number).count()) > 0 ? await this.tile(number).textContent() : "";
      if (words.test(said)) return;
      assert.ok(Date.now() < end, `the wall says of headset ${number}: ${said}`);
      await this.page.waitForTimeout(200);
    }
  }
}

/** Enters digits on the pad, as a ray or a finger does. */
async function enterDigits(page, code) {
  for (const digit of code) await page.locator(`[data-key=digit-${digit}]`).click();
}

/** The code that the student is shown. */
async function offered(phone, visitor) {
  await visitor.press(phone.locator(".topbar [data-key=summary]"));
  await visitor.press(phone.locator("dialog.summary [data-key=hand-over]"));
  const code = phone.locator(".handover-code");
  await code.waitFor();
  return code.getAttribute("data-code");
}

const visitsBegun = async (server) => {
  const metrics = await (await fetch(`${server.origin}/metrics`)).text();
  return Number(/visits_created_total (\d+)/.exec(metrics)[1]);
};

test("a student's visit goes from the phone into a headset, is seen on the wall, and comes back", TIMEOUT, async (t) => {
  const { server, page: headset, another, tickets } = await stage(t, { screen: HEADSET, scripts: headsetScripts(), expected: ANSWERED });
  const instructor = new Instructor(await (await another()).newPage(), server.origin);
  const phone = await (await another({ screen: PHONE })).newPage();
  const student = new Visitor(phone, server.origin);
  student.touches = true;
  const wearer = new Visitor(headset, server.origin);
  const [first, second] = student.requiredStops;

  await t.test("a headset joins with one press and has a number", async () => {
    await instructor.open();
    await headset.goto(`${server.origin}/j`);
    await headset.locator("[data-key=door]").click();
    await headset.locator(".headset-number strong").waitFor();
    assert.equal(await headset.locator(".headset-number strong").textContent(), "1");
    await instructor.sees(1, /就绪/);
  });

  await t.test("the student's digits, entered there, take the visit over", async () => {
    await student.open({ mode: "text" });
    await student.enter();
    await student.goTo(first);
    await student.read(first, "story");
    const code = await offered(phone, student);
    assert.match(code, /^\d{6}$/);
    await enterDigits(headset, code);
    await headset.locator("xinghuo-tour").waitFor();
    await phone.locator("[data-notice=elsewhere]").waitFor({ timeout: SOON });
    assert.match(await phone.locator("[data-notice=elsewhere]").textContent(), /1 号头显/);
    await instructor.sees(1, /参观中/);
  });

  await t.test("it goes on there, with the headset on, where the phone was", async () => {
    await headset.locator(".headset-badge:visible").waitFor();
    await wearer.enter();
    const { progress } = await wearer.state();
    assert.deepEqual(progress.stops.find((one) => one.stop === first).evidence.toSorted(), ["arrived", "story"]);
    const worn = new Wearer(wearer);
    await worn.putOn();
    await worn.frames(10);
    await worn.takeOff();
    await wearer.visitInScene(second);
    await wearer.saved();
  });

  await t.test("the wall shows where it is, and the server has one visit", async () => {
    const title = await headset.locator(".card h2").first().textContent();
    const { completion } = (await wearer.state()).progress;
    await instructor.sees(1, new RegExp(`${title.replace(/^\d+\s*/, "")}.*${Math.round(completion * 100)}%`));
    assert.equal(await visitsBegun(server), 1);
    assert.equal(tickets.length, 1);
  });

  await t.test("the student takes it back, and the headset forgets it", async () => {
    const { record } = await wearer.state();
    await student.press(phone.locator('[data-notice=elsewhere] [data-key$="here"]'));
    // The page is loaded anew, and until then what it says is from before.
    await student.until(({ phase, record: back }, { visit, seq }) => phase === "ready" && back?.status === "saved" && back.visit === visit && back.seq === seq, record);
    await headset.locator(".headset-number strong").waitFor({ timeout: SOON });
    await instructor.sees(1, /就绪/);
    const left = await headset.evaluate(() => new Promise((done) => {
      const asked = indexedDB.open("xinghuo");
      asked.onsuccess = () => {
        const all = asked.result.transaction("entries").objectStore("entries").count();
        all.onsuccess = () => done(all.result);
      };
    }));
    assert.equal(left, 0, "nothing of the visit is left in the headset");
  });

  await t.test("on a page that is loaded later the student is asked whether to take it back", async () => {
    const code = await offered(phone, student);
    await enterDigits(headset, code);
    await headset.locator("xinghuo-tour").waitFor();
    await phone.locator("[data-notice=elsewhere]").waitFor({ timeout: SOON });
    await phone.reload();
    await student.press(phone.locator(".door .primary"));
    await student.press(phone.locator('.door .note + .buttons .primary'));
    await student.until((state) => state.phase === "ready" && state.record.status === "saved");
  });
});

test("a headset begins a visit by itself, and whoever runs the room readies it for the next", TIMEOUT, async (t) => {
  const { server, page: headset, another } = await stage(t, { screen: HEADSET, expected: ANSWERED });
  const instructor = new Instructor(await (await another()).newPage(), server.origin);
  await instructor.open();
  const wearer = new Visitor(headset, server.origin);

  await t.test("by the digits from the wall, and by digits that are none", async () => {
    await instructor.page.locator("[data-key=manage]").click();
    await instructor.page.locator("[data-key=door]").uncheck();
    await instructor.page.locator("dialog.manage .square").click();
    const code = await instructor.code();
    await headset.goto(`${server.origin}/j/?mode=text`);
    const wrong = code === "000000" ? "111111" : "000000";
    await enterDigits(headset, wrong);
    await headset.locator(".pad [role=alert]").waitFor();
    await headset.keyboard.type(code);
    await headset.locator("[data-key=begin]").waitFor();
  });

  await t.test("the wall shows it once it has begun", async () => {
    await headset.locator("[data-key=begin]").click();
    await headset.locator(".poster h1").waitFor();
    await wearer.enter();
    const [first] = wearer.requiredStops;
    await wearer.goTo(first);
    await instructor.sees(1, /参观中/);
    // A page that is loaded anew is where it was.
    await headset.reload();
    await headset.locator(".poster h1").waitFor();
    await wearer.enter();
    await wearer.goTo(first);
    await wearer.read(first, "story");
  });

  await t.test("the next visitor finds nothing of it, and the server has all of it", async () => {
    const { record } = await wearer.state();
    await instructor.tile(1).click();
    await instructor.page.locator("dialog.headset-sheet [data-key=next]").click();
    await headset.locator("[data-key=begin]").waitFor({ timeout: SOON });
    await instructor.sees(1, /就绪/);
    await headset.locator("[data-key=begin]").click();
    await headset.locator(".poster h1").waitFor();
    await wearer.enter();
    const next = (await wearer.state()).record;
    assert.notEqual(next.visit, record.visit);
    assert.ok(next.seq < record.seq, "it is at its beginning");
    assert.equal(await visitsBegun(server), 2);
  });

  await t.test("a visit is handed over from the wall, and the lab is closed", async () => {
    await instructor.page.locator("dialog.headset-sheet .square").click();
    const phone = await (await another({ screen: PHONE })).newPage();
    const student = new Visitor(phone, server.origin);
    student.touches = true;
    await student.open({ mode: "text" });
    await student.enter();
    const code = await offered(phone, student);
    await instructor.tile(1).click();
    await instructor.page.locator("dialog.headset-sheet [data-key=code]").fill(`${code.slice(0, 3)} ${code.slice(3)}`);
    await instructor.page.locator("dialog.headset-sheet [data-key=hand-over]").click();
    await phone.locator("[data-notice=elsewhere]").waitFor({ timeout: SOON });
    await instructor.page.locator("dialog.headset-sheet .square").click();
    await instructor.page.locator("[data-key=manage]").click();
    await instructor.page.locator("details[data-key=close] summary").click();
    await instructor.page.locator("[data-key=close-yes]").click();
    await instructor.page.locator("[data-key=open]").waitFor();
    await headset.locator("[data-key=digit-0]").waitFor({ timeout: 2 * SOON });
    assert.equal(await headset.evaluate(() => localStorage.getItem("xinghuo:headset")), null);
  });
});

for (const [name, screen] of [["a wall", DESKTOP], ["a phone", PHONE]]) {
  test(`the lab's pages are accessible on ${name}`, TIMEOUT, async (t) => {
    const { server, page, another } = await stage(t, { screen, expected: [AXE_COMPLAINS, ...ANSWERED] });
    const instructor = new Instructor(page, server.origin);
    await page.goto(`${server.origin}/lab/`);
    await page.locator("[data-key=open]:enabled").waitFor();
    await isAccessible(page, "opening a lab");
    await instructor.open();
    await isAccessible(page, "an empty lab");
    const headset = await (await another({ screen })).newPage();
    await headset.goto(`${server.origin}/j/`);
    await headset.locator("[data-key=door]").waitFor();
    await isAccessible(headset, "joining");
    await headset.locator("[data-key=door]").click();
    await headset.locator("[data-key=begin]").waitFor();
    await isAccessible(headset, "a headset that waits");
    await instructor.sees(1, /就绪/);
    await isAccessible(page, "a lab");
    await instructor.tile(1).click();
    await isAccessible(page, "a headset's sheet");
    await page.locator("dialog.headset-sheet .square").click();
    await page.locator("[data-key=manage]").click();
    await isAccessible(page, "running the lab");
    const visitor = new Visitor(headset, server.origin);
    visitor.touches = Boolean(screen.hasTouch);
    await visitor.open({ mode: "text" });
    await visitor.enter();
    await offered(headset, visitor);
    await isAccessible(headset, "the offer to go on in a headset");
  });
}

test("a camera that looks at the wall or at a phone opens the page for headsets, with the digits entered", TIMEOUT, async (t) => {
  const { server, page, another } = await stage(t, { expected: ANSWERED });
  const instructor = new Instructor(page, server.origin);
  await instructor.open();
  const code = await instructor.code();
  const wall = await scanned(page.locator(".qr"));
  assert.equal(wall, `${server.origin}/j/#${code}`);

  await t.test("and so it joins by what the camera read", async () => {
    await page.locator("[data-key=manage]").click();
    await page.locator("[data-key=door]").uncheck();
    await page.locator("dialog.manage .square").click();
    const headset = await (await another({ screen: HEADSET })).newPage();
    await headset.goto(await scanned(page.locator(".qr")));
    await headset.locator("[data-key=prefilled]").click();
    await headset.locator("[data-key=begin]").waitFor();
    await instructor.sees(1, /就绪/);
    assert.equal(new URL(headset.url()).hash, "", "the digits are not left in the address");
  });

  await t.test("and a student's offer leads there with the digits of the visit", async () => {
    const phone = await (await another({ screen: PHONE })).newPage();
    const student = new Visitor(phone, server.origin);
    student.touches = true;
    await student.open({ mode: "text" });
    await student.enter();
    const digits = await offered(phone, student);
    assert.notEqual(digits, code);
    assert.equal(await scanned(phone.locator("dialog.handover .qr")), `${server.origin}/j/#${digits}`);
  });
});

test("no lab is opened before there is a venue to open it for", TIMEOUT, async (t) => {
  const { server, page } = await stage(t, { draws: false });
  let answer = () => {};
  const held = new Promise((resolve) => (answer = () => resolve(undefined)));
  await page.route("**/packages/index.json", async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(`${server.origin}/lab/`);
  const open = page.locator("[data-key=open]");
  await open.waitFor();
  assert.ok(await open.isDisabled());
  answer();
  await page.locator("[data-key=open]:enabled").click();
  await page.locator(".join-code").waitFor();
});

test("the key of a lab is taken out of the address, and its link opens it elsewhere", TIMEOUT, async (t) => {
  const { server, page, another } = await stage(t, { expected: ANSWERED });
  const instructor = new Instructor(page, server.origin);
  await instructor.open();
  const { lab, key } = await page.evaluate(() => JSON.parse(localStorage.getItem("xinghuo:labs"))[0]);
  assert.ok(!page.url().includes(key));
  assert.ok(!(await page.locator("body").innerHTML()).includes(key), "nothing shown on the wall opens the lab");
  const other = await (await another()).newPage();
  await other.goto(`${server.origin}/lab/#${lab}.${key}`);
  await other.locator(".join-code").waitFor();
  assert.equal(new URL(other.url()).hash, "");
  await other.goto(`${server.origin}/lab/?again#${lab}.${"A".repeat(43)}`);
  await other.locator("[role=alert]:visible").waitFor();
  assert.equal(await other.locator(".join-code").count(), 0);
});
