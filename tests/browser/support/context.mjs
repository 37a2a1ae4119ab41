// An empty page that knows what stands between the tour and WebGL.

import { readFile } from "node:fs/promises";
import { chromium } from "playwright-core";
import { setting } from "./server.mjs";
import { DRAWING, QUIET } from "./stage.mjs";

/**
 * With `spare`, what has a context spare itself what it knows; `Again`, what says frames again; and `lots`, what draws
 * lots, the same each time. @param {import("node:test").TestContext} t
 */
export async function blank(t) {
  const browser = await chromium.launch({ executablePath: setting("CHROMIUM"), args: [...QUIET, ...DRAWING] });
  t.after(() => browser.close());
  const page = await browser.newPage();
  const names = ["sparing", "gist", "again"];
  const texts = await Promise.all(names.map((name) => readFile(new URL(`../../../web/${name}.js`, import.meta.url), "utf8")));
  await page.evaluate(async ([names, texts]) => {
    const addresses = {};
    for (const [i, name] of names.entries()) {
      const text = texts[i].replace(/"\.\/(\w+)\.js"/g, (_, other) => `"${addresses[other]}"`);
      addresses[name] = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
    }
    window.spare = (await import(addresses.sparing)).spare;
    window.Again = (await import(addresses.again)).Again;
    window.lots = (seed) => {
      const lot = (n) => {
        seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
        return Math.floor((seed / 2 ** 32) * n);
      };
      return { lot, one: (all) => all[lot(all.length)] };
    };
  }, [names, texts]);
  return page;
}
