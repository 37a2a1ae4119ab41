// The shapes of artifacts and of the hall: corners and triangles, no two artifacts alike.

/**
 * Triangles by their corners' numbers; normals of length 1; texture coordinates.
 * @typedef {{positions: number[], normals: number[], uvs: number[], indices: number[]}} Shape
 */

/** @returns {Shape} */
const nothing = () => ({ positions: [], normals: [], uvs: [], indices: [] });

/**
 * A flat four-cornered piece, its corners counter-clockwise as seen from the side that shows.
 * @param {Shape} shape that it is added to @param {number[][]} corners @param {number[]} normal
 * @param {[number, number]} [tiles] how often its texture is repeated
 */
export function addQuad(shape, corners, normal, [across, up] = [1, 1]) {
  const first = shape.positions.length / 3;
  const uvs = [[0, 0], [across, 0], [across, up], [0, up]];
  corners.forEach((corner, index) => {
    shape.positions.push(...corner);
    shape.normals.push(...normal);
    shape.uvs.push(...(uvs[index] ?? []));
  });
  shape.indices.push(first, first + 1, first + 2, first, first + 2, first + 3);
}

/**
 * A box of 12 triangles. @param {Shape} shape @param {number[]} low @param {number[]} high two opposite corners
 */
export function addBox(shape, low, high) {
  const [x0 = 0, y0 = 0, z0 = 0] = low;
  const [x1 = 0, y1 = 0, z1 = 0] = high;
  addQuad(shape, [[x0, y0, z1], [x1, y0, z1], [x1, y1, z1], [x0, y1, z1]], [0, 0, 1]);
  addQuad(shape, [[x1, y0, z0], [x0, y0, z0], [x0, y1, z0], [x1, y1, z0]], [0, 0, -1]);
  addQuad(shape, [[x1, y0, z1], [x1, y0, z0], [x1, y1, z0], [x1, y1, z1]], [1, 0, 0]);
  addQuad(shape, [[x0, y0, z0], [x0, y0, z1], [x0, y1, z1], [x0, y1, z0]], [-1, 0, 0]);
  addQuad(shape, [[x0, y1, z1], [x1, y1, z1], [x1, y1, z0], [x0, y1, z0]], [0, 1, 0]);
  addQuad(shape, [[x0, y0, z0], [x1, y0, z0], [x1, y0, z1], [x0, y0, z1]], [0, -1, 0]);
}

/** A vessel turned on a wheel: 40 to 250 triangles. @param {() => number} random */
function vessel(random) {
  const shape = nothing();
  const sides = 8 + Math.floor(random() * 7);
  const rings = 4 + Math.floor(random() * 6);
  const [belly, waist, height] = [0.1 + random() * 0.12, 0.3 + random() * 0.6, 0.25 + random() * 0.35];
  const radius = (/** @type {number} */ t) => belly * (waist + (1 - waist) * Math.sin(t * Math.PI * (0.7 + waist * 0.5)) ** 2);
  for (let ring = 0; ring <= rings; ring += 1) {
    const t = ring / rings;
    const slope = (radius(t + 0.01) - radius(t - 0.01)) / (0.02 * height);
    for (let side = 0; side <= sides; side += 1) {
      const angle = (side / sides) * 2 * Math.PI;
      const [cos, sin, long] = [Math.cos(angle), Math.sin(angle), Math.hypot(1, slope)];
      shape.positions.push(radius(t) * cos, t * height, radius(t) * sin);
      shape.normals.push(cos / long, -slope / long, sin / long);
      shape.uvs.push((side / sides) * 2, t);
    }
  }
  for (let ring = 0; ring < rings; ring += 1) {
    for (let side = 0; side < sides; side += 1) {
      const a = ring * (sides + 1) + side;
      const b = a + sides + 1;
      shape.indices.push(a, b, a + 1, a + 1, b, b + 1);
    }
  }
  return shape;
}

/** Boxes on each other: 24 to 84 triangles. @param {() => number} random */
function chest(random) {
  const shape = nothing();
  let floor = 0;
  for (let count = 2 + Math.floor(random() * 6); count > 0; count -= 1) {
    const [wide, high, deep] = [0.06 + random() * 0.14, 0.03 + random() * 0.08, 0.06 + random() * 0.1];
    addBox(shape, [-wide, floor, -deep], [wide, floor + high, deep]);
    floor += high;
  }
  return shape;
}

/** A ring that stands upright: 80 to 320 triangles. @param {() => number} random */
function wheel(random) {
  const shape = nothing();
  const [around, across] = [8 + Math.floor(random() * 9), 5 + Math.floor(random() * 6)];
  const [large, small] = [0.14 + random() * 0.08, 0.02 + random() * 0.04];
  for (let i = 0; i <= around; i += 1) {
    for (let j = 0; j <= across; j += 1) {
      const [u, v] = [(i / around) * 2 * Math.PI, (j / across) * 2 * Math.PI];
      const reach = large + small * Math.cos(v);
      shape.positions.push(reach * Math.cos(u), large + small + reach * Math.sin(u), small * Math.sin(v));
      shape.normals.push(Math.cos(v) * Math.cos(u), Math.cos(v) * Math.sin(u), Math.sin(v));
      shape.uvs.push((i / around) * 4, j / across);
    }
  }
  for (let i = 0; i < around; i += 1) {
    for (let j = 0; j < across; j += 1) {
      const a = i * (across + 1) + j;
      const b = a + across + 1;
      shape.indices.push(a, b, a + 1, a + 1, b, b + 1);
    }
  }
  return shape;
}

/** One artifact, standing on the origin. @param {() => number} random @returns {Shape} */
export function artifact(random) {
  const kinds = [vessel, vessel, chest, wheel];
  return (kinds[Math.floor(random() * kinds.length)] ?? vessel)(random);
}

export { nothing };
