// Who takes the headset off stands in the page where they stood in it, and looks where they looked.

import assert from "node:assert/strict";
import { test } from "node:test";
import { looking } from "./support/headset.mjs";
import { away, FRAMEBUFFER, lead, leftOf, sees, wearing } from "./support/worn.mjs";

const TIMEOUT = { timeout: 300_000 };
/** The page hears of places to a hundredth of a metre and of looks to a tenth of a degree. */
const NEAR_M = 0.02;
const NEAR_DEG = 0.3;

/** The same place over the floor, and the same compass. */
function isWhere(now, then) {
  assert.ok(away(now.position, then.position) < NEAR_M, `stands at ${now.position}, stood at ${then.position}`);
  assert.ok(Math.abs(leftOf(then.yawDeg, now.yawDeg)) < NEAR_DEG, `looks along ${now.yawDeg}, looked along ${then.yawDeg}`);
}

test("the page goes on where and as one stood in the headset, and the headset where one stood in the page", TIMEOUT, async (t) => {
  const { visitor, wearer: worn } = await wearing(t, {}, { framebuffer: FRAMEBUFFER });
  const began = await visitor.restingView();
  let left = null;

  /** Takes it off; where one is in the page then. */
  async function takeOff(from) {
    const then = await sees(worn);
    await worn.takeOff(from);
    const now = await visitor.restingView();
    isWhere(now, then);
    assert.ok(Math.abs(now.position[1] - began.position[1]) < 0.05, `at the height of who stands: ${now.position[1]}, ${began.position[1]}`);
    assert.ok(Math.abs(now.pitchDeg - began.pitchDeg) < NEAR_DEG, `as level as before: ${now.pitchDeg}, ${began.pitchDeg}`);
    return { then, now };
  }

  await t.test("after a step of one's own and a turn of the head", async () => {
    await worn.putOn();
    const { position } = await worn.head();
    await worn.moveHead({ position: [position[0] + 0.25, position[1] - 0.3, position[2] + 0.2], rotation: looking([1, -0.4, 0.5]) });
    const { then, now } = await takeOff("headset");
    assert.ok(away(then.position, began.position) > 0.25, "one has gone a step");
    assert.ok(Math.abs(leftOf(began.yawDeg, then.yawDeg)) > 90, "and turned about");
    assert.ok(then.position[1] < began.position[1] - 0.2 && then.pitchDeg < -15, "and crouched, and looked down");
    left = now;
  });

  await t.test("in the headset again, with the head still turned", async () => {
    await worn.putOn();
    isWhere(await sees(worn), left);
    await worn.takeOff("page");
    isWhere(await visitor.restingView(), left);
  });

  await t.test("after turns by the stick, a journey, and a turn of the head", async () => {
    await worn.putOn();
    await worn.push("right", 1, 0);
    await lead(visitor, visitor.requiredStops[1]);
    await worn.push("right", 1, 0);
    await worn.moveHead({ rotation: looking([-0.3, 0.2, 1]) });
    const { then } = await takeOff("page");
    assert.ok(away(then.position, left.position) > 0.5, "one has gone somewhere");
    assert.ok(Math.abs(leftOf(left.yawDeg, then.yawDeg)) > 5, "and turned");
  });

  await t.test("and the page moves on from there", async () => {
    const from = await visitor.restingView();
    await visitor.page.locator("canvas").focus();
    await visitor.page.keyboard.down("ArrowLeft");
    await visitor.until(({ view }, yaw) => Math.abs(((((view.yawDeg - yaw) % 360) + 540) % 360) - 180) > 5, from.yawDeg);
    await visitor.page.keyboard.up("ArrowLeft");
    const now = await visitor.restingView();
    assert.ok(leftOf(from.yawDeg, now.yawDeg) > 3, `turned from ${from.yawDeg} to ${now.yawDeg}`);
    assert.ok(away(from.position, now.position) < NEAR_M, "on the spot");
  });
});
