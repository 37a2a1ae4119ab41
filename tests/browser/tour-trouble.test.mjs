// When something is missing or breaks, a visitor gets a sentence and a way on.

import assert from "node:assert/strict";
import { test } from "node:test";
import { stage } from "./support/stage.mjs";
import { Visitor } from "./support/visitor.mjs";

const TIMEOUT = { timeout: 300_000 };

test("without WebGL2 the whole tour can be made as a text walk", TIMEOUT, async (t) => {
  const { server, page, tickets } = await stage(t, { draws: false });
  const visitor = new Visitor(page, server.origin);
  await visitor.open();
  await page.locator('[data-notice="no-webgl2"]').waitFor();
  await visitor.enter();
  assert.equal((await visitor.state()).mode, "text");
  for (const stop of visitor.requiredStops) await visitor.visitInText(stop);
  await visitor.until((state) => state.completed && state.passed);
  await visitor.saved();
  assert.equal((await server.visit(tickets[0])).record.passed, true);
});

test("asked for the scene alone, a browser without WebGL2 gets a sentence and the text walk", TIMEOUT, async (t) => {
  const { server, page } = await stage(t, { draws: false });
  const visitor = new Visitor(page, server.origin);
  await visitor.open({ mode: "scene" });
  await page.locator('[data-code="NO_WEBGL2"]').waitFor();
  assert.equal((await visitor.state()).error, "NO_WEBGL2");
  await visitor.press(page.locator(".door button").last());
  await visitor.press(page.locator(".door [data-key=with]"));
  await visitor.until((state) => state.phase === "ready" && state.mode === "text");
});

test("a lost context is said, and reloading goes on", TIMEOUT, async (t) => {
  const { server, page } = await stage(t, { expected: [/context/i, /webgl/i, /wgpu/i] });
  const visitor = new Visitor(page, server.origin);
  await visitor.open();
  await visitor.enter();
  const [first] = visitor.requiredStops;
  await visitor.goTo(first);
  await visitor.saved();
  await page.locator("canvas").evaluate((canvas) => canvas.getContext("webgl2").getExtension("WEBGL_lose_context").loseContext());
  await page.locator('[data-code="CONTEXT_LOST"]').waitFor();
  await visitor.press(page.locator(".door .primary"));
  await visitor.until((state) => state.phase === "ready");
  await visitor.has(first, "arrived");
});

test("a package that is broken, missing or unreachable is told from the others", TIMEOUT, async (t) => {
  const { server, page } = await stage(t, { expected: [/404/, /ERR_FAILED/] });
  const visitor = new Visitor(page, server.origin);
  await page.route("**/venue.json", (route) => route.fulfill({ body: "{", contentType: "application/json" }));
  await page.goto(`${server.origin}/?venue=red-boat`);
  await page.locator('[data-code="PACKAGE_BROKEN"]').waitFor();
  await page.unroute("**/venue.json");
  await page.goto(`${server.origin}/?venue=nowhere`);
  await page.locator('[data-code="PACKAGE_MISSING"]').waitFor();
  await page.route("**/*.wasm", (route) => route.abort());
  await page.goto(`${server.origin}/?venue=red-boat`);
  await page.locator('[data-code="DOWNLOAD_FAILED"]').waitFor();
  await page.unroute("**/*.wasm");
  await visitor.press(page.locator(".door .primary"));
  await page.locator(".door .primary").waitFor();
  await visitor.until((state) => state.phase === "poster");
});

test("a scene that does not arrive leaves the poster and offers the text walk", TIMEOUT, async (t) => {
  const { server, page } = await stage(t, { expected: [/404/, /ERR_FAILED/, /500/] });
  const visitor = new Visitor(page, server.origin);
  await page.route("**/*.glb", (route) => route.fulfill({ status: 200, body: "not a scene", contentType: "model/gltf-binary" }));
  await visitor.open();
  await visitor.press(page.locator(".door .primary"));
  await page.locator(".door [data-code]").waitFor({ timeout: 60_000 });
  await page.locator("img.poster-picture").waitFor();
  await visitor.press(page.locator(".door button").last());
  await visitor.until((state) => state.phase === "ready" && state.mode === "text");
  await visitor.visitInText(visitor.requiredStops[0]);
});
