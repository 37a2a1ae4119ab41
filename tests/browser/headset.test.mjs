// The headset, in emulation: what both eyes see, what hands and looks do, and the way in and out.

import assert from "node:assert/strict";
import { test } from "node:test";
import { PICO_4 } from "./support/devices.mjs";
import { looking } from "./support/headset.mjs";
import { readPng } from "./support/png.mjs";
import { stage } from "./support/stage.mjs";
import { Visitor } from "./support/visitor.mjs";
import { anotherLantern, artifactOf, away, findInView, glErrors, lookAt, lookRound, sees, wearing } from "./support/worn.mjs";

const TIMEOUT = { timeout: 300_000 };
/** Where a controller is held up for its ray to be measured, before the head: so near that the ray is wider than a pixel. */
const AHEAD_M = 0.4;
const IPD_M = 0.063;
/** How many draws an eye may take: each costs a headset's processor more than its pixels do. */
const DRAWS_MOST = 150;
/** For how long it is looked at whether the window draws, and how often one comes and goes. */
const WATCHED_SECS = 60;
const TIMES = 20;
/** After so many times whatever is made once has been made, and how much more there may be at the end than then. */
const SETTLED_AFTER = 5;
const GROWTH_BYTES = 1.5e6;

/** What the page holds after a garbage collection, and how long the module's memory is; bytes. */
async function held(page) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("HeapProfiler.collectGarbage");
  const usage = await cdp.send("Runtime.getHeapUsage");
  const { result: kind } = await cdp.send("Runtime.evaluate", { expression: "WebAssembly.Memory.prototype" });
  const { objects } = await cdp.send("Runtime.queryObjects", { prototypeObjectId: kind.objectId });
  const functionDeclaration = "function () { return this.reduce((sum, one) => sum + one.buffer.byteLength, 0); }";
  const { result } = await cdp.send("Runtime.callFunctionOn", { objectId: objects.objectId, functionDeclaration, returnByValue: true });
  await cdp.detach();
  return { page: usage.usedSize + (usage.embedderHeapUsedSize ?? 0), module: result.value };
}

/** Has the window draw a few times: what is no longer needed goes with the next frames. */
async function redraw(page) {
  const box = await page.locator("canvas").boundingBox();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (const by of [20, 40, 20, 0]) {
    await page.mouse.move(x + by, y);
    await page.waitForTimeout(150);
  }
  await page.mouse.up();
}

/** A ray that goes straight up is one column in each eye: where they are tells eye from eye, and up from down. */
async function seesInStereo(worn) {
  const { position } = await worn.head();
  const place = [position[0], position[1], position[2] - AHEAD_M];
  await worn.moveHead({ rotation: [0, 0, 0, 1] });
  const up = [Math.SQRT1_2, 0, 0, Math.SQRT1_2];
  const behind = [position[0], position[1], position[2] + 1];
  for (const hand of ["left", "right"]) await worn.moveHand(hand, behind, up);
  // Lanterns that were pointed at fade.
  await worn.still();
  const without = await worn.eyes();
  await worn.moveHand("right", place, up);
  await worn.still();
  const having = await worn.eyes();
  const half = having.width / 2;
  const [left, right] = [0, half].map((from) => having.difference(without, from, half, Math.floor(having.height * 0.49)));
  assert.ok(left.seen && right.seen, "both eyes see the ray");
  // From the middle of the view a place so far away is moved by half the eyes' distance, in shares
  // of half the view's width.
  const expected = IPD_M / 2 / AHEAD_M / (half / having.height);
  const tolerance = 3 / half;
  assert.ok(Math.abs(left.x - expected) < tolerance, `left ${left.x}, expected ${expected}`);
  assert.ok(Math.abs(right.x + expected) < tolerance, `right ${right.x}, expected ${-expected}`);
  for (const eye of [left, right]) {
    assert.ok(eye.low < 0.05, `it begins at the height of the eyes, not ${eye.low}`);
    assert.ok(eye.high > 0.6, `it goes up, not down: ${eye.high}`);
  }
}

test("without a headset there is no button and nothing is fetched for one", TIMEOUT, async (t) => {
  const { server, page } = await stage(t);
  const fetched = [];
  page.on("request", (request) => fetched.push(request.url()));
  const visitor = new Visitor(page, server.origin);
  await visitor.open();
  await visitor.enter();
  assert.equal((await visitor.state()).headset, "none");
  assert.equal(await page.locator("[data-key=headset]").count(), 0);
  assert.deepEqual(fetched.filter((address) => new URL(address).pathname === "/headset.js"), []);
});

test("the headset takes the frames over, shows both eyes, and gives everything back", TIMEOUT, async (t) => {
  const { page, visitor, wearer: worn } = await wearing(t, { ipd: IPD_M });
  await t.test("before it is put on, what the window draws and asks for is counted", async () => {
    const count = () => page.evaluate(() => ({ within: watch.within, outside: watch.outside, asked: watch.asked }));
    const first = await count();
    await redraw(page);
    const last = await count();
    assert.ok(last.asked > first.asked && last.outside > first.outside, JSON.stringify({ first, last }));
    assert.equal(last.within, first.within);
  });

  await t.test("putting it on makes no new shaders", async () => {
    const linked = await page.evaluate(() => watch.linked);
    await worn.putOn();
    await worn.frames(3);
    assert.equal(await page.evaluate(() => watch.linked), linked);
  });

  await t.test("both eyes see the room, upright and as far apart as they are", () => seesInStereo(worn));

  await t.test("frames come from the headset alone", async () => {
    const [first, last] = await page.evaluate(async (secs) => {
      const count = () => ({ within: watch.within, outside: watch.outside, asked: watch.asked });
      const start = count();
      await new Promise((done) => setTimeout(done, secs * 1000));
      return [start, count()];
    }, WATCHED_SECS);
    assert.ok(last.within > first.within, "it goes on drawing");
    assert.equal(last.outside, first.outside, "nothing is drawn for the window");
    assert.equal(last.asked, first.asked, "and no frame of the window is asked for");
    t.diagnostic(`in ${WATCHED_SECS} s there were ${last.within - first.within} draws for the headset and ${last.outside - first.outside} for the window`);
  });

  await t.test("no eye takes more draws than a headset has time for, in any room and whichever way one looks", async () => {
    const rooms = new Map(visitor.venue.stops.map(({ room, id }) => [room, id]));
    for (const [room, stop] of rooms) {
      await page.evaluate((id) => document.querySelector("xinghuo-tour").goTo(id), stop);
      await visitor.until((state, [id, of]) => state.stop === id && state.room === of, [stop, room]);
      await page.evaluate(() => (watch.most = 0));
      await lookRound(worn, [-0.1], async () => {});
      const most = await page.evaluate(() => watch.most);
      // Both eyes, and what puts them together; a panel that is painted anew counts as well.
      const each = Math.ceil(most / 2);
      t.diagnostic(`${room}: at most ${each} draws for each eye`);
      assert.ok(each > 5 && each <= DRAWS_MOST, `${room}: ${each} draws for each eye`);
    }
  });

  await t.test("what the page says is taken up while the headset shows something else", async () => {
    await page.evaluate(() => watch.device.updateVisibilityState("visible-blurred"));
    await worn.frames(3);
    const [stop] = visitor.requiredStops;
    await page.evaluate((id) => document.querySelector("xinghuo-tour").goTo(id), stop);
    await visitor.until((state, id) => state.stop === id, stop);
    await page.evaluate(() => watch.device.updateVisibilityState("visible"));
    await worn.frames(3);
  });

  await t.test("it comes off by the page, and the window draws again", async () => {
    const drawn = await page.evaluate(() => watch.outside);
    await worn.takeOff("page");
    await visitor.until((state) => state.headset === "there");
    await page.waitForFunction((count) => watch.outside > count, drawn);
    await page.locator(".topbar [data-key=headset]").waitFor();
  });

  await t.test("the visitor is back where they were, again and again, and nothing piles up", async () => {
    const [stop] = visitor.requiredStops;
    const stood = (await visitor.state()).view;
    let [settled, live, before] = [null, null, null];
    for (let time = 1; time <= TIMES; time += 1) {
      await worn.putOn();
      await worn.takeOff();
      await redraw(page);
      assert.equal(await glErrors(page), 0, `WebGL is in order after ${time} times`);
      live = await page.evaluate(() => ({ ...watch.live }));
      if (time === 2) settled = live;
      if (time === SETTLED_AFTER) before = await held(page);
    }
    t.diagnostic(`after coming and going ${TIMES} times there are ${Object.values(live).reduce((sum, one) => sum + one)} of WebGL's things`);
    for (const [kind, count] of Object.entries(live)) {
      assert.ok(count <= (settled[kind] ?? 0), `${count} of WebGL's ${kind}, ${settled[kind]} after the second time`);
    }
    const after = await held(page);
    const told = `after ${SETTLED_AFTER} times ${JSON.stringify(before)}, after ${TIMES} ${JSON.stringify(after)}`;
    t.diagnostic(told);
    assert.equal(after.module, before.module, `the module's memory is no longer: ${told}`);
    assert.ok(after.page - before.page < GROWTH_BYTES, `the page holds no more: ${told}`);
    await visitor.until(({ view }, at) => Math.hypot(view.position[0] - at[0], view.position[1] - at[1], view.position[2] - at[2]) < 0.02, stood.position);
    assert.equal((await visitor.state()).stop, stop);
  });
});

test("a framebuffer of the headset's own, with samples, shows the same, at the only rate that the headset has", TIMEOUT, async (t) => {
  const { page, wearer: worn } = await wearing(t, { ipd: IPD_M, own: 4, device: { ...PICO_4, supportedFrameRates: [90] } });
  await worn.putOn();
  assert.equal(await page.evaluate(() => watch.device.activeSession.frameRate), 90);
  await seesInStereo(worn);
  // Here a pixel cannot be read, which the page has found out and taken to be so.
  assert.equal(await page.evaluate(() => watch.gl.getError()), 0);
});

test("the headset's colours are the window's", TIMEOUT, async (t) => {
  const { page, visitor, wearer: worn } = await wearing(t, { ipd: 0, fovyDeg: 58, stereo: false });
  const { view } = await visitor.state();
  const canvas = await page.locator("canvas").boundingBox();
  const window = readPng(await page.screenshot());
  await worn.putOn();
  await worn.moveHead({ rotation: looking([0, Math.tan((view.pitchDeg * Math.PI) / 180), -1]) });
  const higher = view.position[1] - (await sees(worn)).position[1];
  const { position } = await worn.head();
  await worn.moveHead({ position: [position[0], position[1] + higher, position[2]] });
  await worn.still();
  const eyes = await worn.eyes();
  // The canvas begins below the bar; its middle and the eye's middle are the same place of the room,
  // and both show so many degrees from top to bottom.
  const scale = canvas.height / eyes.height;
  const [middleX, middleY] = [canvas.x + canvas.width / 2, canvas.y + canvas.height / 2];
  const square = (pixel) => {
    const pixels = [];
    for (let y = -4; y < 4; y += 1) for (let x = -4; x < 4; x += 1) pixels.push(pixel(x, y));
    const parts = [0, 1, 2].map((i) => pixels.map((one) => one[i]));
    const mean = parts.map((part) => part.reduce((sum, one) => sum + one) / part.length);
    return { mean, even: parts.every((part) => Math.max(...part) - Math.min(...part) < 12) };
  };
  const off = [];
  for (let y = -190; y <= 190; y += 10) {
    for (let x = -240; x <= 240; x += 10) {
      const eye = square((dx, dy) => eyes.at(Math.round(eyes.width / 2 + x + dx), Math.round(eyes.height / 2 + y + dy)));
      const seen = square((dx, dy) => window.at(Math.round(middleX + (x + dx) * scale), Math.round(middleY + (y + dy) * scale)));
      // Leaves and waves are not twice the same.
      if (eye.even && seen.even) off.push(Math.max(...eye.mean.map((part, i) => Math.abs(part - seen.mean[i]))));
    }
  }
  assert.ok(off.length > 100, `${off.length} places are even`);
  off.sort((a, b) => a - b);
  const median = off[Math.floor(off.length / 2)];
  t.diagnostic(`of ${off.length} even places the median is ${median.toFixed(2)} of 255 off`);
  assert.ok(median <= 2, `the median place is ${median} of 255 off`);
});

test("a visitor in a headset goes about by hand, and it counts", { timeout: 600_000 }, async (t) => {
  const { server, visitor, wearer: worn, tickets, page } = await wearing(t);
  await worn.putOn();
  const place = () => sees(worn);

  await t.test("a step of one's own moves the eye", async () => {
    const from = (await place()).position;
    const { position } = await worn.head();
    await worn.moveHead({ position: [position[0] + 0.1, position[1] - 0.2, position[2]] });
    await visitor.until(({ view }, at) => Math.hypot(view.position[0] - at[0], view.position[2] - at[2]) > 0.08 && at[1] - view.position[1] > 0.15, from);
    await worn.moveHead({ position });
  });

  await t.test("a stick turns by thirty degrees at a time", async () => {
    const from = (await place()).yawDeg;
    await worn.push("right", 1, 0);
    await visitor.until(({ view }, yaw) => Math.abs(((yaw - view.yawDeg + 540) % 360) - 180 - 30) < 1, from);
    await worn.push("right", -1, 0);
    await visitor.until(({ view }, yaw) => Math.abs(((yaw - view.yawDeg + 540) % 360) - 180) < 1, from);
  });

  await t.test("an arc leads to the floor", async () => {
    const from = (await place()).position;
    const { position } = await worn.head();
    for (const [x, z] of [[0, -1], [1, 0], [-1, 0], [0, 1]]) {
      await worn.moveHand("right", [position[0], position[1] - 0.4, position[2]], looking([x, -0.6, z]));
      await worn.push("right", 0, -1);
      if (away((await place()).position, from) > 0.4) return;
    }
    assert.fail("there is no floor on any side");
  });

  await t.test("a lantern that is pointed at leads to its stop, and the server knows", async () => {
    const lantern = await findInView(worn, visitor, anotherLantern);
    await worn.pointAt("right", await worn.placeOf(lantern));
    await worn.press("right");
    await visitor.until((state, stop) => state.stop === stop, lantern.stop);
    await visitor.has(lantern.stop, "arrived");
    await visitor.saved();
    const { progress } = await visitor.state();
    assert.equal(progress.stops.find((one) => one.stop === lantern.stop).evidence.includes("arrived"), true);
    assert.ok((await actions(server, tickets)).some(({ type, stop }) => type === "arrive" && stop === lantern.stop));
  });

  await t.test("an artifact that is looked at has been observed, and the server knows", async () => {
    const { stop } = await visitor.state();
    await lookAt(worn, await findInView(worn, visitor, artifactOf(visitor, stop)));
    await visitor.has(stop, "observed");
    await visitor.saved();
    assert.ok((await actions(server, tickets)).some((action) => action.type === "look" && action.stop === stop));
  });

  await t.test("an artifact is taken into the hand, turned, and put back", async () => {
    const { stop } = await visitor.state();
    const { artifact } = visitor.venue.stops.find((one) => one.id === stop);
    const view = await place();
    await worn.pointAt("right", await worn.placeOf(view.artifacts.find((one) => one.artifact === artifact.id)));
    await worn.still();
    const lies = await worn.eyes();
    await page.evaluate(() => watch.device.controllers.right.updateButtonValue("squeeze", 1));
    await visitor.until((state, id) => state.open === id, stop);
    await worn.still();
    const held = await worn.eyes();
    assert.ok(held.difference(lies, 0, held.width / 2).seen, "it has come to the hand");
    await page.evaluate(() => watch.device.controllers.right.updateButtonValue("squeeze", 0));
    await visitor.until((state) => state.open === null);
  });

  await t.test("a pinch does what a trigger does", async () => {
    await page.evaluate(() => (watch.device.primaryInputMode = "hand"));
    const first = await findInView(worn, visitor, anotherLantern);
    await worn.pointAt("right", await worn.placeOf(first), "hands");
    await worn.pinch("right");
    await visitor.until((state, stop) => state.stop === stop, first.stop);
  });

  await t.test("so does a long look of who has nothing to point with", async () => {
    await worn.takeOff();
    await page.evaluate(() => {
      for (const hand of Object.values(watch.device.hands)) hand.connected = false;
    });
    await worn.putOn();
    const { stop: from } = await visitor.state();
    // A look rests on something else as well, and leads there.
    for (let time = 0; time < 6 && (await visitor.state()).stop === from; time += 1) {
      const seen = await findInView(worn, visitor, anotherLantern);
      await lookAt(worn, seen);
      await visitor.until(({ stop }, old) => stop !== null && stop !== old, from, 15_000).catch(() => {});
    }
    assert.notEqual((await visitor.state()).stop, from);
  });

  await t.test("out of the headset the visit goes on in the page", async () => {
    await worn.takeOff();
    const { progress } = await visitor.state();
    await visitor.visitInScene(visitor.requiredStops[0]);
    await visitor.saved();
    const { record } = await server.visit(tickets[0]);
    assert.ok(record.completion > progress.completion);
    await server.replayedElsewhere(tickets[0]);
  });
});

async function actions(server, tickets) {
  const { entries } = await server.visit(tickets[0]);
  return entries.map(({ action }) => action);
}
