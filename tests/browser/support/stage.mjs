// A server, a browser and a page for one test; any error that the test did not announce fails it.

import assert from "node:assert/strict";
import { chromium } from "playwright-core";
import { Server, setting } from "./server.mjs";

export const DESKTOP = { viewport: { width: 1280, height: 720 } };
export const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 1 };

/** What a browser is told that is to be quiet, and to draw by its processor. */
export const QUIET = ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
export const DRAWING = ["--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"];
const NOT_DRAWING = ["--disable-gpu", "--disable-3d-apis"];

/**
 * @param {import("node:test").TestContext} t
 * @param {{screen?: object, draws?: boolean, packages?: string, keys?: string, expected?: RegExp[], scripts?: string[], options?: string[]}} [how] `expected` are
 *   the errors on the console that belong to the test, `scripts` run in every page before its own, `options` the server's
 */
export async function stage(t, { screen = DESKTOP, draws = true, packages, keys, expected = [], scripts = [], options = [] } = {}) {
  const server = await Server.begin({ ...(packages && { packages }), ...(keys && { keys }), options });
  const args = [...QUIET, ...(draws ? DRAWING : NOT_DRAWING)];
  const browser = await chromium.launch({ executablePath: setting("CHROMIUM"), args }).catch(async (cause) => {
    await server.end();
    throw cause;
  });
  const complaints = [];
  const tickets = [];
  /** A browser of somebody's own, which shares nothing with another's. */
  const another = async ({ screen = DESKTOP, scripts = [] } = {}) => {
    const context = await browser.newContext({ ...screen, locale: "zh-CN", reducedMotion: "reduce" });
    for (const content of scripts) await context.addInitScript({ content });
    context.on("page", (page) => {
      page.on("pageerror", (error) => complaints.push(String(error.stack ?? error)));
      page.on("console", (message) => {
        if (message.type() === "error") complaints.push(message.text());
      });
      page.on("response", async (answer) => {
        const begun = answer.request().method() === "POST" && answer.url().endsWith("/api/v1/visits") && answer.ok();
        if (begun) tickets.push(await answer.json());
      });
    });
    return context;
  };
  const context = await another({ screen, scripts });
  // The page goes before its server, so that nothing it sends on leaving is counted as an error.
  t.after(async () => {
    await browser.close();
    await server.end();
    const unexpected = complaints.filter((text) => !expected.some((one) => one.test(text)));
    assert.deepEqual(unexpected, [], "nothing went wrong in the page");
  });
  const page = await context.newPage();
  return { server, browser, context, page, tickets, another };
}
