// Whoever is moved by a stick rather than by jumps: walking, turning, and the sides of the view that shut meanwhile.

import assert from "node:assert/strict";
import { test } from "node:test";
import { away, FRAMEBUFFER, lead, leftOf, sees, wearing } from "./support/worn.mjs";

const TIMEOUT = { timeout: 300_000 };
/** The dark to which the sides shut, by `BLINK` in `theme/colors.rs`, and how far off it is still that. */
const DARK = [33, 29, 26];
const DARK_OFF = 12;
/** Of an eye's height: how large a patch is looked at, and how far from the edge. */
const PATCH = 0.05;

const other = (hand) => (hand === "left" ? "right" : "left");

/** Of four patches in an eye's corners and one in its middle, how many are as dark as shut sides. */
function shut(eyes) {
  const [half, side] = [eyes.width / 2, Math.round(eyes.height * PATCH)];
  const isDark = (left, top) => {
    let dark = 0;
    for (let y = 0; y < side; y += 1) {
      for (let x = 0; x < side; x += 1) {
        const pixel = eyes.at(left + x, top + y);
        dark += DARK.every((part, i) => Math.abs(pixel[i] - part) <= DARK_OFF) ? 1 : 0;
      }
    }
    return dark > side * side * 0.95;
  };
  const [right, bottom] = [half - side, eyes.height - side];
  const corners = [[0, 0], [right, 0], [0, bottom], [right, bottom]].filter((at) => isDark(...at)).length;
  return { corners, middle: isDark(Math.round((half - side) / 2), Math.round((eyes.height - side) / 2)) };
}

/** Pushes a stick until something else is said. */
const stick = (page, hand, x, y) => page.evaluate(([side, ...axes]) => watch.device.controllers[side].updateAxes("thumbstick", ...axes), [hand, x, y]);

/** Pushes a stick for a moment, no longer than it takes to go a little way; from where to where one went by that. */
async function walked({ page, wearer: worn }, hand, [x, y]) {
  const from = await sees(worn);
  await page.evaluate(async ([side, axes, [left, , back]]) => {
    const { controllers } = watch.device;
    controllers[side].updateAxes("thumbstick", ...axes);
    for (let far = 0; far < 0.2;) {
      await watch.frame();
      const { position } = document.querySelector("xinghuo-tour").state.view;
      far = Math.hypot(position[0] - left, position[2] - back);
    }
    controllers[side].updateAxes("thumbstick", 0, 0);
  }, [hand, [x, y], from.position]);
  await worn.frames(2);
  return { from, to: await sees(worn) };
}

for (const [name, hand, wear] of [["the left stick", "left", {}], ["the right stick of who is left-handed", "right", { leftHanded: true }]]) {
  test(`who wants to walks with ${name}, and the other one turns`, TIMEOUT, async (t) => {
    const all = await wearing(t, {}, { framebuffer: FRAMEBUFFER });
    const { page, visitor, wearer: worn } = all;
    await worn.putOn({ glide: true, ...wear });

    for (const [where, [x, y]] of Object.entries({ ahead: [0, -1], back: [0, 1], "to the right": [1, 0], "to the left": [-1, 0] })) {
      await t.test(`${where} from the look, for as long as it is pushed`, async () => {
        // Half as far as it can be, so that frames that come seldom lead nobody to a wall.
        const { from, to } = await walked(all, hand, [x / 2, y / 2]);
        // Along the stick from where one looks: forwards is −Z, and a compass is to the left.
        const yaw = (from.yawDeg * Math.PI) / 180;
        const wanted = [x * Math.cos(yaw) + y * Math.sin(yaw), -x * Math.sin(yaw) + y * Math.cos(yaw)];
        const went = [to.position[0] - from.position[0], to.position[2] - from.position[2]];
        const along = (went[0] * wanted[0] + went[1] * wanted[1]) / Math.hypot(...went);
        assert.ok(along > 0.9, `went ${went}, wanted ${wanted}`);
        assert.ok(Math.abs(leftOf(from.yawDeg, to.yawDeg)) < 0.5, "and looks where one looked");
        await page.waitForTimeout(1000);
        assert.deepEqual((await sees(worn)).position, to.position, "who lets go stands");
      });
    }

    await t.test("and the other one turns by steps and does not walk", async () => {
      const from = await sees(worn);
      await worn.push(other(hand), 1, 0);
      await visitor.until(({ view }, yaw) => Math.abs(((yaw - view.yawDeg + 540) % 360) - 180 - 30) < 1, from.yawDeg);
      assert.ok(away((await sees(worn)).position, from.position) < 0.02);
    });
  });
}

test("the sides of the view shut while a stick moves one, and open again", TIMEOUT, async (t) => {
  const all = await wearing(t, {}, { framebuffer: FRAMEBUFFER });
  const { page, visitor, wearer: worn } = all;
  await worn.putOn({ turn: 0 });
  /**
   * As seen while a stick is held, looked at so often at most until the sides are shut; how far to the left one has
   * turned until then; and as seen after it.
   */
  async function seen(hand, x, y, looks = 20) {
    let { yawDeg } = await sees(worn);
    await stick(page, hand, x, y);
    let [moving, turned] = [{ corners: 0, middle: false }, 0];
    for (let look = 0; look < looks && moving.corners < 4; look += 1) {
      moving = shut(await worn.eyes());
      // Between two looks nobody turns half round: no frame counts for more than half a second.
      const { view } = await visitor.state();
      turned += leftOf(yawDeg, view.yawDeg);
      ({ yawDeg } = view);
    }
    await stick(page, hand, 0, 0);
    await worn.frames(2);
    await worn.still();
    return { moving, turned, standing: shut(await worn.eyes()) };
  }

  await t.test("before anything moves they are open", async () => {
    assert.deepEqual(shut(await worn.eyes()), { corners: 0, middle: false });
  });

  await t.test("while one turns for as long as the stick is pushed", async () => {
    const { moving, turned, standing } = await seen("right", 1, 0);
    assert.deepEqual(moving, { corners: 4, middle: false });
    assert.ok(standing.corners < 4, `${standing.corners} corners are dark when one stands`);
    const after = (await sees(worn)).yawDeg;
    assert.ok(turned < -5, `${-turned} degrees to the right`);
    await page.waitForTimeout(500);
    assert.equal((await sees(worn)).yawDeg, after, "and no longer");
  });

  await t.test("while one walks", async () => {
    await worn.takeOff("page");
    await worn.putOn({ glide: true, turn: 30 });
    await walked(all, "left", [0, -0.5]);
    // Back the way one came, where there is room.
    const { moving, standing } = await seen("left", 0, 0.4);
    assert.deepEqual(moving, { corners: 4, middle: false });
    assert.ok(standing.corners < 4, `${standing.corners} corners are dark when one stands`);
  });

  await t.test("but not by a turn of thirty degrees, which is a jump", async () => {
    const { yawDeg } = await sees(worn);
    const { moving } = await seen("right", 1, 0, 4);
    assert.ok(moving.corners < 4, `${moving.corners} corners are dark`);
    assert.ok(Math.abs(leftOf(yawDeg, (await sees(worn)).yawDeg) + 30) < 1);
  });
});

test("who leans through a wall sees the dark, and who comes back the room", TIMEOUT, async (t) => {
  const { visitor, wearer: worn } = await wearing(t, {}, { framebuffer: FRAMEBUFFER });
  await worn.putOn();
  await lead(visitor, "table");
  const { position } = await worn.head();
  const isDark = ({ corners, middle }) => corners === 4 && middle;
  await worn.still();
  assert.ok(!isDark(shut(await worn.eyes())), "there is a cabin to see");
  const stood = (await sees(worn)).position;
  let through = null;
  for (const [x, z] of [[3, 0], [-3, 0], [0, 3], [0, -3]]) {
    await worn.moveHead({ position: [position[0] + x, position[1], position[2] + z] });
    if (!isDark(shut(await worn.eyes()))) continue;
    through = [x, z];
    break;
  }
  assert.ok(through, "the cabin has walls");
  await worn.moveHead({ position });
  assert.ok(!isDark(shut(await worn.eyes())), "the cabin is there again");
  assert.ok(away((await sees(worn)).position, stood) < 0.05, "and one is where one was");
});
