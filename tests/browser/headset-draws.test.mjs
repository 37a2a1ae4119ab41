// How much is drawn for an eye where there is most to see: at every stop, with a panel open and both hands.

import assert from "node:assert/strict";
import { test } from "node:test";
import { headsetScripts } from "./support/headset.mjs";
import { LANGUAGE, Reader } from "./support/reader.mjs";
import { stage } from "./support/stage.mjs";
import { Visitor } from "./support/visitor.mjs";
import { FRAMEBUFFER, glErrors, lead, lookRound, SCREEN } from "./support/worn.mjs";

/** How many draws an eye may take: each costs a headset's processor more than its pixels do. */
const DRAWS_MOST = 150;

test("no eye takes more draws than a headset has time for, at any stop, with a panel open and both hands", { timeout: 900_000 }, async (t) => {
  const { server, page } = await stage(t, { screen: SCREEN, scripts: headsetScripts() });
  const visitor = new Visitor(page, server.origin);
  await visitor.open({ lang: LANGUAGE });
  await visitor.enter();
  const reads = new Reader(visitor, "hand", "right", { framebuffer: FRAMEBUFFER });
  const { worn, ui } = reads;
  await page.evaluate(() => (watch.device.primaryInputMode = "hand"));
  await worn.putOn();
  const told = [];
  for (const { id } of visitor.venue.stops) {
    await lead(visitor, id);
    await reads.open();
    const { position } = await worn.head();
    // Before the eyes, where they are drawn.
    for (const [hand, x] of [["left", -0.15], ["right", 0.15]]) await worn.moveHand(hand, [position[0] + x, position[1] - 0.2, position[2] - 0.3], [0, 0, 0, 1], "hands");
    await page.evaluate(() => (watch.most = 0));
    await lookRound(worn, [-0.2], async () => {});
    assert.ok((await reads.presses()).some(({ says }) => says === ui.close), `${id}: the panel is open`);
    const hands = await page.evaluate(() => [...watch.device.activeSession.inputSources].filter(({ hand }) => hand).length);
    assert.equal(hands, 2, `${id}: both hands are there`);
    const each = Math.ceil((await page.evaluate(() => watch.most)) / 2);
    told.push(`${id} ${each}`);
    assert.ok(each > 5 && each <= DRAWS_MOST, `${id}: ${each} draws for each eye`);
  }
  t.diagnostic(`draws for each eye: ${told.join(", ")}`);
  assert.equal(told.length, visitor.venue.stops.length);
  assert.equal(await glErrors(page), 0);
});
