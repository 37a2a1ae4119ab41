/**
 * A headset: its session, whose frames drive the tour while it runs. Fetched only where there is one.
 *
 * Each frame is told to the module as one row of numbers, which `src/app/src/headset/report.rs`
 * reads: flags, how many views and sources, the head's pose, the frame rate, a surface's pose; for
 * each view its viewport, pose and projection; for each source its hand, kind, flags, stick, ray
 * and grip, and of a tracked hand its joints.
 */

import { Again } from "./again.js";

/** @import { App } from "./messages.js" */

const HEAD = 18;
const VIEW = 27;
const SOURCE = 19;
const JOINTS = 25;
const JOINT = 4;
const VIEWS_MOST = 4;
const SOURCES_MOST = 8;

const SEEN = 1;
const RECENTRED = 2;
const SURFACE = 4;
const RAY = 1;
const GRIP = 2;
const SELECTING = 4;
const SELECTED = 8;
const SQUEEZING = 16;
const HAND = 32;
const STICK = 64;
const GAZES = 0;
const POINTS = 1;
const TOUCHES = 2;

/** How near and how far is seen, for the headset's own reprojection; metres. */
const DEPTH = { depthNear: 0.05, depthFar: 1000 };
/** Many frames a second cost more than they show. */
const FRAMES_PER_SECOND = 72;
/**
 * How much less finely a headset that can may show the sides of the view. The eyes are drawn in
 * pictures of their own, so this spares only the last step.
 */
const FOVEATION = 0.4;

/**
 * What a source is about since the last frame.
 * @typedef {{selecting: boolean, selected: boolean, squeezing: boolean, ray: XRPose | undefined}} Doing
 * @typedef {{seated: boolean, turnDeg: number, glide: boolean, raiseM: number, leftHanded: boolean, pulses: boolean}} Comfort
 */

export class Headset {
  /** @type {XRSession | null} */
  #session = null;
  /** @type {XRWebGLLayer | null} */
  #layer = null;
  /** @type {XRReferenceSpace | null} */
  #space = null;
  /** @type {Map<XRInputSource, Doing>} */
  #doings = new Map();
  #row = new Float32Array(HEAD + VIEWS_MOST * VIEW + SOURCES_MOST * (SOURCE + JOINTS * JOINT));
  #joints = { poses: new Float32Array(JOINTS * 16), radii: new Float32Array(JOINTS) };
  /** What finds the visitor's own table, if that is looked for. @type {XRHitTestSource | null} */
  #finding = null;
  /** Whether a finger on the screen counts: one puts things on a table with it, and goes nowhere. */
  #touched = false;
  #recentred = false;
  /** Whether the framebuffer turns light into colour by itself: as it was known last, until it is asked. */
  #encodes = false;
  /** The question, while it is open; nothing before the first frame. @type {Encoding | null | undefined} */
  #encoding;
  /** Once the session has shown a frame, or is over. */
  shown = Promise.resolve();

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {() => void} ended the session is over, whoever ended it
   */
  constructor(canvas, ended) {
    this.canvas = canvas;
    this.ended = ended;
  }

  /**
   * Puts the headset on. Must be called while the browser still remembers the visitor's click.
   * @param {App} app @param {Comfort} comfort
   * @param {string | null} [thing] the stop whose artifact is put on the visitor's own table, instead of going to the venue
   * @param {HTMLElement | null} [overlay] what lies over the visitor's own room where that is seen on a screen
   */
  async enter(app, comfort, thing = null, overlay = null) {
    const { xr } = navigator;
    if (!xr || this.#session) return;
    const features = ["local-floor", "hand-tracking"];
    const session = await (thing === null
      ? xr.requestSession("immersive-vr", { optionalFeatures: features })
      : xr.requestSession("immersive-ar", {
          optionalFeatures: [...features, "hit-test", ...(overlay ? ["dom-overlay"] : [])],
          ...(overlay && { domOverlay: { root: overlay } }),
        }));
    try {
      await this.#begin(session, app, comfort, thing);
    } catch (cause) {
      await session.end().catch(() => {});
      throw cause;
    }
  }

  /** Whether what is put on is held before one's eyes: a phone, with the page's overlay on its screen. */
  get isHeld() {
    return this.#session?.domOverlayState?.type === "screen";
  }

  /** Takes it off. */
  async end() {
    await this.#session?.end().catch(() => {});
  }

  /**
   * Has a hand feel something, where the headset can.
   * @param {"left" | "right"} side @param {number} strength @param {number} millis
   */
  pulse(side, strength, millis) {
    for (const { handedness, gamepad } of this.#session?.inputSources ?? []) {
      if (handedness !== side) continue;
      // Not every kind of it is in every browser, and none of it matters enough to be told of.
      void gamepad?.hapticActuators?.[0]?.pulse?.(strength, millis)?.catch?.(() => {});
    }
  }

  /** @param {XRSession} session @param {App} app @param {Comfort} comfort @param {string | null} thing */
  async #begin(session, app, comfort, thing) {
    const gl = /** @type {WebGL2RenderingContext & {makeXRCompatible(): Promise<void>}} */ (this.canvas.getContext("webgl2"));
    const again = new Again(gl);
    let over = false;
    /** @type {() => void} */
    let show = () => {};
    this.shown = new Promise((shown) => (show = shown));
    session.addEventListener("end", () => {
      over = true;
      show();
      if (this.#session !== session) return;
      this.#session = null;
      this.#finding = null;
      this.#encoding?.drop();
      Reflect.deleteProperty(gl, "flush");
      app.headset_end();
      again.forget();
      this.ended();
    });
    await gl.makeXRCompatible();
    const space = await floorOf(session);
    if (over) return this.ended();
    const layer = new XRWebGLLayer(session, gl, { antialias: false, depth: false, stencil: false });
    if ("fixedFoveation" in layer) layer.fixedFoveation = FOVEATION;
    session.updateRenderState({ baseLayer: layer, ...DEPTH });
    // The first frame need not wait for how many there will be.
    const rates = session.supportedFrameRates;
    if (rates?.includes(FRAMES_PER_SECOND)) void session.updateTargetFrameRate?.(FRAMES_PER_SECOND).catch(() => {});
    const finding = thing === null ? null : await tableOf(session);
    if (over) return this.ended();
    this.#finding = finding;
    this.#touched = thing !== null;
    // A headset takes each frame when its callback returns, and the browser sends with it what there is to be
    // sent: to send it once before, as the module has it, would hold the frame up for nothing.
    gl.flush = () => {};
    this.#session = session;
    this.#layer = layer;
    this.#space = space.space;
    this.#encoding = undefined;
    this.#recentred = false;
    this.#doings.clear();
    space.space.addEventListener("reset", () => (this.#recentred = true));
    this.#listen(session);
    app.headset_begin(JSON.stringify({ ...comfort, floor: space.floor, thing }), again);
    /** @type {XRFrameRequestCallback} */
    const next = (_time, frame) => {
      if (this.#session !== session) return;
      session.requestAnimationFrame(next);
      this.#tell(app, frame, gl);
      show();
    };
    session.requestAnimationFrame(next);
    return undefined;
  }

  /** @param {XRSession} session */
  #listen(session) {
    /** @param {XRInputSource} source */
    const of = (source) => {
      let doing = this.#doings.get(source);
      if (!doing) this.#doings.set(source, (doing = { selecting: false, selected: false, squeezing: false, ray: undefined }));
      return doing;
    };
    /** @param {string} name @param {(doing: Doing, event: XRInputSourceEvent) => void} then */
    const on = (name, then) => session.addEventListener(name, (event) => {
      const input = /** @type {XRInputSourceEvent} */ (event);
      then(of(input.inputSource), input);
    });
    on("selectstart", (doing) => (doing.selecting = true));
    on("selectend", (doing) => (doing.selecting = false));
    on("squeezestart", (doing) => (doing.squeezing = true));
    on("squeezeend", (doing) => (doing.squeezing = false));
    on("select", (doing, { frame, inputSource }) => {
      doing.selected = true;
      // A source that is there only while it selects may be gone with the next frame.
      if (this.#space) doing.ray = frame.getPose(inputSource.targetRaySpace, this.#space);
    });
  }

  /** @param {App} app @param {XRFrame} frame @param {WebGL2RenderingContext} gl */
  #tell(app, frame, gl) {
    const layer = /** @type {XRWebGLLayer} */ (this.#layer);
    const { framebuffer, framebufferWidth: width, framebufferHeight: height } = layer;
    if (this.#encoding === undefined) this.#encoding = new Encoding(gl, framebuffer);
    else if (this.#encoding) this.#hear(this.#encoding);
    const length = this.#write(frame, layer, /** @type {XRReferenceSpace} */ (this.#space));
    app.headset_frame(this.#row.subarray(0, length), framebuffer, width, height, this.#encodes);
  }

  /** @param {Encoding} encoding */
  #hear(encoding) {
    const answer = encoding.answer();
    if (answer !== undefined) [this.#encodes, this.#encoding] = [answer, null];
  }

  /**
   * Writes the row; returns how long it is.
   * @param {XRFrame} frame @param {XRWebGLLayer} layer @param {XRReferenceSpace} space
   */
  #write(frame, layer, space) {
    const row = this.#row.fill(0);
    const viewer = frame.getViewerPose(space);
    const views = viewer?.views ?? [];
    const count = Math.min(views.length, VIEWS_MOST);
    const sources = this.#sources(frame.session);
    const surface = this.#surface(frame, space);
    row[0] = (frame.session.visibilityState === "visible" ? SEEN : 0) | (this.#recentred && viewer ? RECENTRED : 0) | (surface ? SURFACE : 0);
    row[1] = count;
    row[2] = sources.all.length;
    if (viewer) {
      this.#recentred = false;
      writePose(row, 3, viewer.transform);
    }
    row[10] = frame.session.frameRate ?? 0;
    if (surface) writePose(row, 11, surface.transform);
    let at = HEAD;
    for (let i = 0; i < count; i += 1) {
      const view = /** @type {XRView} */ (views[i]);
      const part = layer.getViewport(view);
      if (part) {
        row[at] = part.x;
        row[at + 1] = part.y;
        row[at + 2] = part.width;
        row[at + 3] = part.height;
      }
      writePose(row, at + 4, view.transform);
      row.set(view.projectionMatrix, at + 11);
      at += VIEW;
    }
    for (const [i, source] of sources.all.entries()) {
      at += this.#writeSource(row, at, source, frame, space, i >= sources.there);
    }
    return at;
  }

  /** Where the look ahead meets the visitor's own room, if that is looked for. @param {XRFrame} frame @param {XRReferenceSpace} space */
  #surface(frame, space) {
    if (!this.#finding) return undefined;
    try {
      return frame.getHitTestResults?.(this.#finding)[0]?.getPose(space);
    } catch {
      // There is nothing to be found in this frame.
      return undefined;
    }
  }

  /** The sources that there are, so many, and after them those that have selected and are gone. @param {XRSession} session */
  #sources(session) {
    const all = [];
    for (const source of session.inputSources) if (this.#touched || source.targetRayMode !== "screen") all.push(source);
    const there = all.length;
    for (const [source, doing] of this.#doings) {
      if (all.includes(source)) continue;
      if (doing.selected) all.push(source);
      else this.#doings.delete(source);
    }
    return { all: all.length > SOURCES_MOST ? all.slice(0, SOURCES_MOST) : all, there };
  }

  /**
   * Returns how many numbers that took.
   * @param {Float32Array} row @param {number} at @param {XRInputSource} source @param {XRFrame} frame @param {XRReferenceSpace} space
   * @param {boolean} gone
   */
  #writeSource(row, at, source, frame, space, gone) {
    const doing = this.#doings.get(source);
    const ray = gone ? doing?.ray : frame.getPose(source.targetRaySpace, space);
    const grip = !gone && source.gripSpace ? frame.getPose(source.gripSpace, space) : undefined;
    row[at] = { left: -1, none: 0, right: 1 }[source.handedness];
    row[at + 1] = { "gaze": GAZES, "screen": TOUCHES, "tracked-pointer": POINTS, "transient-pointer": POINTS }[source.targetRayMode];
    const joints = !gone && this.#writeJoints(row, at + SOURCE, source, frame, space);
    const axes = source.gamepad?.axes ?? [];
    row[at + 2] = (joints ? HAND : axes.length >= 2 ? STICK : 0) | (ray ? RAY : 0) | (grip ? GRIP : 0) | (doing?.selecting ? SELECTING : 0) | (doing?.selected ? SELECTED : 0) | (doing?.squeezing ? SQUEEZING : 0);
    // A controller without a stick tells a touchpad's place first.
    const [x = 0, z = 0] = axes.length >= 4 ? axes.slice(2) : axes;
    row.set([x, z], at + 3);
    if (ray) writePose(row, at + 5, ray.transform);
    if (grip) writePose(row, at + 12, grip.transform);
    if (doing) doing.selected = false;
    return joints ? SOURCE + JOINTS * JOINT : SOURCE;
  }

  /**
   * Writes where a hand's joints are, if all of them are known; whether they are.
   * @param {Float32Array} row @param {number} at @param {XRInputSource} source @param {XRFrame} frame @param {XRReferenceSpace} space
   */
  #writeJoints(row, at, { hand }, frame, space) {
    if (!hand || hand.size !== JOINTS || !frame.fillPoses || !frame.fillJointRadii) return false;
    const spaces = [...hand.values()];
    const { poses, radii } = this.#joints;
    if (!frame.fillPoses(spaces, space, poses)) return false;
    frame.fillJointRadii(spaces, radii);
    for (let i = 0; i < JOINTS; i += 1) {
      row.set(poses.subarray(i * 16 + 12, i * 16 + 15), at + i * JOINT);
      row[at + i * JOINT + 3] = radii[i] ?? 0;
    }
    return true;
  }
}

/** What looks for a table where the visitor looks; nothing, where the headset cannot. @param {XRSession} session */
async function tableOf(session) {
  try {
    const ahead = await session.requestReferenceSpace("viewer");
    return (await session.requestHitTestSource?.({ space: ahead })) ?? null;
  } catch {
    return null;
  }
}

/** The floor on which the visitor stands; where the headset knows none, the place where it was at first. @param {XRSession} session */
async function floorOf(session) {
  try {
    return { space: await session.requestReferenceSpace("local-floor"), floor: true };
  } catch {
    return { space: await session.requestReferenceSpace("local"), floor: false };
  }
}

/** Number by number, so that no list is made of them. @param {Float32Array} row @param {number} at @param {XRRigidTransform} pose */
function writePose(row, at, { position: p, orientation: q }) {
  row[at] = p.x;
  row[at + 1] = p.y;
  row[at + 2] = p.z;
  row[at + 3] = q.x;
  row[at + 4] = q.y;
  row[at + 5] = q.z;
  row[at + 6] = q.w;
}

/**
 * The question whether a framebuffer turns light into colour by itself: headsets differ, and none of them says. Half the
 * light comes back as 128 where it does not, and as 188 where it does.
 *
 * Who waits for the answer waits for all that the graphics device has to do before, and the first frame with them; so it
 * is asked in one frame and answered in one of those after it.
 */
class Encoding {
  /** @type {WebGLSync | null} */
  #asked;

  /** @param {WebGL2RenderingContext} gl @param {WebGLFramebuffer | null} framebuffer */
  constructor(gl, framebuffer) {
    this.gl = gl;
    this.pixel = gl.createBuffer();
    const cut = gl.isEnabled(gl.SCISSOR_TEST);
    gl.disable(gl.SCISSOR_TEST);
    gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffer);
    gl.clearColor(0.5, 0.5, 0.5, 1);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, this.pixel);
    gl.bufferData(gl.PIXEL_PACK_BUFFER, 4, gl.STREAM_READ);
    gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, 0);
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null);
    this.#asked = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
    gl.clearColor(0, 0, 0, 0);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    if (cut) gl.enable(gl.SCISSOR_TEST);
  }

  /** Whether it does, as soon as that is known. @returns {boolean | undefined} */
  answer() {
    const { gl } = this;
    if (this.#asked && gl.getSyncParameter(this.#asked, gl.SYNC_STATUS) !== gl.SIGNALED) return undefined;
    const pixel = new Uint8Array(4);
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, this.pixel);
    gl.getBufferSubData(gl.PIXEL_PACK_BUFFER, 0, pixel);
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null);
    // Where nothing can be read all of it is still 0, and nobody else is to hear of it. To ask takes as long as to read.
    if (pixel[3] === 0) gl.getError();
    this.drop();
    return (pixel[0] ?? 0) > 158;
  }

  drop() {
    this.gl.deleteSync(this.#asked);
    this.gl.deleteBuffer(this.pixel);
  }
}
