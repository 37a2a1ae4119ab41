// The three.js viewer of one room, for a headset: the same scene and materials, shown by WebXRManager.

import { Fog, Group, ImageBitmapLoader, MathUtils, PerspectiveCamera, Scene, SRGBColorSpace, Texture, WebGLRenderer } from "three";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";
import { filter, lighten } from "./materials.mjs";

/** @type {import("./viewer.mjs").Setting} */
const setting = JSON.parse(document.querySelector("#setting")?.textContent ?? "");
const canvas = document.createElement("canvas");
const renderer = new WebGLRenderer({ canvas, antialias: setting.samples > 1, powerPreference: "high-performance" });
const camera = new PerspectiveCamera(setting.fovDeg, setting.size.width / setting.size.height, 0.05, 1000);
const scene = new Scene();
scene.fog = new Fog(setting.haze.color, setting.haze.startM, setting.haze.endM);
renderer.setClearColor(setting.haze.color);
renderer.setPixelRatio(1);
renderer.setSize(setting.size.width, setting.size.height);
renderer.xr.enabled = true;
// The emulator's framebuffer is what it is; nothing is drawn larger than it.
renderer.xr.setFramebufferScaleFactor(1);

/** Puts the headset on. */
export async function wear() {
  const { xr } = /** @type {any} */ (navigator);
  const session = await xr.requestSession("immersive-vr", { optionalFeatures: ["local-floor"] });
  renderer.xr.setReferenceSpaceType("local-floor");
  await renderer.xr.setSession(session);
  renderer.setAnimationLoop(() => renderer.render(scene, camera));
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
model.scene.updateMatrixWorld();
model.scene.traverse((node) => (node.matrixWorldAutoUpdate = false));
scene.add(model.scene);
// The headset's floor lies where the visitor of our tour stands.
const floor = new Group();
const [x, y, z] = setting.start.position;
floor.position.set(x, y - 1.6, z);
floor.rotation.y = MathUtils.degToRad(setting.start.yawDeg);
floor.add(camera);
scene.add(floor);
floor.updateMatrixWorld();
camera.position.y = 1.6;
document.querySelector("#loading")?.replaceWith(canvas);
requestAnimationFrame(() => {
  renderer.render(scene, camera);
  dispatchEvent(new CustomEvent("ready"));
});
Object.assign(window, { viewer: { wear } });
