// A plain three.js viewer of one room, as somebody who knows three.js well would write it: a static
// scene, matrices worked out once, materials that need no light, no frame while nothing changes.

import { Fog, ImageBitmapLoader, MathUtils, PerspectiveCamera, Scene, SRGBColorSpace, Texture, WebGLRenderer } from "three";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";
import { lengthOf, poseAt } from "../poses.mjs";
import { filter, lighten } from "./materials.mjs";

/**
 * @typedef {import("../poses.mjs").Pose} Pose
 * @typedef {object} Setting what the page says of its scene
 * @property {string} scene the GLB's address
 * @property {string | null} lightmap
 * @property {number} lightScale
 * @property {{color: string, startM: number, endM: number}} haze
 * @property {{width: number, height: number}} size of the canvas, CSS pixels
 * @property {number} pixelRatio
 * @property {number} samples a pixel
 * @property {number} anisotropy
 * @property {number} fovDeg from top to bottom
 * @property {Pose} start
 */

/** @type {Setting} */
const setting = JSON.parse(document.querySelector("#setting")?.textContent ?? "");
const canvas = document.createElement("canvas");
const renderer = new WebGLRenderer({ canvas, antialias: setting.samples > 1, powerPreference: "high-performance" });
const camera = new PerspectiveCamera(setting.fovDeg, setting.size.width / setting.size.height, 0.05, 4000);
camera.rotation.order = "YXZ";
const scene = new Scene();
scene.fog = new Fog(setting.haze.color, setting.haze.startM, setting.haze.endM);
renderer.setClearColor(setting.haze.color);
renderer.setPixelRatio(Math.min(devicePixelRatio, setting.pixelRatio));
renderer.setSize(setting.size.width, setting.size.height);

/** @param {Pose} pose */
function look({ position, yawDeg, pitchDeg }) {
  camera.position.set(...position);
  camera.rotation.set(MathUtils.degToRad(pitchDeg), MathUtils.degToRad(yawDeg), 0);
}

/**
 * Shows a recorded walk again, a frame whenever the browser wants one.
 * @param {Pose[]} poses
 */
export function walk(poses) {
  return new Promise((done) => {
    const begun = performance.now();
    const step = () => {
      const at = performance.now() - begun;
      look(poseAt(poses, at));
      renderer.render(scene, camera);
      if (at < lengthOf(poses)) requestAnimationFrame(step);
      else done(undefined);
    };
    requestAnimationFrame(step);
  });
}

async function light() {
  if (!setting.lightmap) return null;
  const bitmap = await new ImageBitmapLoader().setOptions({ imageOrientation: "none", premultiplyAlpha: "none" }).loadAsync(setting.lightmap);
  const texture = new Texture(bitmap);
  texture.colorSpace = SRGBColorSpace;
  texture.channel = 1;
  texture.flipY = false;
  filter(texture, { ...setting, anisotropy: 1 });
  texture.needsUpdate = true;
  return texture;
}

const [model, baked] = await Promise.all([new GLTFLoader().loadAsync(setting.scene), light()]);
lighten(model.scene, baked, setting);
scene.add(model.scene);
// Nothing in the scene moves.
scene.updateMatrixWorld();
scene.matrixWorldAutoUpdate = false;
look(setting.start);
document.querySelector("#loading")?.replaceWith(canvas);
requestAnimationFrame(() => {
  renderer.render(scene, camera);
  dispatchEvent(new CustomEvent("ready"));
});
Object.assign(window, { viewer: { walk } });
