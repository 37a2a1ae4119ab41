// A hall with as many artifacts as one likes: rows of plinths, aisles between them, a way along the side.

import { chance } from "./chance.mjs";
import { Glb } from "./glb.mjs";
import { lightmap, poster, TEXTURES } from "./png.mjs";
import { addBox, addQuad, artifact, nothing } from "./shapes.mjs";
import { texts } from "./texts.mjs";

/** From plinth to plinth along a row, and from row to row, metres. */
const ALONG_M = 2.4;
const ROWS_M = 4;
/** Half a plinth, and its height. */
const PLINTH_M = 0.4;
const PLINTH_HIGH_M = 0.95;
/** How far before an artifact one stands. */
const BEFORE_M = 1.3;
/** The way along the side. */
const SIDE_M = 3;
const HIGH_M = 5;

/** Linear tints; with four textures they make the materials. */
const TINTS = [[1, 1, 1], [0.62, 0.5, 0.4], [0.45, 0.55, 0.6], [0.8, 0.42, 0.3]];

/** The ids of the n-th stop and its artifact. @param {number} n */
export const idsOf = (n) => {
  const number = String(n + 1).padStart(4, "0");
  return { stop: `stop-${number}`, artifact: `artifact-${number}`, stopNode: `stop_${number}`, artifactNode: `artifact_${number}` };
};

/**
 * How a hall of `count` artifacts is laid out. Visitors in an aisle look towards +Z, where the
 * rows with higher numbers are.
 * @param {number} count
 */
export function layout(count) {
  const columns = Math.ceil(Math.sqrt(2 * count));
  const rows = Math.ceil(count / columns);
  /** @param {number} n */
  const place = (n) => ({ x: ALONG_M * (0.5 + (n % columns)), z: ROWS_M * Math.floor(n / columns) });
  const [left, right, near, far] = [-SIDE_M, columns * ALONG_M, -ROWS_M, (rows - 1) * ROWS_M + 2];
  return { columns, rows, place, left, right, near, far };
}

/** A short walk that is alike in halls of every size. @param {number} count */
export function walkOf(count) {
  const { columns } = layout(count);
  return [1, 4, columns + 2].map((n) => idsOf(n).stop);
}

/**
 * The whole package: its files by path.
 * @param {number} count of artifacts, 12 at least
 * @returns {Map<string, Buffer>}
 */
export function hall(count) {
  const files = texts(count);
  files.set("media/hall.glb", scene(count));
  files.set("media/light.png", lightmap());
  files.set("media/poster.png", poster());
  return files;
}

/** @param {number} count */
function scene(count) {
  const plan = layout(count);
  const { left, right, near, far } = plan;
  const glb = new Glb();
  const textures = Object.entries(TEXTURES).map(([name, paint]) => glb.picture(name, paint()));
  const materials = textures.flatMap((texture) => TINTS.map((tint, n) => glb.material(`${Object.keys(TEXTURES)[texture]}-${n}`, texture, tint)));
  /** @param {number} x @param {number} z @returns {[number, number]} */
  const lightAt = (x, z) => [(x - left) / (right - left), (z - near) / (far - near)];
  /** @param {string} name @param {import("./shapes.mjs").Shape} shape @param {number} material */
  const add = (name, shape, material) => glb.node({ name, mesh: glb.mesh(name, shape, materials[material] ?? 0, lightAt) });
  add("floor", floor(plan), 0);
  add("walls", walls(plan), 12);
  for (let row = 0; row < plan.rows; row += 1) add(`plinths-${row + 1}`, plinths(plan, row, count), 1);
  for (let n = 0; n < count; n += 1) {
    const random = chance(n * 7919 + 17);
    const { x, z } = plan.place(n);
    const { stopNode, artifactNode } = idsOf(n);
    const at = [x, PLINTH_HIGH_M, z];
    const mesh = glb.mesh(artifactNode, artifact(random), materials[Math.floor(random() * materials.length)] ?? 0, lightAt, at);
    glb.node({ name: artifactNode, mesh, translation: at });
    // Half a turn about the vertical: towards +Z.
    glb.node({ name: stopNode, translation: [x, 0, z - BEFORE_M], rotation: [0, 1, 0, 0] });
  }
  const [sin, cos] = [Math.sin((-135 / 2) * (Math.PI / 180)), Math.cos((-135 / 2) * (Math.PI / 180))];
  glb.node({ name: "start", translation: [left / 2, 0, near + 1], rotation: [0, sin, 0, cos] });
  glb.node({ name: "walkable", mesh: glb.mesh("walkable", walkable(plan), 0, lightAt), extras: { surface: "walkable" } });
  return glb.bytes();
}

/** @typedef {ReturnType<typeof layout>} Plan */

/** @param {Plan} plan */
function floor({ left, right, near, far }) {
  const shape = nothing();
  addQuad(shape, [[left, 0, far], [right, 0, far], [right, 0, near], [left, 0, near]], [0, 1, 0], [(right - left) / 2, (far - near) / 2]);
  return shape;
}

/** @param {Plan} plan */
function walls({ left, right, near, far }) {
  const shape = nothing();
  const [wide, deep] = [(right - left) / 4, (far - near) / 4];
  addQuad(shape, [[left, 0, near], [right, 0, near], [right, HIGH_M, near], [left, HIGH_M, near]], [0, 0, 1], [wide, 1]);
  addQuad(shape, [[right, 0, far], [left, 0, far], [left, HIGH_M, far], [right, HIGH_M, far]], [0, 0, -1], [wide, 1]);
  addQuad(shape, [[left, 0, far], [left, 0, near], [left, HIGH_M, near], [left, HIGH_M, far]], [1, 0, 0], [deep, 1]);
  addQuad(shape, [[right, 0, near], [right, 0, far], [right, HIGH_M, far], [right, HIGH_M, near]], [-1, 0, 0], [deep, 1]);
  addQuad(shape, [[left, HIGH_M, near], [right, HIGH_M, near], [right, HIGH_M, far], [left, HIGH_M, far]], [0, -1, 0], [wide, deep]);
  return shape;
}

/** The plinths of one row, in one mesh. @param {Plan} plan @param {number} row @param {number} count */
function plinths({ columns, place }, row, count) {
  const shape = nothing();
  for (let n = row * columns; n < Math.min((row + 1) * columns, count); n += 1) {
    const { x, z } = place(n);
    addBox(shape, [x - PLINTH_M, 0, z - PLINTH_M], [x + PLINTH_M, PLINTH_HIGH_M, z + PLINTH_M]);
  }
  return shape;
}

/** The aisles and the way that joins them; neighbours share whole sides. @param {Plan} plan */
function walkable({ left, right, near, rows }) {
  const shape = nothing();
  const add = (/** @type {number[]} */ [x0 = 0, x1 = 0], /** @type {number[]} */ [z0 = 0, z1 = 0]) =>
    addQuad(shape, [[x0, 0, z1], [x1, 0, z1], [x1, 0, z0], [x0, 0, z0]], [0, 1, 0]);
  const margin = 0.3;
  for (let row = 0; row < rows; row += 1) {
    const aisle = [near + row * ROWS_M + PLINTH_M + margin, (row * ROWS_M) - PLINTH_M - margin];
    if (row > 0) add([left + margin, 0], [(row - 1) * ROWS_M - PLINTH_M - margin, aisle[0] ?? 0]);
    add([left + margin, 0], aisle);
    add([0, right - margin], aisle);
  }
  return shape;
}
