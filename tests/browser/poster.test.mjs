// What can be read and chosen before anything of the app has arrived.

import assert from "node:assert/strict";
import { test } from "node:test";
import { DESKTOP, PHONE, stage } from "./support/stage.mjs";
import { Visitor } from "./support/visitor.mjs";

test("the poster and the route are there before the app is, and any stop can be the first", { timeout: 120_000 }, async (t) => {
  const { server, page } = await stage(t);
  const visitor = new Visitor(page, server.origin);
  let release = () => {};
  const held = new Promise((resolve) => (release = resolve));
  await page.route("**/*.wasm", async (route) => {
    await held;
    await route.continue();
  });
  await visitor.open();
  await page.locator(".poster-picture").evaluate((picture) => picture.decode());
  await page.locator("details.stops summary").click();
  const titles = await page.locator(".stops .stop-name").allTextContents();
  assert.equal(titles.length, visitor.venue.stops.length);
  const wanted = visitor.requiredStops.at(-1);
  await page.locator(`.stops [data-stop="${wanted}"]`).click();
  await page.locator(".door [role=alert]").waitFor();
  await page.locator(".door [data-key=with]").click();
  assert.notEqual((await visitor.state()).phase, "ready", "the app is still on its way");
  release();
  await visitor.until((state, stop) => state.phase === "ready" && state.stop === stop, wanted);
});

test("what was unfolded on the poster stays so in another language, and who keeps the records is still told", { timeout: 120_000 }, async (t) => {
  const { server, page } = await stage(t, { draws: false, options: ["--responsible", "馆 Museum"] });
  await new Visitor(page, server.origin).open();
  await page.locator("[data-notice=no-webgl2]").waitFor();
  for (const details of ["stops", "consent"]) await page.locator(`details[data-key=${details}] > summary`).click();
  await page.locator(".consent-text", { hasText: "馆 Museum" }).waitFor();
  const before = await page.locator("h1").textContent();
  await page.locator(".poster-top [data-key=language]").click();
  await page.waitForFunction((before) => document.querySelector("h1")?.textContent !== before, before);
  await page.locator(".stops .stop-name").first().waitFor();
  await page.locator(".consent-text", { hasText: "馆 Museum" }).waitFor();
  assert.equal(await page.locator("details[data-key=about]").getAttribute("open"), null, "what was folded stays folded");
});

for (const [name, screen] of [["a desktop", DESKTOP], ["a phone", PHONE]]) {
  test(`on ${name} the canvas keeps the size that it is made with, and the route says what a stop asks for once it is opened`, { timeout: 120_000 }, async (t) => {
    const { server, page } = await stage(t, { screen });
    await page.addInitScript(() => {
      const sizes = /** @type {Set<string>} */ (new Set());
      Object.assign(window, { sizes });
      // A size that is set makes the browser wait for whatever is being drawn.
      for (const side of ["width", "height"]) {
        const { set, ...rest } = /** @type {PropertyDescriptor} */ (Object.getOwnPropertyDescriptor(HTMLCanvasElement.prototype, side));
        Object.defineProperty(HTMLCanvasElement.prototype, side, {
          ...rest,
          set(value) {
            sizes.add(`${side} ${value}`);
            set?.call(this, value);
          },
        });
      }
    });
    const visitor = new Visitor(page, server.origin);
    await visitor.open();
    await visitor.enter();
    await visitor.restingView();
    const sizes = await page.evaluate(() => [.../** @type {any} */ (window).sizes]);
    assert.equal(sizes.length, 2, `one width and one height: ${sizes}`);

    const stops = page.locator(".route .route-stop");
    const count = visitor.venue.stops.length;
    assert.equal(await stops.count(), count);
    for (const stop of await stops.all()) assert.ok(await stop.getAttribute("title"), "a number alone says nothing");
    assert.equal(await page.locator(".route .route-words").count(), 0);
    await visitor.openRoute();
    await page.locator(".route .route-words").first().waitFor();
    assert.equal(await page.locator(".route .route-words .evidence").count(), count);
    await visitor.press(page.locator(".route [data-key=close]"));
    const last = visitor.venue.stops.at(-1)?.id ?? "";
    await visitor.goTo(last);
    await page.locator(`.route .here[data-stop="${last}"] .route-words`).waitFor({ state: "attached" });
  });
}
