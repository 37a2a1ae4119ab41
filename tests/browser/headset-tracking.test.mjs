// What a headset knows of the head and of the floor, and what becomes of it when that is otherwise.

import assert from "node:assert/strict";
import { test } from "node:test";
import { PICO_4 } from "./support/devices.mjs";
import { headsetScripts, looking } from "./support/headset.mjs";
import { stage } from "./support/stage.mjs";
import { Visitor } from "./support/visitor.mjs";
import { away, FRAMEBUFFER, glErrors, leftOf, sees, SCREEN, wearing } from "./support/worn.mjs";

const TIMEOUT = { timeout: 300_000 };
const NEAR_M = 0.02;
const NEAR_DEG = 0.3;
/** How high the wearer's head is over the floor: lower than anybody stands in the page. */
const HEAD_M = 1.3;

/** How much of a picture is not black. */
function lit({ pixels }) {
  let count = 0;
  for (let i = 0; i < pixels.length; i += 4) count += pixels[i] + pixels[i + 1] + pixels[i + 2] > 24 ? 1 : 0;
  return (count * 4) / pixels.length;
}

test("a head that is lost sees nothing, stays where it was, and sees again when it is found", TIMEOUT, async (t) => {
  const { page, visitor, wearer: worn } = await wearing(t, {}, { framebuffer: FRAMEBUFFER });
  await worn.putOn();
  const stood = await sees(worn);
  assert.ok(lit(await worn.eyes()) > 0.5, "there is a room to see");
  await page.evaluate(() => (watch.lost = true));
  await worn.still();
  const lost = lit(await worn.eyes());
  assert.ok(lost < 0.01, `${lost} of the picture is lit`);
  const { position } = await worn.head();
  await worn.moveHead({ position: [position[0] + 0.2, position[1], position[2]], rotation: looking([1, 0, -1]) });
  assert.deepEqual((await visitor.state()).view, stood, "nothing is known of where it goes");
  await page.evaluate(() => (watch.lost = false));
  await worn.still();
  assert.ok(lit(await worn.eyes()) > 0.5, "the room is there again");
  // The headset's space has not moved meanwhile, and the head is elsewhere in it.
  const found = await sees(worn);
  assert.ok(Math.abs(away(found.position, stood.position) - 0.2) < NEAR_M, `${stood.position}, ${found.position}`);
  assert.ok(Math.abs(leftOf(stood.yawDeg, found.yawDeg) + 45) < NEAR_DEG, `${stood.yawDeg}, ${found.yawDeg}`);
  assert.equal(await glErrors(page), 0);
});

test("a head whose place is only guessed still looks about", TIMEOUT, async (t) => {
  const { page, visitor, wearer: worn } = await wearing(t, {}, { framebuffer: FRAMEBUFFER });
  await page.evaluate(() => (watch.guessed = true));
  await worn.putOn();
  const { yawDeg } = await sees(worn);
  await worn.moveHead({ rotation: looking([-1, 0, -1]) });
  assert.ok(Math.abs(leftOf(yawDeg, (await sees(worn)).yawDeg) - 45) < NEAR_DEG);
  assert.ok(lit(await worn.eyes()) > 0.5);
});

test("recentring leaves the visitor where they are, and steps go on from there", TIMEOUT, async (t) => {
  const { page, visitor, wearer: worn } = await wearing(t, {}, { framebuffer: FRAMEBUFFER });
  await worn.putOn();
  await worn.frames(3);
  const start = await worn.head();
  await worn.moveHead({ position: [start.position[0] + 0.3, start.position[1], start.position[2] + 0.2], rotation: looking([1, 0, -0.4]) });
  const before = await sees(worn);
  await page.evaluate(() => watch.device.recenter());
  await worn.frames(3);
  const head = await worn.head();
  assert.ok(Math.hypot(head.position[0], head.position[2]) < 1e-6, "the headset's space begins where the head is");
  const after = await sees(worn);
  assert.ok(away(after.position, before.position) < NEAR_M && Math.abs(after.position[1] - before.position[1]) < NEAR_M, `${before.position}, ${after.position}`);
  assert.ok(Math.abs(leftOf(before.yawDeg, after.yawDeg)) < NEAR_DEG, `${before.yawDeg}, ${after.yawDeg}`);
  // A step ahead is one along the look.
  await worn.moveHead({ position: [0, head.position[1], -0.2] });
  const { position } = await sees(worn);
  const yaw = (after.yawDeg * Math.PI) / 180;
  const ahead = [after.position[0] - 0.2 * Math.sin(yaw), 0, after.position[2] - 0.2 * Math.cos(yaw)];
  assert.ok(away(position, ahead) < 2 * NEAR_M, `${position}, expected ${ahead}`);
});

test("where the headset knows the floor the eye is as high as the head", TIMEOUT, async (t) => {
  const { visitor, wearer: worn } = await wearing(t, { device: PICO_4 }, { framebuffer: FRAMEBUFFER });
  const stood = await visitor.restingView();
  await worn.page.evaluate((high) => (watch.device.position.y = high), HEAD_M);
  await worn.putOn();
  const standing = stood.position[1] - (await sees(worn)).position[1];
  assert.ok(standing > 0.1, `lower than who stands, by ${standing}`);
  await worn.moveHead({ position: [0, HEAD_M + standing, 0] });
  assert.ok(Math.abs((await sees(worn)).position[1] - stood.position[1]) < NEAR_M);
});

test("where it refuses to tell of the floor the eye is as high as that of who stands", TIMEOUT, async (t) => {
  const device = { ...PICO_4, supportedFeatures: PICO_4.supportedFeatures.filter((one) => !one.endsWith("-floor")) };
  const { page, visitor, wearer: worn } = await wearing(t, { device }, { framebuffer: FRAMEBUFFER });
  const stood = await visitor.restingView();
  await page.evaluate((high) => (watch.device.position.y = high), HEAD_M);
  await worn.putOn();
  const high = async () => (await sees(worn)).position[1];
  assert.ok(Math.abs((await high()) - stood.position[1]) < NEAR_M, `${await high()}, stood at ${stood.position[1]}`);
  const { position } = await worn.head();
  await worn.moveHead({ position: [position[0], position[1] - 0.2, position[2]] });
  assert.ok(Math.abs((await high()) - (stood.position[1] - 0.2)) < NEAR_M, `${await high()}`);
});

test("the scene is drawn by what also drives the headset from the start, where there is one", TIMEOUT, async (t) => {
  const { page } = await wearing(t);
  const asked = await page.evaluate(() => watch.contexts.filter(({ kind }) => kind === "webgl2"));
  assert.equal(asked[0]?.xrCompatible, true, JSON.stringify(asked));
  await t.test("and by any where there is none", async (t) => {
    // It is installed, and knows no mode in which anything is worn.
    const { server, page } = await stage(t, { screen: SCREEN, scripts: headsetScripts({ device: { ...PICO_4, supportedSessionModes: ["inline"] } }) });
    const visitor = new Visitor(page, server.origin);
    await visitor.open();
    await visitor.enter();
    assert.equal((await visitor.state()).headset, "none");
    const asked = await page.evaluate(() => watch.contexts.filter(({ kind }) => kind === "webgl2"));
    assert.equal(asked[0]?.xrCompatible, false, JSON.stringify(asked));
  });
});
