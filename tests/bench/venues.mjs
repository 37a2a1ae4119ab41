// The venues that are shown: the Red Boat as it is published, and halls published like it.

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { hall, walkOf } from "./venue/hall.mjs";
import { nameOf } from "./venue/texts.mjs";

/**
 * @typedef {object} Scene
 * @property {string} id what the report and the viewer's page go by
 * @property {string} venue
 * @property {string | null} room the room that is walked through; the first one when nothing is said
 * @property {string | null} enter the stop to go to before anything is counted, to be in that room
 * @property {string} title what the report calls it
 * @property {string[]} walk the stops on the way
 * @property {boolean} loads whether loading counts: only the first room is what a visitor waits for
 * @property {number} restMs how long looking at the last artifact may still become evidence
 */

const HERE = dirname(fileURLToPath(import.meta.url));
const run = promisify(execFile);

/** Round the exhibition, which is what a visitor comes into first. @type {Scene} */
const PAVILION = {
  ...{ id: "red-boat", venue: "red-boat", room: null, enter: null },
  ...{ title: "The Red Boat: the pavilion", walk: ["house", "thirtieth", "outing"], loads: true, restMs: 6000 },
};

/** From the landing through the cabin to the stern. @type {Scene} */
const LAKE = {
  ...{ id: "red-boat-lake", venue: "red-boat", room: "lake", enter: "landing" },
  ...{ title: "The Red Boat: the lake", walk: ["bow", "table", "stern"], loads: false, restMs: 6000 },
};

/** Both rooms of the Red Boat. */
export const RED_BOAT = [PAVILION, LAKE];

/** @param {number} count @returns {Scene} */
export const hallScene = (count) => ({
  id: nameOf(count),
  venue: nameOf(count),
  room: null,
  enter: null,
  title: `A generated hall: ${count.toLocaleString("en")} artifacts, ${count.toLocaleString("en")} stops`,
  walk: walkOf(count),
  loads: true,
  restMs: 3000,
});

/**
 * Publishes halls beside the venues that are published already, all in a folder of the bench's own.
 * @param {{author: string, packages: string, keys: string}} published what the repository's command made
 * @param {string} work @param {number[]} counts @param {(text: string) => void} say
 * @returns {Promise<{packages: string, keys: string}>}
 */
export async function publishHalls({ author, packages, keys }, work, counts, say) {
  const own = { packages: join(work, "packages"), keys: join(work, "keys") };
  const stamp = (/** @type {string} */ name) => join(work, `${name}.stamp`);
  const isMade = async (/** @type {string} */ name) => (await readFile(stamp(name), "utf8").catch(() => "")) === from;
  const from = await madeFrom([author, join(packages, "index.json")]);
  if (!(await isMade("published"))) {
    await rm(work, { recursive: true, force: true });
    await cp(packages, own.packages, { recursive: true });
    await cp(keys, own.keys, { recursive: true });
    await writeFile(stamp("published"), from);
  }
  for (const count of counts) {
    if (await isMade(nameOf(count))) continue;
    say(`publishing a hall of ${count}`);
    const source = join(work, "sources", nameOf(count));
    for (const [path, bytes] of hall(count)) {
      await mkdir(dirname(join(source, path)), { recursive: true });
      await writeFile(join(source, path), bytes);
    }
    await run(author, ["check", source], { maxBuffer: 1 << 26 });
    await run(author, ["build", source, "--out", own.packages, "--keys", own.keys], { maxBuffer: 1 << 26 });
    await writeFile(stamp(nameOf(count)), from);
  }
  return own;
}

/** A hash of what halls are made from and with. @param {string[]} files */
async function madeFrom(files) {
  const generator = (await readdir(join(HERE, "venue"))).sort().map((name) => join(HERE, "venue", name));
  const hash = createHash("sha256");
  for (const file of [...files, ...generator]) hash.update(await readFile(file));
  return hash.digest("hex");
}

/**
 * What the three.js viewer must know of the room that is walked through.
 * @param {string} packages @param {Scene} walked
 */
export async function roomOf(packages, { venue, room: walked }) {
  const read = async (/** @type {string} */ path) => JSON.parse(await readFile(join(packages, path), "utf8"));
  const { venues } = await read("index.json");
  const { hash } = venues.find((/** @type {{id: string}} */ one) => one.id === venue);
  const { rooms, start } = await read(join(venue, hash, "venue.json"));
  const room = rooms[walked ?? start.room];
  const address = (/** @type {string} */ path) => `/packages/${venue}/${hash}/${path}`;
  return { room, scene: address(room.scene), lightmap: room.lightmap ? address(room.lightmap) : null };
}
