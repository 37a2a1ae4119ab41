// A camera that looks at a page.

import assert from "node:assert/strict";
import jsqr from "jsqr";
import { readPng } from "./png.mjs";

/** What a camera reads in a picture on a page. @param {import("playwright-core").Locator} picture */
export async function scanned(picture) {
  await picture.waitFor();
  await picture.evaluate((image) => image.decode());
  const { width, height, at } = readPng(await picture.screenshot());
  const pixels = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) pixels.set([...at(x, y), 255], (y * width + x) * 4);
  }
  const read = jsqr(pixels, width, height);
  assert.ok(read, "a camera sees a code there");
  return read.data;
}
