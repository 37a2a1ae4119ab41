// An artifact on one's own table, seen on a phone that is held: in an emulated room that has a table and nothing else.

import assert from "node:assert/strict";
import { test } from "node:test";
import { AXE_COMPLAINS, isAccessible } from "./support/axe.mjs";
import { PHONE_WITH_AR } from "./support/devices.mjs";
import { headsetScripts, looking, Wearer } from "./support/headset.mjs";
import { PHONE, stage } from "./support/stage.mjs";
import { Visitor } from "./support/visitor.mjs";

const TABLE_M = 0.75;
const LOOK = [0, -0.75, -1];

test("on a phone an artifact is put on one's own table by a tap, turned by a finger, and read of on the screen", { timeout: 300_000 }, async (t) => {
  const scripts = headsetScripts({ device: PHONE_WITH_AR, stereo: false, fovyDeg: 60, tableM: TABLE_M, held: true });
  const { server, page, tickets } = await stage(t, { screen: PHONE, scripts, expected: [AXE_COMPLAINS] });
  const visitor = new Visitor(page, server.origin);
  visitor.touches = true;
  await visitor.open({ lang: "en" });
  await visitor.enter();
  const worn = new Wearer(visitor);
  const [stop] = visitor.requiredStops;
  const overlay = page.locator(".bringing");
  const says = (text) => overlay.locator("p[role=status]", { hasText: text }).waitFor();
  await visitor.goTo(stop);
  const stood = await visitor.restingView();

  await t.test("there is no headset to put on, and a table to put things on", async () => {
    assert.equal((await visitor.state()).headset, "none");
    assert.equal(await page.locator(".topbar [data-key=headset]").count(), 0);
    await visitor.lookClosely(stop);
    await visitor.press(page.locator("[data-key=bring]"));
    await visitor.until((state) => state.headset === "worn");
    const { mode, features } = await page.evaluate(() => watch.modes.at(-1));
    assert.equal(mode, "immersive-ar");
    assert.ok(features.includes("hit-test") && features.includes("dom-overlay"), features.join());
    await worn.moveHead({ position: [0, 1.5, 0], rotation: looking(LOOK) });
    await says("tap to put it down");
    await worn.still();
    await isAccessible(page, "over one's own room");
  });

  await t.test("one view is drawn, with the thing on the table and nothing about it", async () => {
    const eyes = await worn.eyes();
    const alpha = (x, y) => eyes.at(x, y)[3];
    const middle = alpha(eyes.width / 2, eyes.height / 2 - 4);
    assert.ok(middle > 200, `the thing is in the middle: ${middle}`);
    for (const [x, y] of [[2, 2], [eyes.width - 3, 2], [2, eyes.height - 3]]) assert.equal(alpha(x, y), 0, "the room is seen");
  });

  await t.test("a tap puts it down, a finger that moves turns it, and another tap takes it up", async () => {
    await worn.touch([0, 0]);
    await says("Drag to turn it");
    await worn.still();
    const before = await worn.eyes();
    await worn.touch([-0.2, 0], [-0.1, 0], [0, 0], [0.1, 0], [0.2, 0]);
    await says("Drag to turn it");
    await worn.still();
    const turned = await worn.eyes();
    assert.ok(turned.difference(before, 0, before.width).seen, "it is seen from another side");
    await worn.moveHead({ rotation: looking([0.35, -0.75, -1]) });
    await worn.still();
    const aside = await worn.eyes();
    assert.ok(aside.difference(turned, 0, before.width).seen, "it stays where it was put while one looks aside");
    await worn.moveHead({ rotation: looking(LOOK) });
    await worn.touch([0, 0]);
    await says("tap to put it down");
    await worn.touch([0.1, 0.1]);
    await says("Drag to turn it");
  });

  await t.test("its story is read over the room, and counts", async () => {
    await visitor.press(overlay.locator("[data-key=bring-story]"));
    await overlay.locator(".prose").first().waitFor();
    await isAccessible(page, "reading over one's own room");
    await visitor.read(stop);
    await visitor.saved();
    const { entries } = await server.visit(tickets[0]);
    assert.ok(entries.some(({ action }) => action.type === "story" && action.stop === stop));
  });

  await t.test("afterwards the visitor is in the tour, exactly where they stood", async () => {
    await visitor.press(overlay.locator("[data-key=bring-back]"));
    await visitor.until(({ headset }) => headset === "none");
    await overlay.waitFor({ state: "hidden" });
    await visitor.until(({ view }, at) => Math.hypot(...view.position.map((one, i) => one - at[i])) < 0.02, stood.position);
    await server.replayedElsewhere(tickets[0]);
    assert.equal(await page.evaluate(() => watch.gl.getError()), 0);
  });
});
