// Pictures of the scene, compared with those that were looked at and found good.

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * What may differ: another version of the same software renderer rounds differently, and the
 * committed picture is a JPEG. A moved artifact, a lost texture or another light is far more.
 */
export const TOLERANCE = Object.freeze({ meanDifference: 3.0, channel: 32, shareOfPixels: 0.01 });

/** The scene alone, without the words over it. @param {import("playwright-core").Page} page */
export async function photograph(page) {
  await page.evaluate(() => {
    const root = document.querySelector("xinghuo-tour").shadowRoot;
    const alone = new CSSStyleSheet();
    alone.replaceSync(".frame > :not(.stage), .hover { visibility: hidden !important }");
    root.adoptedStyleSheets.push(alone);
  });
  const picture = await settled(page);
  await page.evaluate(() => document.querySelector("xinghuo-tour").shadowRoot.adoptedStyleSheets.pop());
  return picture;
}

/** Waits until two looks in a row see the same. @param {import("playwright-core").Page} page */
async function settled(page) {
  let before = Buffer.alloc(0);
  for (let look = 0; look < 40; look += 1) {
    const now = await page.screenshot({ type: "png" });
    if (now.equals(before)) return now;
    before = now;
    await page.waitForTimeout(150);
  }
  throw new Error("the scene never came to rest");
}

/**
 * Compares in a browser, which knows every format.
 * @param {import("playwright-core").Page} page any page
 * @param {Buffer} now a PNG @param {string} file the JPEG that was found good
 */
export async function compare(page, now, file) {
  const address = (bytes, type) => `data:image/${type};base64,${bytes.toString("base64")}`;
  const good = address(await readFile(file), "jpeg");
  return page.evaluate(difference, { now: address(now, "png"), good, channel: TOLERANCE.channel });
}

/** Keeps a picture as the good one. @param {import("playwright-core").Page} page @param {Buffer} now @param {string} file */
export async function keep(page, now, file) {
  const jpeg = await page.evaluate(toJpeg, `data:image/png;base64,${now.toString("base64")}`);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, Buffer.from(jpeg.split(",")[1], "base64"));
}

// In the page

async function toJpeg(address) {
  const image = new Image();
  image.src = address;
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height });
  canvas.getContext("2d").drawImage(image, 0, 0);
  return canvas.toDataURL("image/jpeg", 0.9);
}

async function difference({ now, good, channel }) {
  const pixels = async (address) => {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height });
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(image, 0, 0);
    return context.getImageData(0, 0, image.width, image.height);
  };
  const [a, b] = await Promise.all([pixels(now), pixels(good)]);
  if (a.width !== b.width || a.height !== b.height) return { meanDifference: 255, shareOfPixels: 1 };
  let sum = 0;
  let far = 0;
  for (let at = 0; at < a.data.length; at += 4) {
    const of = [0, 1, 2].map((part) => Math.abs(a.data[at + part] - b.data[at + part]));
    sum += (of[0] + of[1] + of[2]) / 3;
    if (Math.max(...of) > channel) far += 1;
  }
  const count = a.data.length / 4;
  return { meanDifference: sum / count, shareOfPixels: far / count };
}
