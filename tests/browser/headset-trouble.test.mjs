// When a headset is worn and the graphics are lost, there is a sentence and a way on.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Visitor } from "./support/visitor.mjs";
import { FRAMEBUFFER, lead, wearing } from "./support/worn.mjs";

const TIMEOUT = { timeout: 300_000 };
/** What a browser says of a context that it has taken away. */
const LOST = [/context/i, /webgl/i, /wgpu/i];
/** The emulator draws on with what is gone until its session ends. */
const EMULATOR_COMPLAINS = /at onDeviceFrame/;

test("a context that is lost while the headset is worn takes it off, is said, and reloading goes on", TIMEOUT, async (t) => {
  const { server, page, visitor, tickets, wearer: worn } = await wearing(t, {}, { framebuffer: FRAMEBUFFER, expected: [...LOST, EMULATOR_COMPLAINS] });
  await worn.putOn();
  const [stop] = visitor.requiredStops;
  await lead(visitor, stop);
  await visitor.has(stop, "arrived");
  await visitor.saved();
  const { visit, seq } = (await visitor.state()).record;

  await t.test("the headset comes off, and the page says what has happened", async () => {
    await page.evaluate(() => watch.gl.getExtension("WEBGL_lose_context").loseContext());
    await page.locator('[data-code="CONTEXT_LOST"]').waitFor();
    await visitor.until((state) => state.headset === "there" && state.error === "CONTEXT_LOST");
    assert.equal(await page.evaluate(() => watch.device.activeSession ?? null), null, "no session goes on");
    assert.equal(await page.evaluate(() => document.querySelector("[data-webxr_runtime]")), null);
    const said = (await page.locator('[data-code="CONTEXT_LOST"]').textContent()).trim();
    assert.ok(said.length > 8 && !said.includes("failure."), said);
  });

  await t.test("reloading leads back into the visit, and the headset can be put on again", async () => {
    await page.setViewportSize({ width: 960, height: 480 });
    await visitor.press(page.locator(".door .primary"));
    await visitor.until((state) => state.phase === "ready");
    await visitor.has(stop, "arrived");
    await visitor.saved();
    const { record } = await visitor.state();
    assert.equal(record.visit, visit, "it is the same visit");
    assert.ok(record.seq >= seq);
    await visitor.until((state) => state.headset === "there");
    await worn.putOn();
    await worn.frames(3);
    assert.equal(await page.evaluate(() => watch.gl.getError()), 0);
    await worn.takeOff();
    await visitor.saved();
    await server.replayedElsewhere(tickets[0]);
  });
});

test("another tab that takes the visit over takes the headset off, and the visit goes on there", TIMEOUT, async (t) => {
  const { server, page, visitor, tickets, wearer: worn } = await wearing(t, {}, { framebuffer: FRAMEBUFFER });
  await worn.putOn();
  const [stop] = visitor.requiredStops;
  await lead(visitor, stop);
  await visitor.has(stop, "arrived");
  await visitor.saved();
  const other = new Visitor(await page.context().newPage(), server.origin);
  await other.open();
  await other.press(other.page.locator(".door .primary"));
  await other.page.locator(".door [role=alert]").waitFor();
  await other.enter();
  await other.has(stop, "arrived");
  await visitor.until((state) => state.headset === "there");
  assert.equal(await page.evaluate(() => watch.device.activeSession ?? null), null, "no session goes on");
  await page.locator('[data-notice="taken"]').waitFor();
  await other.goTo(visitor.requiredStops[1]);
  await other.saved();
  assert.equal((await other.state()).record.visit, (await visitor.state()).record.visit);
  assert.equal(tickets.length, 1, "it is one visit");
  await server.replayedElsewhere(tickets[0]);
});
