// Framebuffers that differ: one that turns light into colour by itself, and one for a single view.

import assert from "node:assert/strict";
import { test } from "node:test";
import { anotherLantern, findInView, glErrors, wearing } from "./support/worn.mjs";

const TIMEOUT = { timeout: 300_000 };
/** How far a colour may be off, of 255, in the median. */
const OFF_MOST = 2;

/** How far two pictures' colours are off each other, of 255: the median of a few thousand places. */
function off(one, other) {
  const all = [];
  for (let y = 2; y < one.height; y += 7) {
    for (let x = 2; x < one.width; x += 7) {
      const [a, b] = [one.at(x, y), other.at(x, y)];
      all.push(Math.max(...[0, 1, 2].map((i) => Math.abs(a[i] - b[i]))));
    }
  }
  return all.sort((a, b) => a - b)[Math.floor(all.length / 2)];
}

test("a framebuffer that turns light into colour by itself shows the same colours as one that does not", TIMEOUT, async (t) => {
  const { page, wearer: worn } = await wearing(t, { own: 0 });
  /** What the eyes see with such a framebuffer; hands are where nobody sees them. */
  async function seen(encodes) {
    await page.evaluate((does) => (watch.encodes = does), encodes);
    await worn.putOn();
    for (const hand of ["left", "right"]) await worn.moveHand(hand, [0, 0.3, 2], [0, 0, 0, 1]);
    await worn.moveHead({ rotation: [0, 0, 0, 1] });
    await worn.still();
    const eyes = await worn.eyes();
    const encoding = await page.evaluate(() => {
      const { gl, device } = watch;
      gl.bindFramebuffer(gl.FRAMEBUFFER, device.activeSession.renderState.baseLayer.framebuffer);
      const told = gl.getFramebufferAttachmentParameter(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.FRAMEBUFFER_ATTACHMENT_COLOR_ENCODING);
      gl.bindFramebuffer(gl.FRAMEBUFFER, null);
      return told === gl.SRGB;
    });
    assert.equal(encoding, encodes, "the framebuffer is what it is to be");
    await worn.takeOff();
    return eyes;
  }
  const plain = await seen(false);
  const encoding = await seen(true);
  const median = off(plain, encoding);
  t.diagnostic(`the median place is ${median} of 255 off`);
  assert.ok(median <= OFF_MOST, `the median place is ${median} of 255 off`);
  assert.ok(off(plain, await seen(false)) <= OFF_MOST, "and what is found out of one is not believed of the next");
  assert.equal(await glErrors(page), 0);
});

test("a headset with one view shows the room all over its framebuffer, and one goes about with it", TIMEOUT, async (t) => {
  const { page, visitor, wearer: worn } = await wearing(t, { views: 1, stereo: false, fovyDeg: 60 });
  await worn.putOn();
  await worn.moveHead({ rotation: [0, 0, 0, 1] });
  await worn.still();

  await t.test("all of it shows the room", async () => {
    const eyes = await worn.eyes();
    for (const [x, y] of [[0.02, 0.02], [0.98, 0.02], [0.02, 0.98], [0.98, 0.98], [0.5, 0.5]]) {
      const pixel = eyes.at(Math.floor(eyes.width * x), Math.floor(eyes.height * y));
      assert.equal(pixel[3], 255, `at ${x}, ${y}`);
    }
    // A ray that goes straight up from the middle of the view is there, for an eye in its middle.
    const { position } = await worn.head();
    const up = [Math.SQRT1_2, 0, 0, Math.SQRT1_2];
    for (const hand of ["left", "right"]) await worn.moveHand(hand, [position[0], position[1], position[2] + 1], up);
    await worn.still();
    const without = await worn.eyes();
    await worn.moveHand("right", [position[0], position[1], position[2] - 0.4], up);
    await worn.still();
    const ray = (await worn.eyes()).difference(without, 0, eyes.width, Math.floor(eyes.height * 0.49));
    assert.ok(ray.seen && ray.high > 0.6, JSON.stringify(ray));
    // The emulator's one eye is the left one.
    const expected = 0.063 / 2 / 0.4 / Math.tan(Math.PI / 6) / (eyes.width / eyes.height);
    assert.ok(Math.abs(ray.x - expected) < 6 / eyes.width, `${ray.x}, expected ${expected}`);
  });

  await t.test("a lantern that is pointed at leads to its stop", async () => {
    const lantern = await findInView(worn, visitor, anotherLantern);
    await worn.pointAt("right", await worn.placeOf(lantern));
    await worn.press("right");
    await visitor.until((state, stop) => state.stop === stop, lantern.stop);
    await visitor.has(lantern.stop, "arrived");
  });

  await t.test("and it comes off", async () => {
    await worn.takeOff("page");
    assert.equal(await glErrors(page), 0);
  });
});
