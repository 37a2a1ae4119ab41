// The whole tour at 1280 × 720, with a real mouse and a real keyboard, in the scene.

import assert from "node:assert/strict";
import { test } from "node:test";
import { stage } from "./support/stage.mjs";
import { Visitor } from "./support/visitor.mjs";

test("a visitor with mouse and keyboard completes the tour and passes", { timeout: 900_000 }, async (t) => {
  const { server, page, tickets } = await stage(t);
  const visitor = new Visitor(page, server.origin);
  await visitor.open();
  assert.equal((await visitor.state()).phase, "poster");
  assert.equal(tickets.length, 0, "nothing is recorded before the visitor enters");
  await visitor.enter();
  assert.equal((await visitor.state()).mode, "scene");

  await t.test("keys walk and a dragged mouse looks around", async () => {
    const before = (await visitor.state()).view;
    await page.locator("canvas").focus();
    await page.keyboard.down("KeyW");
    await visitor.until(({ view }, from) => Math.hypot(view.position[0] - from[0], view.position[2] - from[2]) > 0.3, before.position);
    await page.keyboard.up("KeyW");
    const box = await page.locator("canvas").boundingBox();
    await page.mouse.move(box.x + 700, box.y + 200);
    await page.mouse.down();
    await page.mouse.move(box.x + 500, box.y + 220, { steps: 6 });
    await page.mouse.up();
    await visitor.until(({ view }, yaw) => Math.abs(view.yawDeg - yaw) > 3, before.yawDeg);
  });

  await t.test("a click on a marker leads to its stop", async () => {
    const marker = await visibleMarker(visitor);
    await visitor.pressCanvas(marker);
    await visitor.until((state, stop) => state.stop === stop, marker.stop);
  });

  for (const stop of visitor.requiredStops) {
    await t.test(`the stop “${stop}”`, () => visitor.visitInScene(stop));
  }

  await t.test("the summary says so, and the server agrees", async () => {
    await visitor.until((state) => state.completed && state.passed);
    await page.locator("dialog.summary").waitFor();
    await visitor.saved();
    const { record } = await server.visit(tickets[0]);
    assert.equal(record.completed, true);
    assert.equal(record.passed, true);
    assert.equal(record.failed, false);
    assert.ok(Math.abs(record.scaled - 1) < 1e-6);
    await server.replayedElsewhere(tickets[0]);
  });
});

/** The first stop, from among those along the route, from which another stop's marker is in view. */
async function visibleMarker(visitor) {
  for (const stop of visitor.requiredStops) {
    await visitor.goTo(stop);
    const view = await visitor.restingView();
    const marker = view.markers.find((one) => one.visible && one.stop !== stop && one.x > 200 && one.x < 1000 && one.y > 40 && one.y < 400);
    if (marker) return marker;
  }
  throw new Error("from no stop can another one be seen");
}
