// What can be read and chosen before anything of the app has arrived.

import assert from "node:assert/strict";
import { test } from "node:test";
import { stage } from "./support/stage.mjs";
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
