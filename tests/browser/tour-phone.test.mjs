// The whole tour at 390 × 844, with fingers, in the scene.

import assert from "node:assert/strict";
import { test } from "node:test";
import { PHONE, stage } from "./support/stage.mjs";
import { Visitor } from "./support/visitor.mjs";

test("a visitor with a phone completes the tour and passes", { timeout: 900_000 }, async (t) => {
  const { server, page, tickets } = await stage(t, { screen: PHONE });
  const visitor = new Visitor(page, server.origin);
  visitor.touches = true;
  await visitor.open({ lang: "en" });
  await visitor.enter();

  await t.test("the thumb-stick walks", async () => {
    const before = (await visitor.state()).view;
    const stick = await page.locator(".joystick").boundingBox();
    const [x, y] = [stick.x + stick.width / 2, stick.y + stick.height / 2];
    const touch = await page.context().newCDPSession(page);
    const send = (type, points) => touch.send("Input.dispatchTouchEvent", { type, touchPoints: points });
    await send("touchStart", [{ x, y }]);
    await send("touchMove", [{ x, y: y - 40 }]);
    await visitor.until(({ view }, from) => Math.hypot(view.position[0] - from[0], view.position[2] - from[2]) > 0.3, before.position);
    await send("touchEnd", []);
  });

  await t.test("at a stop it steps aside, and still is as large as a thumb", async () => {
    await visitor.goTo(visitor.requiredStops[0]);
    await page.locator(".joystick.is-aside").waitFor();
    const [stick, card] = [await page.locator(".joystick").boundingBox(), await page.locator(".card").boundingBox()];
    assert.ok(stick.width >= 44 && stick.width < 88, `it is ${stick.width} px wide`);
    assert.ok(stick.x >= 0 && stick.y + stick.height <= card.y, "it is not on the screen, or over the card");
  });

  for (const stop of visitor.requiredStops) {
    await t.test(`the stop “${stop}”`, () => visitor.visitInScene(stop));
  }

  await t.test("the summary says so, and the server agrees", async () => {
    await visitor.until((state) => state.completed && state.passed);
    await visitor.saved();
    const { record } = await server.visit(tickets[0]);
    assert.equal(record.completed && record.passed, true);
    await server.replayedElsewhere(tickets[0]);
  });

  await t.test("nothing is wider than the screen, and nothing to touch is too small", async () => {
    await page.locator("dialog.summary").waitFor();
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    const small = await page.locator("xinghuo-tour button:visible:not(.cite)").evaluateAll((buttons) =>
      buttons.filter((one) => one.getBoundingClientRect().height < 44).map((one) => one.textContent));
    assert.deepEqual(small, []);
  });
});
