/**
 * The gist of what a frame tells a WebGL context: the fewest calls that draw the same.
 *
 * wgpu sets a context up as if it knew nothing: corners are put on and taken off attribute by attribute, one
 * framebuffer is fitted out anew for each pass, and much is set that is set otherwise before anything is drawn. What
 * is said again and again is worth thinking over once. So what is set is put off until it counts, and told if it is
 * not so already; what holds corners, and framebuffers, are made once for each way in which they are used.
 *
 * It begins from nothing: whatever the context was told in between, it draws the same. Where the context was told
 * nothing in between, it goes on from where it left it. It leaves the context as the frame would have left it, but for
 * what wgpu sets before it relies on it: which buffers are bound, which attributes there are, and what is attached to
 * its own framebuffer.
 */

import { CLEARED_WITH, SETTERS } from "./sparing.js";

const ARRAY_BUFFER = 0x8892;
const ELEMENT_ARRAY_BUFFER = 0x8893;
const FRAMEBUFFER = 0x8d40;
const READ_FRAMEBUFFER = 0x8ca8;
const DRAW_FRAMEBUFFER = 0x8ca9;
const DEPTH_ATTACHMENT = 0x8d00;
const STENCIL_ATTACHMENT = 0x8d20;
const DEPTH_STENCIL_ATTACHMENT = 0x821a;
const VERTEX_ARRAY_BINDING = 0x85b5;
const DRAW_FRAMEBUFFER_BINDING = 0x8ca6;
const READ_FRAMEBUFFER_BINDING = 0x8caa;
const TEXTURE0 = 0x84c0;
const TEXTURE_BASE_LEVEL = 0x813c;
const TEXTURE_MAX_LEVEL = 0x813d;
const FRONT_AND_BACK = 0x0408;
const ALWAYS = 0x0207;
const KEEP = 0x1e00;
const STENCIL_TEST = 0x0b90;
const COLOR = 0x1800;
const DEPTH = 0x1801;
const COLOR_BUFFER_BIT = 0x4000;
const DEPTH_BUFFER_BIT = 0x0100;
const STENCIL_BUFFER_BIT = 0x0400;
const ATTRIBUTES_MOST = 16;

/** Which state a call sets: of such calls only the last counts. @type {Record<string, string>} */
const STATES = Object.fromEntries(SETTERS.flatMap((names) => names.map((name) => [name, names[0]])));
/** Those that may set one face and leave the other. */
const OF_A_FACE = new Set(["stencilFuncSeparate", "stencilMaskSeparate", "stencilOpSeparate"]);
/** The states that clearing and copying depend on: whether all is drawn, a part of it, or nothing. */
const OF_CLEARING = new Set(["scissor", "switch 3089", "switch 3024", "switch 35977"]);
/** And of what is cleared, those that count there. @type {[number, string[]][]} */
const OF_WHAT_IS_CLEARED = [[COLOR_BUFFER_BIT, ["clearColor", "colorMask"]], [DEPTH_BUFFER_BIT, ["clearDepth", "depthMask"]], [STENCIL_BUFFER_BIT, ["clearStencil", "stencilMask"]]];
/** What a stencil depends on, and which of it are its test and what is done with what passes, where that comes to nothing. */
const STENCIL_SWITCH = `switch ${STENCIL_TEST}`;
const OF_A_STENCIL = new Set([STENCIL_SWITCH, "stencilFunc", "stencilMask", "stencilOp"]);
/** @type {[string, (told: Told) => boolean][]} */
const STILL_STENCIL = [
  ["stencilFunc", (told) => ofBothFaces(told)[0] === ALWAYS],
  ["stencilOp", (told) => ofBothFaces(told).every((it) => it === KEEP)],
];
const CLEARING = new Set(["blitFramebuffer", "clear", "clearBufferfi", "clearBufferfv", "clearBufferiv", "clearBufferuiv", "invalidateFramebuffer"]);
const DRAWING = new Set(["drawArrays", "drawArraysInstanced", "drawElements", "drawElementsInstanced"]);
const UNIFORMS = new Set(["uniform1f", "uniform1i", "uniform1ui", "uniform2f", "uniform3f", "uniform4f", "uniform4fv", "uniform4uiv"]);
const ATTACHING = new Set(["framebufferRenderbuffer", "framebufferTexture2D", "framebufferTextureLayer"]);
export const WRITES = "bufferSubData";

/** @typedef {(...given: any[]) => any} Call */
/** @typedef {{[name: string]: Call}} Raw a context's calls, past what spares it */
/** @typedef {(program: WebGLProgram) => Set<number> | undefined} Units on which units there may be textures of a program, if that is known */
/** @typedef {{name: string, given: any[], length: number}} Told what a context is told, and how many bytes it writes */
/** @typedef {{name: string, a: any, b: any, c: any, d: any, e: any, given: any[], length: number}} Step one that is told, with what is given laid out */
/** @typedef {{on: boolean, divisor: number, from: WebGLBuffer | null, pointer: Told | null}} Attribute */
/** @typedef {{attached: Map<number, Told>, draws: Told | null, reads: Told | null}} Fitting what a framebuffer is fitted out with */

export class Gist {
  /** From nothing, and from where it left the context itself. @type {Step[]} */
  #steps = [];
  /** @type {Step[]} */
  #onward = [];
  /** What unmakes what was made for it. @type {(() => void)[]} */
  #made = [];

  /** @param {WebGL2RenderingContext} gl @param {Raw} raw @param {Units} units */
  constructor(gl, raw, units) {
    this.gl = gl;
    this.raw = raw;
    this.units = units;
  }

  /** Thinks a frame over; whether there is a gist of it. @param {Told[]} frame */
  take(frame) {
    this.drop();
    const thought = new Thought(this.gl, this.raw, this.units, this.#made);
    const [first, next] = [thought.over(frame), thought.over(frame)];
    if (first && next) [this.#steps, this.#onward] = [laidOut(first), laidOut(next)];
    else this.drop();
    return first !== null && next !== null;
  }

  /** Tells it, with these bytes where some are written. @param {Uint8Array} bytes */
  tell(bytes) {
    this.#tell(this.#steps, bytes);
  }

  /**
   * Tells what of it is to be told where it was told before, and the context knows no more than that.
   * @param {Uint8Array} bytes
   */
  tellOn(bytes) {
    this.#tell(this.#onward, bytes);
  }

  /** @param {Step[]} steps @param {Uint8Array} bytes */
  #tell(steps, bytes) {
    const raw = /** @type {any} */ (this.raw);
    let at = 0;
    for (const { name, a, b, c, d, e, given, length } of steps) {
      // The browser is quick where each place is of one call.
      switch (name) {
        case "bindBufferRange": raw.bindBufferRange(a, b, c, d, e); break;
        case "bindTexture": raw.bindTexture(a, b); break;
        case "drawElementsInstanced": raw.drawElementsInstanced(a, b, c, d, e); break;
        case "useProgram": raw.useProgram(a); break;
        case "bindSampler": raw.bindSampler(a, b); break;
        case "enable": raw.enable(a); break;
        case "disable": raw.disable(a); break;
        case "bindVertexArray": raw.bindVertexArray(a); break;
        case "bindBuffer": raw.bindBuffer(a, b); break;
        case "activeTexture": raw.activeTexture(a); break;
        case "uniform1ui": raw.uniform1ui(a, b); break;
        case "drawArraysInstanced": raw.drawArraysInstanced(a, b, c, d); break;
        case WRITES:
          raw.bufferSubData(a, b, bytes, at, length);
          at += length;
          break;
        default: raw[name](...given);
      }
    }
  }

  /** Lets go of it. */
  drop() {
    for (const unmake of this.#made.splice(0)) unmake();
    [this.#steps, this.#onward] = [[], []];
  }
}

/** @param {Told[]} told @returns {Step[]} */
const laidOut = (told) => told.map(({ name, given, length }) => ({ name, a: given[0], b: given[1], c: given[2], d: given[3], e: given[4], given, length }));

/** One frame, thought over. */
class Thought {
  /** @type {Told[]} */
  #out = [];
  #due = new Due();
  /** What draws. @type {WebGLProgram | null | undefined} */
  #program;
  /** Which unit is meant, and which the context is at. @type {number | undefined} */
  #unit;
  /** @type {number | undefined} */
  #unitIs;
  /** What is bound to each unit and target. @type {Map<string, WebGLTexture | null>} */
  #textures = new Map();
  /** The levels of each texture, which are what they are: nothing but one each. @type {Map<object, Map<number, number>>} */
  #levels = new Map();
  /** @type {Map<object, Told>} */
  #uniforms = new Map();
  /** What is bound to each target, and what the context has there. @type {Map<number, WebGLFramebuffer | null>} */
  #framebuffers = new Map();
  /** @type {Map<number, WebGLFramebuffer | null>} */
  #framebuffersAre = new Map();
  /** @type {Map<WebGLFramebuffer, Fitting>} */
  #fittings = new Map();
  /** @type {Map<string, WebGLFramebuffer>} */
  #fitted = new Map();
  /** @type {Attribute[]} */
  #attributes = Array.from({ length: ATTRIBUTES_MOST }, () => ({ on: false, divisor: 0, from: null, pointer: null }));
  /** @type {WebGLBuffer | null | undefined} */
  #corners;
  /** @type {WebGLBuffer | null} */
  #elements = null;
  /** @type {Map<string, WebGLVertexArrayObject>} */
  #arrays = new Map();
  /** @type {WebGLVertexArrayObject | null | undefined} */
  #arrayIs;
  /** @type {Map<unknown, number>} */
  #ids = new Map();

  /** @param {WebGL2RenderingContext} gl @param {Raw} raw @param {Units} units @param {(() => void)[]} made takes what unmakes what is made */
  constructor(gl, raw, units, made) {
    this.gl = gl;
    this.raw = raw;
    this.units = units;
    this.made = made;
    /** wgpu's own. @type {WebGLVertexArrayObject | null} */
    this.array = gl.getParameter(VERTEX_ARRAY_BINDING);
    this.bound = [READ_FRAMEBUFFER, DRAW_FRAMEBUFFER].map((it) => [it, gl.getParameter(it === READ_FRAMEBUFFER ? READ_FRAMEBUFFER_BINDING : DRAW_FRAMEBUFFER_BINDING)]);
  }

  /**
   * What is to be told of a frame, and if it is thought over once more, what is to be told where it has been told
   * already; nothing, if something in it has more to it.
   * @param {Told[]} frame
   */
  over(frame) {
    this.#begin();
    for (const told of frame) if (!this.#thinks(told)) return null;
    this.#settle((state) => !state.startsWith("buffer"));
    this.#activate(this.#unit);
    for (const [target, framebuffer] of this.#framebuffers) this.#bind(target, framebuffer);
    if (this.#arrays.size > 0) this.#out.push({ name: "bindVertexArray", given: [this.array], length: 0 });
    // What was made last is still bound.
    this.raw.bindVertexArray?.(this.array);
    for (const [target, framebuffer] of this.bound) this.raw.bindFramebuffer?.(target, framebuffer);
    return this.#out;
  }

  /** What is said of corners, framebuffers and bindings in general begins anew with each frame; and of this others may have had their say. */
  #begin() {
    this.#out = [];
    this.#attributes = Array.from({ length: ATTRIBUTES_MOST }, () => ({ on: false, divisor: 0, from: null, pointer: null }));
    [this.#corners, this.#elements, this.#arrayIs] = [undefined, null, undefined];
    this.#fittings.clear();
    this.#framebuffers.clear();
    for (const [place, { name }] of this.#uniforms) if (name !== "uniform1ui") this.#uniforms.delete(place);
    for (const state of CLEARED_WITH) this.#due.forget(state);
  }

  /** Whether that is all there is to it. @param {Told} told */
  #thinks(told) {
    const { name, given } = told;
    const [first, second] = given;
    const state = STATES[name];
    if (state) this.#due.want(state, told, OF_A_FACE.has(name) && first !== FRONT_AND_BACK);
    else if (DRAWING.has(name)) this.#draw(told);
    else if (CLEARING.has(name)) this.#clear(told);
    else if (UNIFORMS.has(name)) this.#vary(told);
    else if (ATTACHING.has(name)) return this.#attach(told);
    else {
      switch (name) {
        case "enable":
        case "disable": this.#due.want(`switch ${first}`, told); break;
        case "useProgram":
          this.#program = first;
          this.#due.want("program", told);
          break;
        case "bindSampler": this.#due.want(`sampler ${first}`, told); break;
        case "bindBuffer": this.#bindBuffer(told); break;
        case "bindBufferBase":
        case "bindBufferRange":
          this.#due.want(`range ${first} ${second}`, told);
          // It binds the buffer in general, too, once it is told.
          this.#due.forget(`buffer ${first}`);
          break;
        case WRITES: return this.#write(told);
        case "activeTexture": this.#unit = first; break;
        case "bindTexture":
          if (this.#unit === undefined) return false;
          this.#textures.set(`${this.#unit} ${first}`, second);
          this.#due.want(`texture ${this.#unit} ${first}`, told);
          break;
        case "texParameteri": return this.#level(told);
        case "bindFramebuffer":
          for (const target of first === FRAMEBUFFER ? [READ_FRAMEBUFFER, DRAW_FRAMEBUFFER] : [first]) this.#framebuffers.set(target, second ?? null);
          break;
        case "drawBuffers":
        case "readBuffer": this.#choose(told); break;
        default: return this.#corner(told);
      }
    }
    return true;
  }

  /** @param {Told} told */
  #draw(told) {
    this.#settleFramebuffer(DRAW_FRAMEBUFFER);
    const units = this.#program ? this.units(this.#program) : undefined;
    const still = this.#due.wants(STENCIL_SWITCH) && STILL_STENCIL.every(([state, is]) => this.#due.isAll(state, is));
    // What comes to nothing need not be told: it is not done.
    if (still) this.#settleAs(STENCIL_SWITCH, { name: "disable", given: [STENCIL_TEST], length: 0 });
    const counts = (/** @type {string} */ state) => !state.startsWith("buffer") && !state.startsWith("clear") && !(still && OF_A_STENCIL.has(state));
    this.#settle((state) => counts(state) && (!units || isRead(state, units)));
    const array = this.#array();
    if (this.#arrayIs !== array) this.#out.push({ name: "bindVertexArray", given: [array], length: 0 });
    this.#arrayIs = array;
    this.#out.push(told);
  }

  /** @param {Told} told */
  #clear(told) {
    if (told.name === "blitFramebuffer") this.#settleFramebuffer(READ_FRAMEBUFFER);
    this.#settleFramebuffer(told.name === "invalidateFramebuffer" && told.given[0] === READ_FRAMEBUFFER ? READ_FRAMEBUFFER : DRAW_FRAMEBUFFER);
    if (told.name !== "invalidateFramebuffer") {
      const bits = clearedBy(told);
      const counts = OF_WHAT_IS_CLEARED.flatMap(([bit, states]) => (bits & bit ? states : []));
      this.#settle((state) => OF_CLEARING.has(state) || counts.includes(state));
    }
    this.#out.push(told);
  }

  /** A program's variable, of which there is none where it is not used. @param {Told} told */
  #vary(told) {
    const [place] = told.given;
    if (!place) return;
    this.#settle((state) => state === "program");
    const is = this.#uniforms.get(place);
    if (is && same(is, told)) return;
    this.#uniforms.set(place, told);
    this.#out.push(told);
  }

  /** @param {Told} told */
  #bindBuffer(told) {
    const [target, buffer] = told.given;
    if (target === ELEMENT_ARRAY_BUFFER) {
      this.#elements = buffer ?? null;
      return;
    }
    if (target === ARRAY_BUFFER) this.#corners = buffer ?? null;
    this.#due.want(`buffer ${target}`, told);
  }

  /** @param {Told} told */
  #write(told) {
    const state = `buffer ${told.given[0]}`;
    if (!this.#due.wants(state)) return false;
    this.#settle((it) => it === state);
    this.#out.push(told);
    return true;
  }

  /** A texture's levels are what they were told last, and stay so. @param {Told} told */
  #level({ given: [target, which, level] }) {
    const texture = this.#textures.get(`${this.#unit} ${target}`);
    if (!texture || (which !== TEXTURE_BASE_LEVEL && which !== TEXTURE_MAX_LEVEL)) return false;
    const levels = this.#levels.get(texture) ?? new Map();
    this.#levels.set(texture, levels);
    if (levels.has(which) && levels.get(which) !== level) return false;
    levels.set(which, level);
    return true;
  }

  /** @param {Told} told */
  #attach(told) {
    const [target, place, kind, thing] = told.given;
    const framebuffer = this.#framebuffers.get(target === FRAMEBUFFER ? DRAW_FRAMEBUFFER : target);
    if (!framebuffer) return false;
    let fitting = this.#fittings.get(framebuffer);
    if (!fitting) this.#fittings.set(framebuffer, (fitting = { attached: new Map(), draws: null, reads: null }));
    const { attached } = fitting;
    // Depth and stencil are also attached as one.
    if (place === DEPTH_STENCIL_ATTACHMENT) for (const one of [DEPTH_ATTACHMENT, STENCIL_ATTACHMENT]) attached.delete(one);
    else if (place === DEPTH_ATTACHMENT || place === STENCIL_ATTACHMENT) if (attached.has(DEPTH_STENCIL_ATTACHMENT)) return false;
    if (told.name === "framebufferTextureLayer" ? kind : thing) attached.set(place, told);
    else attached.delete(place);
    return true;
  }

  /** Which colors of a framebuffer are drawn on, or read. @param {Told} told */
  #choose(told) {
    const draws = told.name === "drawBuffers";
    const target = draws ? DRAW_FRAMEBUFFER : READ_FRAMEBUFFER;
    const fitting = this.#fittings.get(/** @type {WebGLFramebuffer} */ (this.#framebuffers.get(target)));
    if (fitting) return void (fitting[draws ? "draws" : "reads"] = told);
    this.#settleFramebuffer(target);
    return void this.#out.push(told);
  }

  /** Attributes of corners; whether it is about them. @param {Told} told */
  #corner(told) {
    const { name, given: [index, divisor] } = told;
    const one = this.#attributes[index];
    if (!one) return false;
    switch (name) {
      case "enableVertexAttribArray": one.on = true; break;
      case "disableVertexAttribArray": one.on = false; break;
      case "vertexAttribDivisor": one.divisor = divisor; break;
      case "vertexAttribPointer":
      case "vertexAttribIPointer":
        if (!this.#corners) return false;
        Object.assign(one, { from: this.#corners, pointer: told });
        break;
      default: return false;
    }
    return true;
  }

  /** Tells what is due of these states. @param {(state: string) => boolean} counts */
  #settle(counts) {
    for (const [state, told] of this.#due.take(counts)) {
      if (state.startsWith("texture")) this.#activate(Number(state.split(" ")[1]));
      this.#out.push(told);
    }
  }

  /** Tells that of a state, which is to be something else but for now. @param {string} state @param {Told} told */
  #settleAs(state, told) {
    if (this.#due.learn(state, told)) this.#out.push(told);
  }

  /** @param {number | undefined} unit */
  #activate(unit) {
    if (unit === undefined || this.#unitIs === unit) return;
    this.#unitIs = unit;
    this.#out.push({ name: "activeTexture", given: [unit], length: 0 });
  }

  /** @param {number} target */
  #settleFramebuffer(target) {
    const framebuffer = this.#framebuffers.get(target);
    if (framebuffer === undefined) return;
    const fitting = framebuffer && this.#fittings.get(framebuffer);
    this.#bind(target, fitting ? this.#fit(fitting) : framebuffer);
  }

  /** @param {number} target @param {WebGLFramebuffer | null} framebuffer */
  #bind(target, framebuffer) {
    if (this.#framebuffersAre.get(target) === framebuffer) return;
    this.#framebuffersAre.set(target, framebuffer);
    this.#out.push({ name: "bindFramebuffer", given: [target, framebuffer], length: 0 });
  }

  /** A framebuffer that is fitted out like this for good. @param {Fitting} fitting */
  #fit({ attached, draws, reads }) {
    const all = [...attached.values(), ...[draws, reads].filter((it) => it !== null)];
    const key = all.map((it) => this.#key(it)).sort().join("; ");
    const had = this.#fitted.get(key);
    if (had) return had;
    const framebuffer = this.gl.createFramebuffer();
    this.made.push(() => this.gl.deleteFramebuffer(framebuffer));
    this.raw.bindFramebuffer?.(FRAMEBUFFER, framebuffer);
    for (const { name, given: [, ...rest] } of attached.values()) this.raw[name]?.(FRAMEBUFFER, ...rest);
    for (const told of [draws, reads]) if (told) this.raw[told.name]?.(...told.given);
    this.#fitted.set(key, framebuffer);
    return framebuffer;
  }

  /** What has the corners as they are. */
  #array() {
    const on = this.#attributes.map((it, index) => ({ ...it, index })).filter((it) => it.on);
    const key = [this.#id(this.#elements), ...on.map((it) => `${this.#id(it.from)} ${it.divisor} ${it.pointer && this.#key(it.pointer)} ${it.index}`)].join("; ");
    const had = this.#arrays.get(key);
    if (had) return had;
    const { raw, gl } = this;
    const array = gl.createVertexArray();
    this.made.push(() => raw.deleteVertexArray?.(array));
    raw.bindVertexArray?.(array);
    for (const { index, from, divisor, pointer } of on) {
      raw.bindBuffer?.(ARRAY_BUFFER, from);
      if (pointer) raw[pointer.name]?.(...pointer.given);
      raw.enableVertexAttribArray?.(index);
      raw.vertexAttribDivisor?.(index, divisor);
    }
    raw.bindBuffer?.(ELEMENT_ARRAY_BUFFER, this.#elements);
    this.#arrays.set(key, array);
    return array;
  }

  /** @param {Told} told */
  #key({ name, given }) {
    return [name, ...given.map((it) => (typeof it === "object" && it !== null ? this.#id(it) : String(it)))].join(" ");
  }

  /** @param {unknown} thing */
  #id(thing) {
    const id = this.#ids.get(thing) ?? this.#ids.size;
    this.#ids.set(thing, id);
    return id;
  }
}

/** What is put off until it counts. */
class Due {
  /** What each state is to be; some are told in parts. @type {Map<string, Told[]>} */
  #wanted = new Map();
  /** What it is. @type {Map<string, Told[]>} */
  #is = new Map();

  /** @param {string} state @param {Told} told @param {boolean} [more] whether what was told of it before still counts */
  want(state, told, more = false) {
    this.#wanted.set(state, more ? [...(this.#wanted.get(state) ?? []), told] : [told]);
  }

  /** @param {string} state */
  wants(state) {
    return this.#wanted.has(state);
  }

  /** Whether it is known what a state is to be, and all of that is so. @param {string} state @param {(told: Told) => boolean} so */
  isAll(state, so) {
    return this.#wanted.get(state)?.every(so) ?? false;
  }

  /** What a state is to be, and is, is not known any more. @param {string} state */
  forget(state) {
    this.#wanted.delete(state);
    this.#is.delete(state);
  }

  /** From now on a state is as it is told there; whether it was not already. @param {string} state @param {Told} told */
  learn(state, told) {
    const is = this.#is.get(state);
    if (is?.length === 1 && same(/** @type {Told} */ (is[0]), told)) return false;
    this.#is.set(state, [told]);
    return true;
  }

  /** What is to be told now, of these states. @param {(state: string) => boolean} counts @returns {[string, Told][]} */
  take(counts) {
    /** @type {[string, Told][]} */
    const due = [];
    for (const [state, wanted] of this.#wanted) {
      if (!counts(state)) continue;
      const is = this.#is.get(state);
      if (is?.length === wanted.length && is.every((one, i) => same(one, /** @type {Told} */ (wanted[i])))) continue;
      this.#is.set(state, wanted);
      due.push(...wanted.map((told) => /** @type {[string, Told]} */ ([state, told])));
    }
    return due;
  }
}

/** What is cleared, or where to it is copied: color, depth and stencil. @param {Told} told */
function clearedBy({ name, given: [what] }) {
  if (name === "clear") return what;
  if (name === "blitFramebuffer" || what === COLOR) return COLOR_BUFFER_BIT;
  return what === DEPTH ? DEPTH_BUFFER_BIT : DEPTH_BUFFER_BIT | STENCIL_BUFFER_BIT;
}

/** What a stencil is told for both faces; nothing, if it is told for one. @param {Told} told @returns {any[]} */
function ofBothFaces({ name, given: [face, ...rest], given }) {
  if (!OF_A_FACE.has(name)) return given;
  return face === FRONT_AND_BACK ? rest : [null];
}

/** Whether a program with textures on these units may depend on it. @param {string} state @param {Set<number>} units */
function isRead(state, units) {
  const [kind, at] = state.split(" ");
  if (kind === "sampler") return units.has(Number(at));
  return kind !== "texture" || units.has(Number(at) - TEXTURE0);
}

/** Whether both tell the same. @param {Told} one @param {Told} other */
const same = (one, other) => one.name === other.name && one.given.length === other.given.length && one.given.every((it, i) => it === other.given[i]);
