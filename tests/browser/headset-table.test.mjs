// An artifact on one's own table: in an emulated room that has a table and nothing else.

import assert from "node:assert/strict";
import { test } from "node:test";
import { PICO_4 } from "./support/devices.mjs";
import { headsetScripts, looking } from "./support/headset.mjs";
import { LANGUAGE, Reader } from "./support/reader.mjs";
import { stage } from "./support/stage.mjs";
import { Visitor } from "./support/visitor.mjs";

const TIMEOUT = { timeout: 300_000 };
const SCREEN = { viewport: { width: 800, height: 600 } };
const TABLE_M = 0.75;
const FOVY_DEG = 60;

/** What of an eye's picture is drawn, and not the visitor's own room: how much, its middle, −1 to 1 to the right and up, and how high it is. */
function drawn({ width, height, pixels }) {
  const half = width / 2;
  let [count, sumX, sumY, low, high, opaque] = [0, 0, 0, 1, -1, 0];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < half; x += 1) {
      const alpha = pixels[(y * width + x) * 4 + 3];
      if (alpha < 128) continue;
      opaque += alpha > 250 ? 1 : 0;
      count += 1;
      sumX += ((x + 0.5) / half) * 2 - 1;
      // Rows begin below.
      const up = ((y + 0.5) / height) * 2 - 1;
      sumY += up;
      [low, high] = [Math.min(low, up), Math.max(high, up)];
    }
  }
  return { share: count / (half * height), opaque: opaque / Math.max(1, count), x: sumX / count, y: sumY / count, low, high };
}

test("an artifact is put on one's own table, at its real size, with its name and its story", TIMEOUT, async (t) => {
  const { server, page, tickets } = await stage(t, { screen: SCREEN, scripts: headsetScripts({ fovyDeg: FOVY_DEG, tableM: TABLE_M }) });
  const visitor = new Visitor(page, server.origin);
  await visitor.open({ lang: LANGUAGE });
  await visitor.enter();
  const reads = new Reader(visitor, "controller", "right", { own: true });
  const { worn } = reads;
  const [stop] = visitor.requiredStops;
  const { artifact } = visitor.venue.stops.find((one) => one.id === stop);
  await visitor.goTo(stop);
  const stood = await visitor.restingView();
  assert.equal(await page.locator("[data-key=bring]").count(), 0, "only at the close-up");
  await visitor.lookClosely(stop);

  await t.test("the button beside the close-up begins a session in the visitor's own room", async () => {
    await page.locator("[data-key=bring]").click();
    await visitor.until((state) => state.headset === "worn");
    await worn.frames(3);
    const modes = await page.evaluate(() => watch.modes);
    assert.equal(modes.at(-1).mode, "immersive-ar");
    assert.ok(modes.at(-1).features.includes("hit-test"));
    assert.equal(await page.locator("[data-key=bring]").count(), 0, "it is not asked for twice");
  });

  /** From the place of the head to the table along a look. */
  const look = [0, -0.75, -1];
  await t.test("it is where one looks, and nothing else of the venue is there", async () => {
    for (const hand of ["left", "right"]) await worn.moveHand(hand, [0, 0.3, 2], [0, 0, 0, 1]);
    await worn.moveHead({ position: [0, 1.5, 0], rotation: looking(look) });
    await visitor.until((state) => state.named !== null);
    await worn.still();
    const seen = drawn(await worn.eyes());
    assert.ok(seen.share > 0.002 && seen.share < 0.9, `${seen.share} of the picture`);
    assert.ok(seen.opaque > 0.5, "what is drawn is not seen through");
    assert.equal((await visitor.state()).presses.length, 0, "there is nothing to press yet");
  });

  let put = null;
  await t.test("it is put down and stays there", async () => {
    await worn.pointAt("right", [0, TABLE_M, -2]);
    await worn.press("right");
    await worn.moveHand("right", [0, 0.3, 2], [0, 0, 0, 1]);
    await visitor.until(({ named }, name) => named === name, reads.texts[`artifact.${artifact.id}.name`]);
    await worn.moveHead({ rotation: looking([0, -0.75, -1]) });
    // As far as this emulator has it, the press that puts it down has taken it in hand.
    await worn.still();
    put = drawn(await worn.eyes());
    await worn.moveHead({ rotation: looking([0.35, -0.75, -1]) });
    await worn.still();
    const aside = drawn(await worn.eyes());
    assert.ok(aside.x < put.x - 0.2, `it stays while one looks to the right: ${put.x}, ${aside.x}`);
  });

  await t.test("from half as far away it is twice as large", async () => {
    // The table is met 0.75 m below the eye, at 1 m: half way there it is half as far.
    await worn.moveHead({ position: [0, 1.5, 0], rotation: looking(look) });
    await worn.still();
    const far = drawn(await worn.eyes());
    await worn.moveHead({ position: [0, 1.125, -0.5], rotation: looking(look) });
    await worn.still();
    const near = drawn(await worn.eyes());
    assert.ok(near.share > far.share * 1.3, `${far.share}, ${near.share}`);
    await worn.moveHead({ position: [0, 1.5, 0], rotation: looking(look) });
  });

  await t.test("a stick turns it and not the room", async () => {
    await worn.still();
    const before = await worn.eyes();
    await worn.push("right", 1, 0);
    await worn.still();
    const after = await worn.eyes();
    assert.ok(before.difference(after, 0, before.width / 2).seen, "it is seen from another side");
    assert.ok(Math.abs(drawn(after).x - drawn(before).x) < 0.15, "it is where it was");
  });

  await t.test("its story is told beside it, and counts", async () => {
    await reads.read(stop);
    await visitor.saved();
    const { entries } = await server.visit(tickets[0]);
    assert.ok(entries.some(({ action }) => action.type === "story" && action.stop === stop));
  });

  await t.test("afterwards the visitor is in the venue, exactly where they stood, and looks where they looked", async () => {
    await worn.takeOff();
    await visitor.until(({ view, headset }, at) => headset === "there" && Math.hypot(...view.position.map((one, i) => one - at[i])) < 0.02, stood.position);
    const { yawDeg, pitchDeg } = await visitor.restingView();
    assert.ok(Math.abs(yawDeg - stood.yawDeg) < 0.3 && Math.abs(pitchDeg - stood.pitchDeg) < 0.3, `${yawDeg}, ${pitchDeg}; ${stood.yawDeg}, ${stood.pitchDeg}`);
    await server.replayedElsewhere(tickets[0]);
    assert.equal(await page.evaluate(() => watch.gl.getError()), 0);
  });
});

test("where a headset cannot show one's own room there is nothing to put on one's own table", TIMEOUT, async (t) => {
  const modes = PICO_4.supportedSessionModes.filter((mode) => mode !== "immersive-ar");
  const { server, page } = await stage(t, { screen: SCREEN, scripts: headsetScripts({ device: { ...PICO_4, supportedSessionModes: modes }, tableM: TABLE_M }) });
  const visitor = new Visitor(page, server.origin);
  await visitor.open({ lang: LANGUAGE });
  await visitor.enter();
  const [stop] = visitor.requiredStops;
  await visitor.goTo(stop);
  await visitor.lookClosely(stop);
  await page.locator(".side [data-key=tab-story]").waitFor();
  assert.equal((await visitor.state()).headset, "there", "one can go to the venue");
  assert.equal(await page.locator("[data-key=bring]").count(), 0);
});
