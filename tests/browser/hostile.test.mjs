// A hostile package, hashes and all in order: the visitor has the poster, a sentence and a way on,
// and the page is no larger for it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { stage } from "./support/stage.mjs";
import { deep, header, publish, Tampered } from "./support/tampered.mjs";
import { Visitor } from "./support/visitor.mjs";

const TIMEOUT = { timeout: 600_000 };
const SCREEN = { viewport: { width: 640, height: 400 } };

/** How much the module's memory may grow for a package that is refused, bytes. */
const REFUSED_BYTES = 16e6;
/** How much for one whose first room is shown all the same: some of it is the room's. */
const SHOWN_BYTES = 256e6;

/** Runs in the page: the memory of every instance of the module, and how large it was at first. */
function watchMemory() {
  const native = WebAssembly.instantiate;
  window.memories = [];
  WebAssembly.instantiate = async (...given) => {
    const made = await native.apply(WebAssembly, given);
    const { memory } = (made.instance ?? made).exports;
    if (memory) window.memories.push({ memory, first: memory.buffer.byteLength });
    return made;
  };
}

/** @param {import("playwright-core").Page} page */
const grown = (page) => page.evaluate(() => window.memories.reduce((sum, { memory, first }) => sum + memory.buffer.byteLength - first, 0));

/** A model of a floor, with what somebody has put in the place of its parts. */
const model = (parts) => (one) => one.setModel(JSON.stringify(floor(parts)), Buffer.alloc(36));
const floor = (parts) => ({
  asset: { version: "2.0" },
  scene: 0,
  scenes: [{ nodes: [0] }],
  nodes: [{ name: "walkable", mesh: 0 }],
  meshes: [{ primitives: [{ attributes: { POSITION: 0 } }] }],
  accessors: [{ bufferView: 0, componentType: 5126, count: 3, type: "VEC3", min: [0, 0, 0], max: [0, 0, 0] }],
  bufferViews: [{ buffer: 0, byteOffset: 0, byteLength: 36 }],
  buffers: [{ byteLength: 36 }],
  ...parts,
});

/** A model with one picture in it. @param {"png" | "jpeg"} kind */
const picture = (kind) => (one) => {
  const bytes = header(kind, 60_000);
  const views = [{ buffer: 0, byteLength: 36 }, { buffer: 0, byteOffset: 36, byteLength: bytes.length }];
  const images = [{ bufferView: 1, mimeType: `image/${kind}` }];
  const root = floor({ bufferViews: views, buffers: [{ byteLength: 36 + bytes.length }], images, textures: [{ source: 0 }] });
  one.setModel(JSON.stringify(root), Buffer.concat([Buffer.alloc(36), bytes]));
};

/** As JSON, with depths in the place of the word. */
const dug = (value) => JSON.stringify(value).replace('"deep"', deep());

const count = 4_294_967_295;
const stops = (one, many) => Array.from({ length: many }, (_, n) => ({ ...one, id: `${one.id}-${n}`, checkpoint: null, artifact: null, evidence: ["story"], required: false }));

/** What is done to a package, and what the visitor is told. @type {[string, RegExp, (one: Tampered) => void][]} */
const REFUSED = [
  ["a model of four billion corners", /SCENE_BROKEN/, model({ accessors: [{ bufferView: 0, componentType: 5126, count, type: "VEC3", min: [0, 0, 0], max: [1, 1, 1] }] })],
  ["a view of four billion bytes", /SCENE_BROKEN/, model({ bufferViews: [{ buffer: 0, byteOffset: 0, byteLength: count }], buffers: [{ byteLength: count }] })],
  ["nodes below each other", /SCENE_BROKEN/, model({ nodes: [{ name: "walkable", mesh: 0, children: [1] }, { children: [0] }] })],
  ["a model without bottom", /SCENE_BROKEN/, (one) => one.setModel(dug(floor({ extras: "deep" })), Buffer.alloc(36))],
  ["a PNG of sixty thousand pixels a side", /SCENE_BROKEN/, picture("png")],
  ["a JPEG of sixty thousand pixels a side", /SCENE_BROKEN/, picture("jpeg")],
  ["a manifest of a hundred thousand files", /PACKAGE_BROKEN/, (one) => {
    const file = { sha256: "0".repeat(64), bytes: 1, mediaType: "image/png" };
    one.absent = Array.from({ length: 100_000 }, (_, n) => ({ path: `media/${n}.png`, ...file }));
  }],
  ["a manifest without bottom", /PACKAGE_BROKEN/, (one) => (one.written = (manifest) => dug({ ...manifest, licence: "deep" }))],
  ["a venue of ten thousand stops", /PACKAGE_BROKEN/, (one) => one.venue.stops.push(...stops(one.venue.stops[0], 10_000))],
  ["a venue without bottom", /PACKAGE_BROKEN/, (one) => one.files.set("venue.json", Buffer.from(deep()))],
  ["a rule without bottom", /PACKAGE_BROKEN/, (one) => one.files.set("venue.json", Buffer.from(dug({ ...one.venue, completion: "deep" })))],
  ["words without bottom", /PACKAGE_BROKEN/, (one) => one.files.set("text/zh-Hans.json", Buffer.from(dug({ "venue.title": "deep" })))],
];

/** Goes in by whatever door is there: a server that refuses the package as well records nothing. */
async function goIn(visitor, id) {
  const { page, origin } = visitor;
  await page.goto(`${origin}/?venue=${id}&mode=scene`);
  const way = page.locator(".door button.primary, .door [data-code]").first();
  await way.waitFor();
  if ((await page.locator(".door [data-code]").count()) > 0) return;
  await page.locator(".door .primary").click();
  const gate = page.locator(".door .note:not([data-code])");
  await page.locator(".door [data-code]").or(gate).or(page.locator(".topbar:visible")).first().waitFor({ timeout: 60_000 });
  if (await gate.isVisible()) await page.locator(".door button").last().click();
}

test("a hostile package is refused with a picture, a sentence and a way on", TIMEOUT, async (t) => {
  const cases = REFUSED.map(([name, told, change], n) => {
    const one = new Tampered(`hostile-${n}`);
    change(one);
    return { name, told, one };
  });
  const { server, page } = await stage(t, { screen: SCREEN, ...publish(t, cases.map(({ one }) => one)), scripts: [`(${watchMemory})()`], expected: [/503/] });
  const visitor = new Visitor(page, server.origin);
  for (const { name, told, one } of cases) {
    await t.test(name, async (t) => {
      await goIn(visitor, one.id);
      const sentence = page.locator(".door [data-code]");
      await sentence.waitFor({ timeout: 60_000 });
      assert.match(await sentence.getAttribute("data-code"), told);
      assert.ok((await sentence.textContent()).length > 5, "a sentence is there");
      assert.ok(await page.locator("img.poster-picture").evaluate((picture) => picture.checkVisibility() && picture.naturalWidth > 0), "the poster is there");
      assert.ok((await page.locator(".door button:enabled").count()) > 0, "there is a way on");
      const bytes = await grown(page);
      t.diagnostic(`the memory grew by ${(bytes / 1e6).toFixed(1)} MB`);
      assert.ok(bytes < REFUSED_BYTES, `${bytes} bytes more`);
    });
  }
  await t.test("the way on from a model that is refused is the text walk", async () => {
    await goIn(visitor, cases[0].one.id);
    await page.locator(".door [data-code]").waitFor();
    await page.locator(".door button").last().click();
    await visitor.until((state) => state.phase === "ready" && state.mode === "text");
    await visitor.goTo(visitor.venue.stops[0].id);
  });
});

test("pictures that are cut off, or absurd, take from the looks of a room and from nothing else", TIMEOUT, async (t) => {
  const one = new Tampered("cut-off");
  const { root, bin } = one.model;
  const jpegs = root.images.filter(({ mimeType }) => mimeType === "image/jpeg");
  assert.ok(jpegs.length > 0, "the model has a JPEG to cut off");
  const view = root.bufferViews[jpegs[0].bufferView];
  view.byteLength = Math.floor(view.byteLength / 3);
  one.setModel(JSON.stringify(root), bin);
  one.files.set(one.lightmap, header("jpeg", 60_000));
  const { server, page } = await stage(t, { screen: SCREEN, ...publish(t, [one]), scripts: [`(${watchMemory})()`] });
  const visitor = new Visitor(page, server.origin);
  await goIn(visitor, one.id);
  await visitor.until((state) => state.phase === "ready" && state.mode === "scene");
  await visitor.closeHelp();
  await visitor.goTo(visitor.venue.stops.find(({ room }) => room === one.venue.start.room).id);
  const bytes = await grown(page);
  t.diagnostic(`the memory grew by ${(bytes / 1e6).toFixed(1)} MB`);
  assert.ok(bytes < SHOWN_BYTES, `${bytes} bytes more`);
});
