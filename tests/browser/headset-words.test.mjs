// Words in the headset, in emulation: a stop is read and answered there, and the server has it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { headsetScripts, looking } from "./support/headset.mjs";
import { LANGUAGE, Reader } from "./support/reader.mjs";
import { stage } from "./support/stage.mjs";
import { Visitor } from "./support/visitor.mjs";
import { FRAMEBUFFER, LONG, SCREEN, sees, SMALL } from "./support/worn.mjs";

/** What a browser says of a server that is gone. */
const CUT = [/ERR_CONNECTION_REFUSED/, /ERR_CONNECTION_RESET/, /ERR_EMPTY_RESPONSE/, /Failed to fetch/];

async function reader(t, how, { expected = [], framebuffer } = {}) {
  const { server, page, tickets } = await stage(t, { screen: SCREEN, expected, scripts: headsetScripts({ fovyDeg: 60 }) });
  const visitor = new Visitor(page, server.origin);
  await visitor.open({ lang: LANGUAGE });
  await visitor.enter();
  return { server, tickets, page, visitor, reader: new Reader(visitor, how, "right", { framebuffer }) };
}

test("what is written in the headset is prepared before it is put on, and once", { timeout: 240_000 }, async (t) => {
  const { server, page } = await stage(t, { screen: SCREEN, scripts: headsetScripts({ fovyDeg: 60 }) });
  const fetched = [];
  page.on("response", (answer) => answer.url().endsWith("/letters.otf") && fetched.push(answer.status()));
  const visitor = new Visitor(page, server.origin);
  await visitor.open({ lang: LANGUAGE });
  assert.deepEqual(fetched, [], "who looks at the poster fetches no letters");
  const letters = page.waitForResponse((answer) => answer.url().endsWith("/letters.otf"));
  await visitor.enter();
  await letters;
  const reads = new Reader(visitor, "controller", "right", { framebuffer: FRAMEBUFFER });
  // What is said has changed since, and is said as it is now.
  await page.locator("xinghuo-tour").evaluate((tour) => tour.setAttribute("lang", "en"));
  await visitor.until((state) => state.lang === "en");
  await reads.worn.putOn();
  await visitor.until(({ presses }) => presses.length > 0 && presses.every(({ says }) => !/\p{Script=Han}/u.test(says)));
  assert.deepEqual(fetched, [200], "they are fetched once");
});

test("a tour is made within the headset, and the server has what it has from a desk", { timeout: LONG ? 3_600_000 : 600_000 }, async (t) => {
  const { server, tickets, page, visitor, reader: reads } = await reader(t, "controller", { framebuffer: LONG ? SMALL : FRAMEBUFFER });
  await page.evaluate(() => (watch.device.controllers.left.connected = false));
  await reads.worn.putOn();

  await reads.tour(t, LONG ? visitor.requiredStops : visitor.requiredStops.slice(0, 1));

  await t.test("what was read and answered counts, in this one session, and the server agrees", async () => {
    if (LONG) await visitor.until((state) => state.completed && state.passed);
    assert.equal((await visitor.state()).headset, "worn");
    assert.equal(await page.evaluate(() => watch.modes.length), 1);
    await visitor.saved();
    const { record, entries } = await server.visit(tickets[0]);
    const done = new Set(entries.map(({ action }) => action.type));
    assert.ok(["arrive", "look", "story", "answer"].every((type) => done.has(type)), [...done].join(", "));
    if (LONG) {
      assert.deepEqual([record.completion, record.completed, record.passed, record.failed], [1, true, true, false]);
      assert.ok(Math.abs(record.scaled - 1) < 1e-6);
    }
    await server.replayedElsewhere(tickets[0]);
    assert.equal(await page.evaluate(() => watch.gl.getError()), 0);
  });

  await t.test("the plan has every stop of the room, and what is pressed on it leads there", async () => {
    const { room, stop } = await visitor.state();
    const behind = Object.keys(visitor.venue.rooms).find((id) => id !== room);
    const door = reads.texts[`room.${behind}.title`];
    const plan = async () => {
      await reads.open();
      await reads.press(reads.ui["route.title"]);
      // The door has its room's name, and nothing else of the route says only that.
      await visitor.until(({ presses }, name) => presses.some(({ says }) => says === name), door);
    };
    const stops = visitor.venue.stops.filter((one) => one.room === room).map(({ id }) => id);
    await plan();
    const said = [];
    // What has happened stands above it, and may push some of it down.
    for (let page = 0; page < 2; page += 1) {
      said.push(...(await reads.presses()).map(({ says }) => says));
      if (page === 0) await reads.press(reads.ui["headset.further"]);
      await reads.worn.heard();
    }
    for (const id of stops) assert.ok(id === stop || said.includes(reads.texts[`stop.${id}.title`]), `${id} is on it`);
    const other = stops.find((id) => id !== stop);
    await reads.find(reads.texts[`stop.${other}.title`]);
    await visitor.until((state, id) => state.stop === id, other);
    await plan();
    await reads.find(door);
    await visitor.until((state, id) => state.room === id, behind);
  });

  await t.test("the language is another one when that is asked for, and the way out is there", async () => {
    await reads.open();
    await reads.press(reads.ui["headset.settings"]);
    await reads.find(reads.ui["language.other"]);
    await visitor.until((state) => state.lang === "en");
    reads.hear("en");
    while (!(await reads.saying("Leave VR"))) await reads.press(reads.ui["headset.back"]);
    await reads.leave("Leave VR");
  });
});

test("who has nothing to point with opens and presses by looks that rest", { timeout: 600_000 }, async (t) => {
  const { page, visitor, reader: reads } = await reader(t, "gaze");
  await page.evaluate(() => {
    watch.device.primaryInputMode = "hand";
    for (const hand of Object.values(watch.device.hands)) hand.connected = false;
  });
  await reads.worn.putOn();
  await visitor.until(({ presses }) => presses.length > 0);
  await reads.press(reads.ui["headset.panel"]);
  await reads.says(reads.ui.close);
  await reads.press(reads.ui["headset.settings"]);
  await reads.leave(reads.ui["headset.leave"]);
});

test("a finger presses, a door says where it leads, what suits one is kept, and trouble is told", { timeout: 600_000 }, async (t) => {
  const { server, page, visitor, reader: reads } = await reader(t, "finger", { expected: CUT, framebuffer: FRAMEBUFFER });
  const { worn, ui, texts } = reads;
  await page.evaluate(() => {
    watch.device.primaryInputMode = "hand";
    watch.device.hands.left.connected = false;
  });
  await worn.putOn();
  await worn.frames(3);
  /** Waits until the device remembers that of what suits its visitor. */
  const keeps = (name, value) =>
    page.waitForFunction(([key, is]) => Math.abs(JSON.parse(localStorage.getItem("xinghuo:comfort"))?.[key] - is) < 1e-6, [name, value]);

  await t.test("a fingertip opens the panel and presses what it offers, and a ray does not", async () => {
    await reads.open();
    await reads.press(ui["headset.settings"]);
    await reads.find(ui["headset.higher"]);
  });

  await t.test("who is raised sees from higher up, and it is remembered", async () => {
    await keeps("raiseM", 0.05);
    const low = (await sees(worn)).position[1];
    await reads.find(ui["headset.higher"]);
    await visitor.until(({ view }, high) => Math.abs(view.position[1] - high) < 0.01, low + 0.05);
    await keeps("raiseM", 0.1);
  });

  await t.test("a fingertip chooses how one turns", async () => {
    for (const [said, degrees] of [[ui["headset.smooth"], 0], [ui["headset.degrees"].replace("{degrees}", "45"), 45], [ui["headset.smooth"], 0]]) {
      await reads.find(said);
      await keeps("turnDeg", degrees);
    }
    await reads.press(ui.close);
  });

  await t.test("what was chosen in the headset is what suits one when it is put on again", async () => {
    const view = await sees(worn);
    await worn.takeOff();
    await worn.putOn();
    await worn.frames(3);
    await keeps("raiseM", 0.1);
    await keeps("turnDeg", 0);
    await visitor.until((state, high) => Math.abs(state.view.position[1] - high) < 0.01, view.position[1]);
  });

  await t.test("the sign at a door tells which room is behind it", async () => {
    const rooms = Object.keys(visitor.venue.rooms).map((room) => texts[`room.${room}.title`]);
    const isRoom = async () => rooms.includes((await visitor.state()).named);
    for (const stop of visitor.venue.stops) {
      for (let turn = 0; turn < 8; turn += 1) {
        const angle = (turn * Math.PI) / 4;
        await worn.moveHead({ rotation: looking([Math.sin(angle), 0, -Math.cos(angle)]) });
        await worn.heard();
        if (await isRoom()) return;
      }
      await page.evaluate((id) => document.querySelector("xinghuo-tour").goTo(id), stop.id);
      await visitor.until((state, id) => state.stop === id, stop.id);
    }
    assert.fail("no door says where it leads");
  });

  await t.test("what has happened is told in the headset and can be put away there", async () => {
    await visitor.saved();
    await server.kill();
    const { stop } = (await visitor.state()).progress.stops.find(({ evidence }) => !evidence.includes("arrived"));
    await page.evaluate((id) => document.querySelector("xinghuo-tour").goTo(id), stop);
    await visitor.until((state) => state.record.status === "offline");
    await reads.says(ui["notice.offline"]);
    await reads.open();
    await reads.press(ui["headset.seen"]);
    const isTold = ({ presses }, text) => presses.some(({ says }) => says.includes(text));
    await visitor.until((state, seen) => !isTold(state, seen), ui["headset.seen"]);

    // What waits is tried again and again, and each time in vain.
    let tried = 0;
    page.on("requestfailed", (request) => (tried += Number(request.url().endsWith("/evidence"))));
    while (tried < 3) {
      await page.evaluate(() => window.dispatchEvent(new Event("online")));
      await page.waitForTimeout(100);
    }
    await worn.frames(6);
    assert.ok(!isTold(await visitor.state(), ui["headset.seen"]), "who has read of it is not told again");
    assert.equal((await visitor.state()).record.status, "offline");

    await server.start();
    await page.evaluate(() => window.dispatchEvent(new Event("online")));
    await visitor.saved();
    await server.kill();
    await visitor.until((state, id) => state.stop === id, stop);
    const other = (await visitor.state()).progress.stops.find(({ evidence }) => !evidence.includes("arrived"));
    await page.evaluate((id) => document.querySelector("xinghuo-tour").goTo(id), other.stop);
    await reads.says(ui["notice.offline"]);
  });
});
