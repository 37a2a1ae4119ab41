// An emulated headset, and what the page does with WebGL while it is worn.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

/** What is the same for so many frames, and for so long, has come to rest. */
const STILL_FRAMES = 4;
const STILL_MILLIS = 250;
/** The page hears of the view ten times a second at most. */
const HEARD_MILLIS = 150;
/** As long as that nothing takes, on however slow a machine. */
const LONG_MILLIS = 60_000;

const emulator = readFileSync(createRequire(import.meta.url).resolve("iwer/build/iwer.min.js"), "utf8");

/**
 * The scripts that make a page believe in a headset.
 * @param {{device?: string | object, stereo?: boolean, views?: number, fovyDeg?: number, ipd?: number, own?: number, tableM?: number, held?: boolean}} [how]
 *   `views` are fewer than the emulator's two, of which the second is empty where it is not stereo; `own` are the
 *   samples of a framebuffer of the headset's own; without, it is the canvas's, as the emulator has it; at the
 *   height `tableM` there is a table as far as one can see; what is `held` has a screen, and a finger on it for a hand
 */
export function headsetScripts({ device = "metaQuest3", stereo = true, views = 2, fovyDeg = 90, ipd = 0.063, own, tableM, held = false } = {}) {
  const options = { stereoEnabled: stereo, fovy: (fovyDeg * Math.PI) / 180, ipd };
  return [emulator, `(${install})(${JSON.stringify({ profile: device, options, views, own: own ?? null, tableM: tableM ?? null, held })})`];
}

/** Runs in the page. */
function install({ profile, options, views, own, tableM, held }) {
  const device = new IWER.XRDevice(typeof profile === "string" ? IWER[profile] : profile, { ...options, visibilityMask: null });
  device.installRuntime({ forceInstall: true });
  const watch = {
    device, within: 0, outside: 0, most: 0, asked: 0, linked: 0, live: {}, snaps: [], pulses: [], modes: [], contexts: [], faults: 0, foveation: null, inside: false, gl: null,
    // What a test may change: the samples of a framebuffer of the headset's own, and whether it turns light into
    // colour by itself; whether the head is lost, or only its place guessed.
    own, encodes: false, lost: false, guessed: false,
  };
  window.watch = watch;

  // With what the page asks for something to draw with.
  const context = HTMLCanvasElement.prototype.getContext;
  HTMLCanvasElement.prototype.getContext = function (kind, wanted) {
    if (wanted) watch.contexts.push({ kind, ...wanted });
    return context.call(this, kind, wanted);
  };

  const pose = XRFrame.prototype.getViewerPose;
  XRFrame.prototype.getViewerPose = function (space) {
    if (watch.lost) return null;
    const seen = pose.call(this, space);
    Object.defineProperty(seen, "views", { value: seen.views.slice(0, views) });
    Object.defineProperty(seen, "emulatedPosition", { value: watch.guessed });
    return seen;
  };

  // How much less finely the sides of the view may be shown; the emulator shows all of it as finely.
  Object.defineProperty(XRWebGLLayer.prototype, "fixedFoveation", { get: () => watch.foveation, set: (share) => (watch.foveation = share) });

  // What hands are made to feel.
  for (const [side, { inputSource }] of Object.entries(device.controllers)) {
    for (const actuator of inputSource.gamepad.hapticActuators) {
      actuator.pulse = (strength, millis) => {
        watch.pulses.push({ side, strength, millis });
        return Promise.resolve(true);
      };
    }
  }

  // The frames of the window that the module asks for; the emulator has its own from there too.
  const window_ = window.requestAnimationFrame;
  window.requestAnimationFrame = function (callback) {
    if ("_wbg_cb_unref" in callback) watch.asked += 1;
    return window_.call(window, callback);
  };

  const request = device.xrSystem?.requestSession ?? navigator.xr.requestSession;
  navigator.xr.requestSession = function (mode, how) {
    watch.modes.push({ mode, features: how?.optionalFeatures ?? [] });
    const session = request.call(navigator.xr, mode, how);
    const overlay = held && how?.domOverlay?.root;
    if (!overlay) return session;
    // The emulator shows what is drawn above the page; a phone shows the overlay above what is drawn.
    const below = new CSSStyleSheet();
    below.replaceSync("[data-webxr_runtime], [data-webxr_runtime] * { pointer-events: none !important; }");
    document.adoptedStyleSheets.push(below);
    return session.then((it) => Object.assign(it, { domOverlayState: { type: "screen" } }));
  };

  // A finger is there only while it touches.
  if (held) {
    for (const controller of Object.values(device.controllers)) controller.connected = false;
    const finger = { targetRayMode: "screen", handedness: "none", gripSpace: undefined, gamepad: undefined };
    for (const [name, value] of Object.entries(finger)) Object.defineProperty(device.controllers.right.inputSource, name, { value });
  }

  // A room of one table: a ray meets it wherever it comes down to that height.
  if (tableM !== null) {
    device.installSEM(class {
      environmentCanvas = document.createElement("canvas");
      trackedPlanes = new Set();
      trackedMeshes = new Set();
      render() {}
      computeHitTestResults(ray) {
        const [x, y, z] = [-ray[8], -ray[9], -ray[10]];
        const far = (tableM - ray[13]) / y;
        if (!(far > 0)) return [];
        return [new Float32Array([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, ray[12] + x * far, tableM, ray[14] + z * far, 1])];
      }
    });
  }

  const gl = WebGL2RenderingContext.prototype;
  for (const draw of ["drawArrays", "drawElements", "drawArraysInstanced", "drawElementsInstanced"]) {
    const native = gl[draw];
    gl[draw] = function (...given) {
      watch.gl = this;
      watch[watch.inside ? "within" : "outside"] += 1;
      return native.apply(this, given);
    };
  }
  // Whoever asks for an error takes it away.
  const fault = gl.getError;
  gl.getError = function () {
    const code = fault.call(this);
    watch.faults += Number(code !== this.NO_ERROR);
    return code;
  };
  const link = gl.linkProgram;
  gl.linkProgram = function (program) {
    watch.linked += 1;
    return link.call(this, program);
  };
  for (const kind of ["Texture", "Buffer", "Framebuffer", "Renderbuffer", "Program", "VertexArray", "Sampler", "Query"]) {
    const [create, destroy] = [gl[`create${kind}`], gl[`delete${kind}`]];
    watch.live[kind] = 0;
    gl[`create${kind}`] = function (...given) {
      watch.live[kind] += 1;
      return create.apply(this, given);
    };
    gl[`delete${kind}`] = function (thing) {
      if (thing) watch.live[kind] -= 1;
      return destroy.call(this, thing);
    };
  }

  const framebuffers = new WeakMap();
  Object.defineProperty(XRWebGLLayer.prototype, "framebuffer", {
    get() {
      if (watch.own === null) return null;
      if (!framebuffers.has(this)) framebuffers.set(this, make(this));
      return framebuffers.get(this);
    },
  });
  function make({ context, framebufferWidth, framebufferHeight }) {
    const framebuffer = context.createFramebuffer();
    const color = context.createRenderbuffer();
    watch.live.Framebuffer -= 1;
    watch.live.Renderbuffer -= 1;
    context.bindRenderbuffer(context.RENDERBUFFER, color);
    const format = watch.encodes ? context.SRGB8_ALPHA8 : context.RGBA8;
    context.renderbufferStorageMultisample(context.RENDERBUFFER, watch.own, format, framebufferWidth, framebufferHeight);
    context.bindFramebuffer(context.FRAMEBUFFER, framebuffer);
    context.framebufferRenderbuffer(context.FRAMEBUFFER, context.COLOR_ATTACHMENT0, context.RENDERBUFFER, color);
    context.bindFramebuffer(context.FRAMEBUFFER, null);
    return framebuffer;
  }
  /** A headset's compositor takes its framebuffer away; here it goes to the canvas. */
  function present(layer) {
    const { context, framebuffer, framebufferWidth: w, framebufferHeight: h } = layer;
    if (!framebuffer) return;
    context.disable(context.SCISSOR_TEST);
    context.bindFramebuffer(context.READ_FRAMEBUFFER, framebuffer);
    context.bindFramebuffer(context.DRAW_FRAMEBUFFER, null);
    context.blitFramebuffer(0, 0, w, h, 0, 0, w, h, context.COLOR_BUFFER_BIT, context.NEAREST);
    context.bindFramebuffer(context.FRAMEBUFFER, null);
  }
  function shown({ context, framebuffer, framebufferWidth: width, framebufferHeight: height }) {
    const pixels = new Uint8Array(width * height * 4);
    // What has samples is read where it has been put together.
    context.bindFramebuffer(context.FRAMEBUFFER, watch.own ? null : framebuffer);
    context.readPixels(0, 0, width, height, context.RGBA, context.UNSIGNED_BYTE, pixels);
    context.bindFramebuffer(context.FRAMEBUFFER, null);
    return { width, height, pixels };
  }

  const ask = XRSession.prototype.requestAnimationFrame;
  XRSession.prototype.requestAnimationFrame = function (callback) {
    return ask.call(this, (time, frame) => {
      // A headset has no frames for who is not seen.
      if (this.visibilityState === "hidden") return void this.requestAnimationFrame(callback);
      watch.inside = true;
      const before = watch.within;
      try {
        callback(time, frame);
      } finally {
        watch.inside = false;
        watch.most = Math.max(watch.most, watch.within - before);
        const layer = this.renderState.baseLayer;
        if (watch.own) present(layer);
        for (const done of watch.snaps.splice(0)) done(shown(layer));
      }
    });
  };
  // When the next frame is there, milliseconds; whoever waits for one hears of it when there will be none.
  watch.frame = () => new Promise((done, fail) => {
    const session = watch.device.activeSession;
    const over = () => fail(new Error("the session is over"));
    session.addEventListener("end", over);
    session.requestAnimationFrame((time) => {
      session.removeEventListener("end", over);
      done(time);
    });
  });
}

/** What the headset shows: rows from above, as a picture has them. */
export class Eyes {
  constructor({ width, height, pixels }) {
    Object.assign(this, { width, height, pixels: Buffer.from(pixels, "base64") });
  }

  /** @param {number} x from the left @param {number} y from above */
  at(x, y) {
    const i = ((this.height - 1 - y) * this.width + x) * 4;
    return [...this.pixels.subarray(i, i + 4)];
  }

  /**
   * Where an eye's part of two pictures differs: the middle and the edges, −1 to 1 to the right and up.
   * @param {Eyes} other @param {number} left @param {number} width
   * @param {number} [rows] how many, from above; below the horizon the water moves
   */
  difference(other, left, width, rows = this.height) {
    let [count, sumX, low, high] = [0, 0, 1, -1];
    for (let y = 0; y < rows; y += 1) {
      for (let x = left; x < left + width; x += 1) {
        const [a, b] = [this.at(x, y), other.at(x, y)];
        const weight = Math.abs(a[0] - b[0]) + Math.abs(a[1] - b[1]) + Math.abs(a[2] - b[2]);
        if (weight < 60) continue;
        count += weight;
        sumX += (((x - left + 0.5) / width) * 2 - 1) * weight;
        const up = 1 - ((y + 0.5) / this.height) * 2;
        [low, high] = [Math.min(low, up), Math.max(high, up)];
      }
    }
    return { seen: count > 0, x: sumX / count, low, high };
  }
}

const cross = (a, b) => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
const add = (a, b, share = 1) => a.map((one, i) => one + b[i] * share);

/** @param {number[]} q @param {number[]} v */
export function turned(q, v) {
  const t = cross(q, v).map((one) => one * 2);
  return add(add(v, t, q[3]), cross(q, t));
}

/** One turn after another. @param {number[]} a @param {number[]} b */
const turning = (a, b) => {
  const [x, y, z] = add(add(b.slice(0, 3).map((one) => one * a[3]), a.slice(0, 3), b[3]), cross(a, b));
  return [x, y, z, a[3] * b[3] - a[0] * b[0] - a[1] * b[1] - a[2] * b[2]];
};

/** The turn that looks along `to`, level. @param {number[]} to */
export function looking([x, y, z]) {
  const [yaw, pitch] = [Math.atan2(-x, -z) / 2, Math.atan2(y, Math.hypot(x, z)) / 2];
  const [sy, cy, sp, cp] = [Math.sin(yaw), Math.cos(yaw), Math.sin(pitch), Math.cos(pitch)];
  return [cy * sp, sy * cp, -sy * sp, cy * cp];
}

/** Somebody who wears the emulated headset. */
export class Wearer {
  /**
   * @param {import("./visitor.mjs").Visitor} visitor
   * @param {{width: number, height: number}} [framebuffer] smaller than the page, since a processor draws it
   */
  constructor(visitor, framebuffer) {
    this.visitor = visitor;
    this.page = visitor.page;
    this.framebuffer = framebuffer;
  }

  /**
   * By the page's own buttons, as a person would.
   * @param {{seated?: boolean, glide?: boolean, leftHanded?: boolean, pulses?: boolean, turn?: number}} [how] what is not said stays as it was
   */
  async putOn({ turn, ...checks } = {}) {
    await this.page.locator(".topbar [data-key=headset]").click();
    const dialog = this.page.locator("dialog.headset");
    for (const [name, is] of Object.entries(checks)) {
      const key = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
      await dialog.locator(`[data-key=${key}]`).setChecked(is);
    }
    if (turn !== undefined) await dialog.locator("[data-key=turn]").selectOption(String(turn));
    const enter = dialog.locator("[data-key=put-on]");
    if (this.framebuffer) {
      // The emulator's framebuffer is as large as the window, in which the dialog has no room then.
      await this.page.setViewportSize(this.framebuffer);
      await enter.evaluate((button) => button.click());
    } else await enter.click();
    await this.visitor.until((state) => state.headset === "worn");
    await this.frames(2);
  }

  /** @param {"page" | "headset"} from */
  async takeOff(from = "headset") {
    if (from === "page") await this.page.evaluate(() => document.querySelector("xinghuo-tour").shadowRoot.querySelector("[data-key=headset]").click());
    else await this.page.evaluate(() => watch.device.activeSession.end());
    await this.visitor.until((state) => state.headset === "there");
  }

  /** Waits for so many of the headset's frames. */
  async frames(count) {
    await this.page.evaluate(async (frames) => {
      for (let i = 0; i < frames; i += 1) {
        await watch.frame();
      }
    }, count);
  }

  /** What both eyes see. */
  async eyes() {
    await this.frames(2);
    return new Eyes(await this.page.evaluate(async () => {
      const { pixels, ...size } = await new Promise((done) => watch.snaps.push(done));
      return { ...size, pixels: btoa(Array.from(pixels, (byte) => String.fromCharCode(byte)).join("")) };
    }));
  }

  /** Waits until nothing that the eyes see is on its way any more, however slowly frames come. */
  async still() {
    await this.page.evaluate(async ([frames, least, most]) => {
      const shown = async () => new Uint32Array((await new Promise((done) => watch.snaps.push(done))).pixels.buffer);
      const begin = performance.now();
      let before = await shown();
      for (let [same, since] = [0, performance.now()]; same < frames || performance.now() - since < least;) {
        if (performance.now() - begin > most) throw new Error("what the eyes see never came to rest");
        const now = await shown();
        if (now.every((pixel, i) => pixel === before[i])) same += 1;
        else [same, since] = [0, performance.now()];
        before = now;
      }
    }, [STILL_FRAMES, STILL_MILLIS, LONG_MILLIS]);
  }

  /** Waits until the page has heard of everything that the head and the hands do: the view, and what can be pressed. */
  async heard() {
    await this.page.evaluate(async ([frames, least, most]) => {
      const told = () => {
        const { view, presses, named } = document.querySelector("xinghuo-tour").state;
        return view && !view.moving ? JSON.stringify([view, presses, named]) : null;
      };
      const begin = performance.now();
      let before = told();
      for (let [same, since] = [0, performance.now()]; same < frames || performance.now() - since < least;) {
        if (performance.now() - begin > most) throw new Error(`what the page hears never came to rest: ${before}`);
        await watch.frame();
        const now = told();
        if (now !== null && now === before) same += 1;
        else [same, since] = [0, performance.now()];
        before = now;
      }
    }, [STILL_FRAMES, HEARD_MILLIS, LONG_MILLIS]);
  }

  /** Stays as it is until frames have taken so long: as the app does, no frame is counted for more than half a second. */
  async stays(secs) {
    await this.page.evaluate(async (millis) => {
      let before = await watch.frame();
      for (let left = millis; left > 0;) {
        const now = await watch.frame();
        left -= Math.min(now - before, 500);
        before = now;
      }
    }, secs * 1000);
    await this.frames(2);
  }

  async head() {
    return this.page.evaluate(() => {
      const { position: p, quaternion: q } = watch.device;
      return { position: [p.x, p.y, p.z], rotation: [q.x, q.y, q.z, q.w] };
    });
  }

  /** @param {{position?: number[], rotation?: number[]}} pose */
  async moveHead(pose) {
    await this.page.evaluate(({ position, rotation }) => {
      if (position) watch.device.position.set(...position);
      if (rotation) watch.device.quaternion.set(...rotation);
    }, pose);
    await this.frames(2);
  }

  /** @param {"left" | "right"} hand @param {number[]} position @param {number[]} rotation */
  async moveHand(hand, position, rotation, kind = "controllers") {
    await this.page.evaluate(([side, p, q, input]) => {
      watch.device[input][side].position.set(...p);
      watch.device[input][side].quaternion.set(...q);
    }, [hand, position, rotation, kind]);
    await this.frames(2);
  }

  /** Points a hand, held beside the head, at a place of the headset's space. */
  async pointAt(hand, place, kind = "controllers") {
    const { position, rotation } = await this.head();
    const from = add(position, turned(rotation, [hand === "left" ? -0.15 : 0.15, -0.15, -0.1]));
    await this.moveHand(hand, from, looking(add(place, from, -1)), kind);
  }

  /** Where something in view is in the headset's space. @param {{x: number, y: number, metres?: number}} seen */
  async placeOf({ x, y, metres = 2 }) {
    const { position, rotation } = await this.head();
    const reach = Math.tan((29 * Math.PI) / 180);
    const ahead = [(x / 500 - 1) * reach, (1 - y / 500) * reach, -1];
    const length = Math.hypot(...ahead);
    return add(position, turned(rotation, ahead), metres / length);
  }

  /**
   * Touches a place of the headset's space with a fingertip, from the head's side of it, and takes the finger back.
   * @param {"left" | "right"} hand @param {number[]} place
   */
  async poke(hand, place) {
    const { position } = await this.head();
    const away = add(place, position, -1);
    const ahead = away.map((one) => one / Math.hypot(...away));
    const rotation = looking(ahead);
    await this.moveHand(hand, add(position, [hand === "left" ? -0.2 : 0.2, -0.5, 0]), rotation, "hands");
    // Where the fingertip is from the hand, as it is turned now.
    const tip = await this.page.evaluate((side) => new Promise((done) => {
      watch.device.activeSession.requestAnimationFrame((_time, frame) => {
        const source = [...frame.session.inputSources].find((one) => one.handedness === side);
        const { position: at } = frame.getPose(source.hand.get("index-finger-tip"), source.targetRaySpace).transform;
        done([at.x, at.y, at.z]);
      });
    }), hand);
    for (const far of [-0.06, -0.03, 0.03, -0.05]) {
      await this.moveHand(hand, add(add(place, turned(rotation, tip), -1), ahead, far), rotation, "hands");
    }
    await this.moveHand(hand, add(position, [hand === "left" ? -0.2 : 0.2, -0.5, 0]), rotation, "hands");
  }

  /** Presses and lets go. @param {"left" | "right"} hand @param {string} button */
  async press(hand, button = "trigger") {
    for (const value of [1, 0]) {
      await this.page.evaluate(([side, name, force]) => watch.device.controllers[side].updateButtonValue(name, force), [hand, button, value]);
      await this.frames(3);
    }
  }

  /** @param {"left" | "right"} hand */
  async pinch(hand) {
    for (const value of [1, 0]) {
      await this.page.evaluate(([side, force]) => watch.device.hands[side].updatePinchValue(force), [hand, value]);
      await this.frames(3);
    }
  }

  /**
   * Puts a finger on a screen that is held before the eyes, moves it through these places of the view, and lifts it:
   * as browsers do, it is a source only while it touches.
   * @param {...number[]} places to the right and up, in shares of the distance
   */
  async touch(...places) {
    const { position, rotation } = await this.head();
    const at = async ([x, y]) => this.moveHand("right", position, turning(rotation, looking([x, y, -1])));
    const say = (names, connected) => this.page.evaluate(([events, is]) => new Promise((done) => {
      const { activeSession: session, controllers: { right } } = watch.device;
      session.requestAnimationFrame((_time, frame) => {
        for (const name of events) session.dispatchEvent(Object.assign(new Event(name), { frame, inputSource: right.inputSource }));
        right.connected = is;
        done();
      });
    }), [names, connected]);
    await at(places[0]);
    await say([], true);
    await this.frames(2);
    await say(["selectstart"], true);
    for (const place of places) await at(place);
    await say(["select", "selectend"], false);
    await this.frames(3);
  }

  /** Holds a button for so many frames, and then does something. @param {"left" | "right"} hand @param {string} button @param {() => Promise<void>} then */
  async holding(hand, button, then) {
    const set = (force) => this.page.evaluate(([side, name, value]) => watch.device.controllers[side].updateButtonValue(name, value), [hand, button, force]);
    await set(1);
    await this.frames(3);
    await then();
    await set(0);
    await this.frames(3);
  }

  /** Pinches, does something, and lets go. @param {"left" | "right"} hand @param {() => Promise<void>} then */
  async pinching(hand, then) {
    const set = (force) => this.page.evaluate(([side, value]) => watch.device.hands[side].updatePinchValue(value), [hand, force]);
    await set(1);
    await this.frames(3);
    await then();
    await set(0);
    await this.frames(3);
  }

  /** Pushes a stick and lets it come back. @param {"left" | "right"} hand @param {number} x @param {number} y */
  async push(hand, x, y) {
    for (const [right, back] of [[x, y], [0, 0]]) {
      await this.page.evaluate(([side, ...axes]) => watch.device.controllers[side].updateAxes("thumbstick", ...axes), [hand, right, back]);
      await this.frames(4);
    }
  }
}
