// Reads the pictures that the browser takes of a page: eight bits, red, green, blue and perhaps alpha.

import { inflateSync } from "node:zlib";

/** @param {Buffer} png @returns {{width: number, height: number, at: (x: number, y: number) => number[]}} */
export function readPng(png) {
  const [width, height, parts] = [png.readUInt32BE(16), png.readUInt32BE(20), png[25] === 6 ? 4 : 3];
  const packed = [];
  for (let at = 8; at < png.length; at += png.readUInt32BE(at) + 12) {
    if (png.toString("latin1", at + 4, at + 8) === "IDAT") packed.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  }
  const rows = inflateSync(Buffer.concat(packed));
  const stride = width * parts;
  const pixels = Buffer.alloc(stride * height);
  for (let y = 0; y < height; y += 1) {
    const filter = rows[y * (stride + 1)];
    for (let i = 0; i < stride; i += 1) {
      const left = i < parts ? 0 : pixels[y * stride + i - parts];
      const above = y === 0 ? 0 : pixels[(y - 1) * stride + i];
      const corner = i < parts || y === 0 ? 0 : pixels[(y - 1) * stride + i - parts];
      const guess = [0, left, above, (left + above) >> 1, nearest(left, above, corner)][filter];
      pixels[y * stride + i] = rows[y * (stride + 1) + 1 + i] + guess;
    }
  }
  return { width, height, at: (x, y) => [...pixels.subarray(y * stride + x * parts, y * stride + x * parts + 3)] };
}

/** Paeth's predictor. */
function nearest(left, above, corner) {
  const guess = left + above - corner;
  const [a, b, c] = [left, above, corner].map((one) => Math.abs(guess - one));
  if (a <= b && a <= c) return left;
  return b <= c ? above : corner;
}
