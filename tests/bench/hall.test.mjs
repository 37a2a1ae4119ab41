import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { hall, idsOf, layout, walkOf } from "./venue/hall.mjs";

/** @param {Map<string, Buffer>} files */
function hashOf(files) {
  const hash = createHash("sha256");
  for (const path of [...files.keys()].sort()) hash.update(path).update(files.get(path) ?? "");
  return hash.digest("hex");
}

/** The JSON of a GLB. @param {Buffer | undefined} glb */
const jsonOf = (glb) => JSON.parse(glb?.subarray(20, 20 + glb.readUInt32LE(12)).toString() ?? "");

test("a hall is the same each time, and another one for another number", () => {
  assert.equal(hashOf(hall(20)), hashOf(hall(20)));
  assert.notEqual(hashOf(hall(20)), hashOf(hall(21)));
});

test("every artifact has a place, a shape of its own and words in both languages", () => {
  const files = hall(30);
  const { nodes, meshes, accessors } = jsonOf(files.get("media/hall.glb"));
  const triangles = new Set();
  for (let n = 0; n < 30; n += 1) {
    const ids = idsOf(n);
    const node = nodes.find((/** @type {any} */ one) => one.name === ids.artifactNode);
    const count = accessors[meshes[node.mesh].primitives[0].indices].count / 3;
    assert.ok(count >= 20 && count < 1000, `${count} triangles`);
    triangles.add(count);
    assert.ok(nodes.some((/** @type {any} */ one) => one.name === ids.stopNode));
    for (const language of ["zh-Hans", "en"]) {
      assert.ok(files.has(`text/${language}/${ids.stop}.md`) && files.has(`text/${language}/${ids.artifact}.md`));
    }
  }
  assert.ok(triangles.size > 8, "varied");
});

test("a GLB's chunks and buffers fill it exactly", () => {
  const glb = hall(20).get("media/hall.glb") ?? Buffer.alloc(0);
  const { buffers, bufferViews } = jsonOf(glb);
  assert.equal(glb.readUInt32LE(8), glb.length);
  const json = glb.readUInt32LE(12);
  assert.equal(glb.readUInt32LE(20 + json), buffers[0].byteLength);
  for (const view of bufferViews) assert.ok(view.byteOffset % 4 === 0 && view.byteOffset + view.byteLength <= buffers[0].byteLength);
});

test("the walk stays in the first two rows, whatever the size", () => {
  for (const count of [20, 200, 2000]) {
    assert.equal(walkOf(count).length, 3);
    const { place, columns } = layout(count);
    assert.ok(place(columns + 2).z > place(4).z && place(columns + 2).x < 10);
  }
});
