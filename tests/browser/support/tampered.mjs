// Published packages that somebody has tampered with. Every hash in them is right: what refuses them
// is what is in them.

import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { VENUE } from "./keys.mjs";
import { setting } from "./server.mjs";

const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");
const json = (value) => Buffer.from(JSON.stringify(value));

/** Nested so deeply that whoever recurses over it falls. */
export const deep = (depth = 100_000) => "[".repeat(depth) + "]".repeat(depth);

/** What of the served package is needed for its first room. */
export class Tampered {
  /** @param {string} id */
  constructor(id) {
    this.id = id;
    const packages = setting("XINGHUO_PACKAGES");
    const listed = read(join(packages, "index.json")).venues.find((one) => one.id === VENUE);
    const base = join(packages, VENUE, listed.hash);
    this.base = base;
    this.manifest = read(join(base, "manifest.json"));
    const venue = read(join(base, "venue.json"));
    // The stops' pictures are left out, since nothing is to be missing but what a test takes away.
    this.venue = { ...venue, id, stops: venue.stops.map((stop) => ({ ...stop, picture: null })) };
    this.keys = readFileSync(join(setting("XINGHUO_KEYS"), VENUE, `${listed.hash}.json`));
    this.listed = { ...listed, id };
    const { scene, lightmap } = this.venue.rooms[this.venue.start.room];
    [this.scene, this.lightmap] = [scene, lightmap];
    const texts = listed.languages.map((language) => `text/${language}.json`);
    const kept = [scene, lightmap, this.manifest.poster, "sources.json", ...texts];
    /** @type {Map<string, Buffer>} */
    this.files = new Map(kept.map((path) => [path, readFileSync(join(base, path))]));
    /** Files that the manifest lists and nobody has. @type {object[]} */
    this.absent = [];
    /** The manifest as it is written, if it is not the one that follows. @type {((manifest: object) => string) | null} */
    this.written = null;
  }

  /** Everything that the package has, and not its first room alone. */
  keepAll() {
    const others = this.manifest.files.map(({ path }) => path).filter((path) => path !== "venue.json");
    for (const path of others) this.files.set(path, readFileSync(join(this.base, path)));
  }

  /** The parts of the first room's model. @returns {{root: any, bin: Buffer}} */
  get model() {
    const glb = this.files.get(this.scene);
    const end = 20 + glb.readUInt32LE(12);
    return { root: JSON.parse(glb.toString("utf8", 20, end)), bin: glb.subarray(end + 8) };
  }

  /** @param {string} root the JSON @param {Buffer} [bin] */
  setModel(root, bin = Buffer.alloc(0)) {
    this.files.set(this.scene, packed(root, bin));
  }

  /** Puts it beside others. @param {string} packages @param {string} keys */
  write(packages, keys) {
    if (!this.files.has("venue.json")) this.files.set("venue.json", json(this.venue));
    const described = [...this.files].map(([path, bytes]) => {
      const known = this.manifest.files.find((file) => file.path === path);
      return { path, sha256: sha256(bytes), bytes: bytes.length, mediaType: known?.mediaType ?? "application/json" };
    });
    const files = [...described, ...this.absent];
    const lines = files.map((file) => `${file.path}\0${file.sha256}\n`).sort();
    const hash = sha256(lines.join("")).slice(0, 32);
    const manifest = { ...this.manifest, venue: this.id, hash, files };
    this.files.set("manifest.json", Buffer.from(this.written?.(manifest) ?? JSON.stringify(manifest)));
    for (const [path, bytes] of this.files) put(join(packages, this.id, hash, path), bytes);
    put(join(keys, this.id, `${hash}.json`), this.keys);
    return { ...this.listed, hash, poster: `${this.id}/${hash}/${this.manifest.poster}` };
  }
}

const read = (path) => JSON.parse(readFileSync(path, "utf8"));

function put(path, bytes) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
}

/** A GLB of this JSON and this binary chunk. @param {string} root @param {Buffer} bin */
function packed(root, bin) {
  const chunk = (kind, bytes, filler) => {
    const padded = Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4, filler)]);
    const head = Buffer.alloc(8);
    head.writeUInt32LE(padded.length);
    head.write(kind, 4, "latin1");
    return [head, padded];
  };
  const chunks = Buffer.concat([...chunk("JSON", Buffer.from(root), " "), ...(bin.length > 0 ? chunk("BIN\0", bin, 0) : [])]);
  const head = Buffer.alloc(12);
  head.write("glTF");
  head.writeUInt32LE(2, 4);
  head.writeUInt32LE(12 + chunks.length, 8);
  return Buffer.concat([head, chunks]);
}

/** A PNG or JPEG that says it is so many pixels wide and high, and has none. @param {"png" | "jpeg"} kind @param {number} side */
export function header(kind, side) {
  if (kind === "jpeg") {
    const sides = [side >> 8, side & 255, side >> 8, side & 255];
    return Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0, 0xff, 0xc0, 0, 17, 8, ...sides, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0, 0xff, 0xd9]);
  }
  const bytes = Buffer.from("89504e470d0a1a0a0000000d49484452000000000000000008060000000000000000000000", "hex");
  bytes.writeUInt32BE(side, 16);
  bytes.writeUInt32BE(side, 20);
  return bytes;
}

/**
 * Publishes them into a folder of their own, until the test is over.
 * @param {import("node:test").TestContext} t @param {Tampered[]} all
 */
export function publish(t, all) {
  const place = mkdtempSync(join(tmpdir(), "xinghuo-tampered-"));
  t.after(() => rmSync(place, { recursive: true, force: true }));
  const [packages, keys] = [join(place, "packages"), join(place, "keys")];
  const venues = all.map((one) => one.write(packages, keys));
  put(join(packages, "index.json"), JSON.stringify({ venues }));
  return { packages, keys };
}
