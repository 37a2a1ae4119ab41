// The materials of a scene whose light is baked: as light as three.js has them.

import { DoubleSide, LinearMipmapLinearFilter, LinearMipmapNearestFilter, MeshBasicMaterial } from "three";

/**
 * @typedef {import("three").MeshStandardMaterial} MeshStandardMaterial
 * @typedef {import("three").Texture} Texture
 * @typedef {import("./viewer.mjs").Setting} Setting
 */

/**
 * Replaces a loaded scene's materials: texture times baked light, leaves cut out by their alpha,
 * the sky as it is. What is only walked on is not drawn.
 * @param {import("three").Object3D} scene @param {Texture | null} light @param {Setting} setting
 */
export function lighten(scene, light, setting) {
  const made = new Map();
  scene.traverse((node) => {
    const mesh = /** @type {import("three").Mesh<import("three").BufferGeometry, MeshStandardMaterial>} */ (node);
    if (!mesh.isMesh) return;
    const surface = surfaceOf(mesh);
    if (surface === "walkable" || surface === "sky") mesh.visible = surface === "sky";
    // Behind everything, so drawn last: what hides it need not be shaded twice.
    if (surface === "sky") mesh.renderOrder = 1;
    const lit = surface !== "sky" && mesh.geometry.hasAttribute("uv1");
    const key = `${mesh.material.uuid} ${surface} ${lit}`;
    if (!made.has(key)) made.set(key, basic(mesh.material, surface, lit ? light : null, setting));
    /** @type {{material: MeshBasicMaterial}} */ (/** @type {unknown} */ (mesh)).material = made.get(key);
  });
}

/** What the scene's author says of a mesh or of what holds it. @param {import("three").Object3D} node @returns {string | undefined} */
function surfaceOf(node) {
  return node.userData["surface"] ?? (node.parent ? surfaceOf(node.parent) : undefined);
}

/** @param {MeshStandardMaterial} from @param {string | undefined} surface @param {Texture | null} light @param {Setting} setting */
function basic(from, surface, light, setting) {
  if (from.map) filter(from.map, setting);
  return new MeshBasicMaterial({
    color: from.color,
    map: from.map,
    alphaTest: from.alphaTest,
    vertexColors: from.vertexColors,
    fog: surface !== "sky",
    side: surface ? DoubleSide : from.side,
    lightMap: light,
    // A basic material takes its light by π.
    lightMapIntensity: setting.lightScale * Math.PI,
  });
}

/** The filtering that our tour has on this machine. @param {Texture} texture @param {Setting} setting */
export function filter(texture, setting) {
  texture.anisotropy = setting.anisotropy;
  texture.minFilter = setting.anisotropy > 1 ? LinearMipmapLinearFilter : LinearMipmapNearestFilter;
}
