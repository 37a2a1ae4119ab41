// An artifact on one's own table is as large as its model says, to a few pixels, and turns with the hand that holds it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { PHONE_WITH_AR } from "./support/devices.mjs";
import { headsetScripts, looking, Wearer } from "./support/headset.mjs";
import { setting } from "./support/server.mjs";
import { PHONE, stage } from "./support/stage.mjs";
import { Visitor } from "./support/visitor.mjs";
import { glErrors } from "./support/worn.mjs";

const TIMEOUT = { timeout: 300_000 };
const TABLE_M = 0.75;
const FOVY_DEG = 60;
const LOOK = [0, -0.75, -1];
/** Where that look meets the table from where it is looked from. */
const EYE = [0, 1.5, 0];
const SPOT = [0, TABLE_M, -1];
/** From how far away it is measured, and by how much of the view it may be off: it is drawn less finely than it is shown. */
const FAR_M = 2;
const OFF_MOST = 0.012;

/** Where all points of a node's mesh are in its room, by the package's own file. */
function pointsOf(file, name) {
  const glb = readFileSync(file);
  const words = glb.readUInt32LE(12);
  const { nodes, meshes, accessors, bufferViews } = JSON.parse(glb.subarray(20, 20 + words).toString());
  const node = nodes.find((one) => one.name === name);
  assert.ok(node.translation && !node.rotation && !node.scale && !node.matrix, "these tests read nodes that are moved and no more");
  return meshes[node.mesh].primitives.flatMap(({ attributes }) => {
    const { bufferView, byteOffset = 0, componentType, count } = accessors[attributes.POSITION];
    assert.equal(componentType, 5126, "these tests read positions in plain numbers");
    const { byteOffset: begin = 0, byteStride = 12 } = bufferViews[bufferView];
    const start = 20 + words + 8 + begin + byteOffset;
    return Array.from({ length: count }, (_, i) => [0, 1, 2].map((axis) => glb.readFloatLE(start + i * byteStride + axis * 4) + node.translation[axis]));
  });
}

/** A visitor with an artifact before their eyes, about to have it on their own table. */
async function bringing(t, how, screen) {
  const { server, page } = await stage(t, { screen, scripts: headsetScripts({ fovyDeg: FOVY_DEG, tableM: TABLE_M, ...how }), expected: [/ERR_FAILED/] });
  // Without letters there are no words, so that nothing but the artifact is drawn.
  await page.route("**/letters.otf", (route) => route.abort());
  const visitor = new Visitor(page, server.origin);
  visitor.touches = Boolean(screen.hasTouch);
  await visitor.open();
  await visitor.enter();
  const [id] = visitor.requiredStops;
  await visitor.goTo(id);
  const stood = await visitor.restingView();
  await visitor.lookClosely(id);
  await visitor.press(page.locator("[data-key=bring]"));
  await visitor.until((state) => state.headset === "worn");
  const worn = new Wearer(visitor);
  await worn.frames(3);
  const stop = visitor.venue.stops.find((one) => one.id === id);
  const scene = join(setting("XINGHUO_PACKAGES"), visitor.venue.id, visitor.hash, visitor.venue.rooms[stop.room].scene);
  return { page, visitor, worn, stop, stood, points: pointsOf(scene, stop.artifact.node) };
}

const extremes = (all) => [Math.min(...all), Math.max(...all)];

/** What of a picture is drawn: from where to where, in shares of its height from its middle, to the right and up. */
function drawn({ width, height, pixels }) {
  let [left, right, low, high] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (pixels[(y * width + x) * 4 + 3] < 128) continue;
      [left, right] = [Math.min(left, x), Math.max(right, x + 1)];
      [low, high] = [Math.min(low, y), Math.max(high, y + 1)];
    }
  }
  const share = (pixel, of) => (pixel - of / 2) / height;
  return { left: share(left, width), right: share(right, width), low: share(low, height), high: share(high, height) };
}

test("what is put on one's own table is as large as its model, and stands where the look met the table", TIMEOUT, async (t) => {
  // With a phone, where no hand is seen.
  const { page, worn, stood, points } = await bringing(t, { device: PHONE_WITH_AR, stereo: false, views: 1, ipd: 0, held: true }, PHONE);
  await worn.moveHead({ position: EYE, rotation: looking(LOOK) });
  await worn.frames(3);
  await worn.touch([0, 0]);
  await page.locator(".bringing p[role=status]").waitFor();

  const [xs, ys, zs] = [0, 1, 2].map((axis) => extremes(points.map((point) => point[axis])));
  const middle = [xs, ys, zs].map(([least, most]) => (least + most) / 2);
  // It is seen from the side from which it was seen at its stop.
  const seenAlong = Math.atan2(-(middle[0] - stood.position[0]), -(middle[2] - stood.position[2]));
  const [sin, cos] = [Math.sin(-seenAlong), Math.cos(-seenAlong)];
  const onTable = points.map(([x, y, z]) => {
    const [dx, dz] = [x - middle[0], z - middle[2]];
    return [SPOT[0] + dx * cos + dz * sin, SPOT[1] + y - ys[0], SPOT[2] - dx * sin + dz * cos];
  });
  const high = ys[1] - ys[0];
  t.diagnostic(`the model is ${(xs[1] - xs[0]).toFixed(3)} m by ${high.toFixed(3)} m by ${(zs[1] - zs[0]).toFixed(3)} m`);

  for (const metres of [FAR_M, FAR_M * 2]) {
    const head = [SPOT[0], SPOT[1] + high / 2, SPOT[2] + metres];
    await worn.moveHead({ position: head, rotation: [0, 0, 0, 1] });
    await worn.still();
    const seen = drawn(await worn.eyes());
    const reach = 2 * Math.tan((FOVY_DEG * Math.PI) / 360);
    const at = onTable.map(([x, y, z]) => [x - head[0], y - head[1]].map((off) => off / (head[2] - z) / reach));
    const [[left, right], [low, top]] = [0, 1].map((axis) => extremes(at.map((point) => point[axis])));
    const expected = { left, right, low, high: top };
    for (const [side, share] of Object.entries(expected)) {
      assert.ok(Math.abs(seen[side] - share) < OFF_MOST, `from ${metres} m: ${JSON.stringify(seen)}, expected ${JSON.stringify(expected)}`);
    }
  }
  assert.equal(await glErrors(page), 0);
});

/** How much of the left eye's picture is drawn, and how much wider than high that lies about its middle. */
function shape({ width, height, pixels }) {
  const at = [];
  for (let y = 0; y < height; y += 1) for (let x = 0; x < width / 2; x += 1) if (pixels[(y * width + x) * 4 + 3] >= 128) at.push([x, y]);
  const spread = (axis) => {
    const mean = at.reduce((sum, point) => sum + point[axis], 0) / at.length;
    return Math.sqrt(at.reduce((sum, point) => sum + (point[axis] - mean) ** 2, 0) / at.length);
  };
  return { count: at.length, wide: spread(0) / spread(1) };
}

test("what is held in the hand turns as the hand turns", TIMEOUT, async (t) => {
  const { visitor, worn, stop } = await bringing(t, {}, { viewport: { width: 800, height: 600 } });
  for (const hand of ["left", "right"]) await worn.moveHand(hand, [0, 0.3, 2], [0, 0, 0, 1]);
  await worn.moveHead({ position: EYE, rotation: looking(LOOK) });
  await worn.pointAt("right", [0, TABLE_M, -2]);
  await worn.press("right");
  await worn.moveHand("right", [0, 0.3, 2], [0, 0, 0, 1]);
  await worn.still();
  const lay = shape(await worn.eyes());

  /** What is seen once the hand, held ahead of level eyes, has been turned about where it points by so much. */
  async function held(degrees) {
    const half = (degrees * Math.PI) / 360;
    await worn.moveHand("right", [0, EYE[1] - 0.1, -0.9], [0, 0, Math.sin(half), Math.cos(half)]);
    await worn.still();
    return shape(await worn.eyes());
  }

  await worn.pointAt("right", [SPOT[0], SPOT[1] + 0.15, SPOT[2]]);
  await worn.holding("right", "squeeze", async () => {
    await visitor.until((state, id) => state.open === id, stop.id);
    await worn.moveHead({ rotation: [0, 0, 0, 1] });
    const level = await held(0);
    const turned = await held(90);
    const back = await held(0);
    t.diagnostic(`it is ${level.wide.toFixed(2)} as wide as high, ${turned.wide.toFixed(2)} after a quarter turn of the hand, and ${back.wide.toFixed(2)} when it is turned back`);
    assert.ok(level.count > 1000 && turned.count > 1000, "it is before the eyes");
    assert.ok(level.wide > 1.15, `it stands, wider than high: ${level.wide}`);
    assert.ok(turned.wide < 0.87, `it lies on its side: ${turned.wide}`);
    assert.ok(Math.abs(Math.log(level.wide / back.wide)) < 0.02, `and stands again: ${level.wide}, ${back.wide}`);
  });
  await visitor.until((state) => state.open === null);
  await worn.moveHand("right", [0, 0.3, 2], [0, 0, 0, 1]);
  await worn.moveHead({ rotation: looking(LOOK) });
  // It goes back by itself.
  await worn.still();
  const lies = shape(await worn.eyes());
  assert.ok(Math.abs(lies.count / lay.count - 1) < 0.02 && Math.abs(lies.wide / lay.wide - 1) < 0.02, `it lies as it lay when it is let go: ${JSON.stringify([lay, lies])}`);
});
