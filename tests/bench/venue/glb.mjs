// A GLB, put together from shapes, materials and pictures.

/** @typedef {import("./shapes.mjs").Shape} Shape */
/** @typedef {{name: string, mesh?: number, translation?: number[], rotation?: number[], extras?: object}} Node */

const FLOAT = 5126;
const UINT = 5125;
const FOR_CORNERS = 34_962;
const FOR_INDICES = 34_963;

/** What corners are made of: glTF's name, numbers each, its type. */
const PARTS = /** @type {const} */ ([
  ["POSITION", 3, "VEC3"],
  ["NORMAL", 3, "VEC3"],
  ["TEXCOORD_0", 2, "VEC2"],
  ["TEXCOORD_1", 2, "VEC2"],
]);

export class Glb {
  /** @type {Record<string, number[]>} */
  #corners = { POSITION: [], NORMAL: [], TEXCOORD_0: [], TEXCOORD_1: [] };
  /** @type {number[]} */
  #indices = [];
  /** @type {any[]} */
  #accessors = [];
  /** @type {any[]} */
  #meshes = [];
  /** @type {Node[]} */
  #nodes = [];
  /** @type {any[]} */
  #materials = [];
  /** @type {{name: string, bytes: Buffer}[]} */
  #pictures = [];

  /** @param {string} name @param {Buffer} bytes a PNG @returns {number} its texture */
  picture(name, bytes) {
    this.#pictures.push({ name, bytes });
    return this.#pictures.length - 1;
  }

  /** @param {string} name @param {number} texture @param {number[]} color linear @returns {number} */
  material(name, texture, color) {
    this.#materials.push({
      name,
      pbrMetallicRoughness: { baseColorFactor: [...color, 1], baseColorTexture: { index: texture }, metallicFactor: 0, roughnessFactor: 0.9 },
    });
    return this.#materials.length - 1;
  }

  /**
   * @param {string} name @param {Shape} shape @param {number} material
   * @param {(x: number, z: number) => [number, number]} lightAt where the light of a place lies in the lightmap
   * @param {number[]} [at] where the mesh will be, for its light
   * @returns {number}
   */
  mesh(name, shape, material, lightAt, [x0 = 0, , z0 = 0] = []) {
    const first = this.#corners["POSITION"]?.length ?? 0;
    const count = shape.positions.length / 3;
    const axis = (/** @type {number} */ n) => shape.positions.filter((_, index) => index % 3 === n);
    const light = Array.from({ length: count }, (_, i) => lightAt(x0 + (shape.positions[i * 3] ?? 0), z0 + (shape.positions[i * 3 + 2] ?? 0)));
    const given = { POSITION: shape.positions, NORMAL: shape.normals, TEXCOORD_0: shape.uvs, TEXCOORD_1: light.flat() };
    /** @type {Record<string, number>} */
    const attributes = {};
    PARTS.forEach(([part, numbers, type], view) => {
      const extent = part === "POSITION" ? { min: [0, 1, 2].map((n) => least(axis(n))), max: [0, 1, 2].map((n) => most(axis(n))) } : {};
      this.#accessors.push({ bufferView: view, byteOffset: (first / 3) * numbers * 4, componentType: FLOAT, count, type, ...extent });
      attributes[part] = this.#accessors.length - 1;
      append(this.#corners[part] ?? [], given[part]);
    });
    this.#accessors.push({ bufferView: PARTS.length, byteOffset: this.#indices.length * 4, componentType: UINT, count: shape.indices.length, type: "SCALAR" });
    append(this.#indices, shape.indices);
    this.#meshes.push({ name, primitives: [{ attributes, indices: this.#accessors.length - 1, material }] });
    return this.#meshes.length - 1;
  }

  /** @param {Node} node */
  node(node) {
    this.#nodes.push(node);
  }

  /** @returns {Buffer} */
  bytes() {
    /** @type {Buffer[]} */
    const content = [];
    /** @type {any[]} */
    const views = [];
    let length = 0;
    const lay = (/** @type {Buffer} */ bytes, /** @type {object} */ more) => {
      views.push({ buffer: 0, byteOffset: length, byteLength: bytes.length, ...more });
      content.push(bytes, Buffer.alloc(-bytes.length & 3));
      length += bytes.length + (-bytes.length & 3);
    };
    for (const [part, numbers] of PARTS) lay(Buffer.from(Float32Array.from(this.#corners[part] ?? []).buffer), { byteStride: numbers * 4, target: FOR_CORNERS });
    lay(Buffer.from(Uint32Array.from(this.#indices).buffer), { target: FOR_INDICES });
    for (const { bytes } of this.#pictures) lay(bytes, {});
    const json = {
      asset: { version: "2.0", generator: "Xinghuo" },
      scene: 0,
      scenes: [{ nodes: this.#nodes.map((_, index) => index) }],
      nodes: this.#nodes,
      meshes: this.#meshes,
      materials: this.#materials,
      textures: this.#pictures.map((_, source) => ({ sampler: 0, source })),
      images: this.#pictures.map(({ name }, index) => ({ name, mimeType: "image/png", bufferView: PARTS.length + 1 + index })),
      samplers: [{ magFilter: 9729, minFilter: 9987 }],
      accessors: this.#accessors,
      bufferViews: views,
      buffers: [{ byteLength: length }],
    };
    const text = Buffer.from(JSON.stringify(json));
    const padded = Buffer.concat([text, Buffer.alloc(-text.length & 3, " ")]);
    const head = Buffer.alloc(12);
    head.write("glTF", 0, "latin1");
    head.writeUInt32LE(2, 4);
    head.writeUInt32LE(12 + 8 + padded.length + 8 + length, 8);
    return Buffer.concat([head, chunk("JSON", padded), chunk("BIN\0", Buffer.concat(content))]);
  }
}

/** @param {string} kind @param {Buffer} content */
function chunk(kind, content) {
  const head = Buffer.alloc(8);
  head.writeUInt32LE(content.length, 0);
  head.write(kind, 4, "latin1");
  return Buffer.concat([head, content]);
}

// Spreading thousands of numbers into arguments overflows the stack.

/** @param {number[]} list @param {number[]} more */
const append = (list, more) => more.forEach((value) => list.push(value));
/** As the file holds it. @param {number[]} values */
const least = (values) => Math.fround(values.reduce((a, b) => Math.min(a, b), Infinity));
/** @param {number[]} values */
const most = (values) => Math.fround(values.reduce((a, b) => Math.max(a, b), -Infinity));
