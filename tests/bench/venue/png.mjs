// Pictures as PNG, and the few that the hall is painted with.

import { deflateSync } from "node:zlib";
import { hash } from "./chance.mjs";

/** @typedef {(x: number, y: number) => [number, number, number]} Paint a colour, 0 to 255, for each pixel */

/**
 * An RGB picture of eight bits a channel.
 * @param {number} width @param {number} height @param {Paint} paint
 */
export function png(width, height, paint) {
  const rows = Buffer.alloc(height * (1 + width * 3));
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const colour = paint(x, y).map((value) => Math.min(Math.max(Math.round(value), 0), 255));
      rows.set(colour, y * (1 + width * 3) + 1 + x * 3);
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk("IHDR", header), chunk("IDAT", deflateSync(rows, { level: 9 })), chunk("IEND", Buffer.alloc(0))]);
}

/** @param {string} kind @param {Buffer} content */
function chunk(kind, content) {
  const body = Buffer.concat([Buffer.from(kind, "latin1"), content]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(content.length, 0);
  framed.set(body, 4);
  framed.writeUInt32BE(crc(body), body.length + 4);
  return framed;
}

/** @param {Buffer} bytes */
function crc(bytes) {
  let remainder = 0xffffffff;
  for (const byte of bytes) {
    remainder ^= byte;
    for (let bit = 0; bit < 8; bit += 1) remainder = (remainder >>> 1) ^ (remainder & 1 ? 0xedb88320 : 0);
  }
  return (remainder ^ 0xffffffff) >>> 0;
}

const SIDE = 256;

/**
 * Smooth noise that joins at the picture's edges, 0 to 1.
 * @param {number} x @param {number} y pixels @param {number} cells of the noise along a side @param {number} seed
 */
function noise(x, y, cells, seed) {
  const [u, v] = [(x / SIDE) * cells, (y / SIDE) * cells];
  const [left, top] = [Math.floor(u), Math.floor(v)];
  const at = (/** @type {number} */ dx, /** @type {number} */ dy) => hash(((top + dy) % cells) * 4099 + ((left + dx) % cells) + seed * 65_537) / 2 ** 32;
  const ease = (/** @type {number} */ t) => t * t * (3 - 2 * t);
  const [a, b] = [ease(u - left), ease(v - top)];
  return (at(0, 0) * (1 - a) + at(1, 0) * a) * (1 - b) + (at(0, 1) * (1 - a) + at(1, 1) * a) * b;
}

/** The textures that all artifacts and the hall share, by name. */
export const TEXTURES = {
  stone: () => png(SIDE, SIDE, (x, y) => {
    const grain = noise(x, y, 8, 1) * 40 + noise(x, y, 64, 2) * 30;
    return [150 + grain, 146 + grain, 138 + grain];
  }),
  wood: () => png(SIDE, SIDE, (x, y) => {
    const ring = Math.sin((y / SIDE) * 40 * Math.PI + noise(x, y, 4, 3) * 6) * 14 + noise(x, y, 32, 4) * 20;
    return [150 + ring, 104 + ring * 0.8, 66 + ring * 0.6];
  }),
  glaze: () => png(SIDE, SIDE, (x, y) => {
    const drift = noise(x, y, 6, 5);
    return [200 + drift * 40, 210 + drift * 30, 206 + drift * 40];
  }),
  cloth: () => png(SIDE, SIDE, (x, y) => {
    const thread = ((x >> 2) + (y >> 2)) % 2 === 0 ? 12 : 0;
    const wear = noise(x, y, 16, 6) * 30;
    return [172 + thread + wear, 160 + thread + wear, 140 + thread + wear];
  }),
};

/** Light from above in soft pools, as half of what a texel stands for. */
export const lightmap = () =>
  png(SIDE, SIDE, (x, y) => {
    const pool = (Math.cos((x / SIDE) * 24 * Math.PI) * 0.5 + 0.5) * (Math.cos((y / SIDE) * 24 * Math.PI) * 0.5 + 0.5);
    const light = 96 + 90 * pool;
    return [light, light * 0.98, light * 0.93];
  });

/** What is shown before the tour begins. */
export const poster = () => png(320, 180, (x, y) => [210 - y * 0.4, 204 - y * 0.4 + x * 0.02, 192 - y * 0.4]);
