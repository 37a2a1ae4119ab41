// The description of the API as a page, and a call tried from it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { AXE_COMPLAINS, isAccessible } from "./support/axe.mjs";
import { stage } from "./support/stage.mjs";

test("every call of the API is shown and can be tried", { timeout: 60_000 }, async (t) => {
  const { server, page } = await stage(t, { draws: false, expected: [AXE_COMPLAINS, /status of 404/] });
  const { paths } = await fetch(`${server.origin}/api/openapi.json`).then((answer) => answer.json());
  const calls = Object.values(paths).flatMap((item) => Object.keys(item));
  await page.goto(`${server.origin}/reference/`);
  await page.locator("details").nth(calls.length - 1).waitFor();
  assert.equal(await page.locator("details").count(), calls.length);
  const about = page.locator("details", { has: page.getByText("GET /xapi/about", { exact: true }) });
  await about.locator("summary").click();
  await about.locator("[type=submit]").click();
  await about.locator("pre", { hasText: /^200/ }).waitFor();
  assert.match(await about.locator("pre").textContent(), /2\.0\.0/);
  const visit = page.locator("details", { has: page.getByText("GET /api/v1/visits/{visit}", { exact: true }) });
  await visit.locator("summary").click();
  await visit.locator("input[name=visit]").fill("../<b>no visit</b>");
  await visit.locator("input[name=authorization]").fill("Bearer x");
  await visit.locator("[type=submit]").click();
  await visit.locator("pre", { hasText: /^404/ }).waitFor();
  assert.equal(await page.locator("pre b").count(), 0);
  await isAccessible(page, "the reference");
});
