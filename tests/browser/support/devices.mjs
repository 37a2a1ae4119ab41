// Headsets to be emulated: those that iwer knows, and one made from what its maker publishes.

/** What a controller has, by the profile of WebXR's input profiles registry. */
const buttons = (lower, upper) => ({
  mapping: "xr-standard",
  buttons: [
    { id: "trigger", type: "analog", eventTrigger: "select" },
    { id: "squeeze", type: "analog", eventTrigger: "squeeze" },
    null,
    { id: "thumbstick", type: "binary" },
    { id: lower, type: "binary" },
    { id: upper, type: "binary" },
  ],
  axes: [null, null, { id: "thumbstick", type: "x-axis" }, { id: "thumbstick", type: "y-axis" }],
});

/**
 * PICO 4: 2160 × 2160 pixels for each eye, which is why the tests draw squares for it; 104° by 103°;
 * 72 and 90 frames a second; eyes 62 to 72 mm apart. Its controllers are `pico-4`.
 */
export const PICO_4 = {
  name: "PICO 4",
  controllerConfig: {
    profileId: "pico-4",
    fallbackProfileIds: ["generic-trigger-squeeze-thumbstick"],
    layout: {
      left: { gamepad: buttons("x-button", "y-button"), numHapticActuators: 1 },
      right: { gamepad: buttons("a-button", "b-button"), numHapticActuators: 1 },
    },
  },
  supportedSessionModes: ["inline", "immersive-vr", "immersive-ar"],
  supportedFeatures: ["viewer", "local", "local-floor", "bounded-floor", "hand-tracking"],
  supportedFrameRates: [72, 90],
  isSystemKeyboardSupported: true,
  internalNominalFrameRate: 90,
  environmentBlendModes: { "immersive-vr": "opaque", "immersive-ar": "alpha-blend" },
  interactionMode: "world-space",
  userAgent: "Mozilla/5.0 (X11; Linux x86_64; PICO 4) AppleWebKit/537.36 (KHTML, like Gecko) PicoBrowser Chrome/126.0.0.0 VR Safari/537.36",
};

/** A phone that shows the visitor's own room on its screen, and is no headset. */
export const PHONE_WITH_AR = {
  ...PICO_4,
  name: "a phone",
  supportedSessionModes: ["inline", "immersive-ar"],
  supportedFeatures: ["viewer", "local", "local-floor", "hit-test", "dom-overlay"],
  supportedFrameRates: [],
  internalNominalFrameRate: 60,
  environmentBlendModes: { "immersive-ar": "alpha-blend" },
  interactionMode: "screen-space",
  userAgent: "Mozilla/5.0 (Linux; Android 14; a phone) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36",
};

/**
 * Each by its name: what iwer calls it or what it is, and how it sees.
 * @type {Record<string, {device: string | object, fovyDeg?: number, ipd?: number}>}
 */
export const DEVICES = {
  "Quest": { device: "oculusQuest1", fovyDeg: 93, ipd: 0.0635 },
  "Quest 2": { device: "metaQuest2", fovyDeg: 93, ipd: 0.063 },
  "Quest Pro": { device: "metaQuestPro", fovyDeg: 96, ipd: 0.063 },
  "Quest 3": { device: "metaQuest3", fovyDeg: 96, ipd: 0.063 },
  "Meta VR Glasses": { device: "metaVRGlasses", fovyDeg: 70, ipd: 0.063 },
  "PICO 4": { device: PICO_4, fovyDeg: 103, ipd: 0.067 },
};
