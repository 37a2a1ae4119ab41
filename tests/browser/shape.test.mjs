// The shape that the page reads: the served package has it, and whatever stands where something else
// should is noticed.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { isManifest, isSources, isTexts, isVenue } from "../../web/shape.js";
import { answers, VENUE } from "./support/keys.mjs";
import { setting } from "./support/server.mjs";

const { hash } = answers();
const part = (path) => JSON.parse(readFileSync(join(setting("XINGHUO_PACKAGES"), VENUE, hash, path), "utf8"));

/** The parts, what has to be as it is in each, and what tells. @type {[string, (it: any) => boolean, string[]][]} */
const PARTS = [
  ["manifest.json", isManifest, ["format", "venue", "hash", "poster", "provenance", "licence", "files", "files.0.path", "files.0.bytes", "first", "first.0"]],
  ["venue.json", isVenue, ["id", "languages.0", "start", "start.room", "rooms.lake", "rooms.lake.scene", "rooms.lake.lightmap", "stops", "stops.0", "stops.0.id", "stops.0.room", "stops.0.prerequisites", "stops.0.checkpoint", "stops.0.picture", "stops.0.artifact"]],
  ["text/en.json", isTexts, ["venue.title"]],
  ["sources.json", isSources, ["sources", "cites"]],
];

/** @param {any} it @param {string[]} path @param {unknown} value */
function put(it, path, value) {
  const [key, ...rest] = path;
  if (rest.length === 0) it[key] = value;
  else put(it[key], rest, value);
}

for (const [path, has, places] of PARTS) {
  test(`${path} is read only in its shape`, () => {
    assert.ok(has(part(path)), "the served one has it");
    for (const place of places) {
      for (const wrong of [7.5, true, [[]], { in: 7 }]) {
        const it = part(path);
        put(it, path.startsWith("text/") ? [place] : place.split("."), wrong);
        assert.ok(!has(it), `${place}: ${JSON.stringify(wrong)}`);
      }
    }
    for (const wrong of [null, "a text", 1, []]) assert.ok(!has(wrong), JSON.stringify(wrong));
  });
}

test("there are no more files and stops than a package may have", () => {
  const manifest = part("manifest.json");
  manifest.files = Array.from({ length: 4001 }, () => manifest.files[0]);
  assert.ok(!isManifest(manifest));
  const venue = part("venue.json");
  venue.stops = Array.from({ length: 2501 }, () => venue.stops[0]);
  assert.ok(!isVenue(venue));
});
