// What is seen from every stop is what was looked at and found good. After a change that is meant to
// be seen, `XINGHUO_BLESS=1 cargo xtask test browser` takes the pictures anew; look at them.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { compare, keep, photograph, TOLERANCE } from "./support/pictures.mjs";
import { PHONE, stage } from "./support/stage.mjs";
import { Visitor } from "./support/visitor.mjs";

const GOOD = fileURLToPath(new URL("../golden/", import.meta.url));
const SCREENS = { "960x540": { viewport: { width: 960, height: 540 } }, "390x844": PHONE };

for (const [size, screen] of Object.entries(SCREENS)) {
  test(`every stop looks as it should at ${size}`, { timeout: 900_000 }, async (t) => {
    const { server, page, context } = await stage(t, { screen });
    const visitor = new Visitor(page, server.origin);
    visitor.touches = screen === PHONE;
    await visitor.open();
    await visitor.enter();
    const table = await context.newPage();
    await page.bringToFront();
    for (const { id } of visitor.venue.stops) {
      await t.test(`the stop “${id}”`, async () => {
        await visitor.goTo(id);
        await page.mouse.move(0, 0);
        const now = await photograph(page);
        const file = join(GOOD, size, `${id}.jpg`);
        if (process.env.XINGHUO_BLESS) return keep(table, now, file);
        assert.ok(existsSync(file), `there is no ${file}: take it with XINGHUO_BLESS=1`);
        const { meanDifference, shareOfPixels } = await compare(table, now, file);
        const near = meanDifference <= TOLERANCE.meanDifference && shareOfPixels <= TOLERANCE.shareOfPixels;
        if (near) return undefined;
        const seen = join(tmpdir(), "xinghuo-golden", size);
        await mkdir(seen, { recursive: true });
        await writeFile(join(seen, `${id}.png`), now);
        return assert.fail(`it differs by ${meanDifference.toFixed(2)} on average, and much at ${(shareOfPixels * 100).toFixed(2)} % of its pixels; what was seen is in ${seen}`);
      });
    }
  });
}
