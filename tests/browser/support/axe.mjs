// What axe makes of a page: WCAG 2.2 as far as a machine can tell.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Axe measures by setting style attributes, which the policy of the pages refuses, with a complaint. */
export const AXE_COMPLAINS = /Applying inline style/;

/** No serious or critical finding on what is shown now. @param {import("playwright-core").Page} page @param {string} what */
export async function isAccessible(page, what) {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(AXE);
  const found = await page.evaluate(async () => {
    const { violations } = await globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] });
    return violations
      .filter((one) => ["serious", "critical"].includes(one.impact))
      .map((one) => `${one.id}: ${one.nodes.map((node) => node.target.flat().join(" ")).join(" | ")}`);
  });
  assert.deepEqual(found, [], what);
}
