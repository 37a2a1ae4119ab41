/**
 * What listens to a WebGL context for a frame, and says it again.
 *
 * wgpu encodes and checks what is drawn anew for each frame. In a headset, whose frames mostly draw the same from
 * elsewhere, that holds the main thread up longer than all the rest: so a frame that differs from the one before in the
 * bytes of its buffers alone is told by this instead (`src/app/src/drawing/again.rs`).
 *
 * It listens above what spares the context (`sparing.js`): what is said again says everything, and so is right
 * whatever the context was told in between. Where it was told nothing in between, what is spared of all that is the
 * same each time, and is left out at once.
 */

import { sparedOf } from "./sparing.js";

/** What sets the context up and draws: saying it again has the same outcome. */
const SAID = new Set([
  "activeTexture", "bindBuffer", "bindBufferBase", "bindBufferRange", "bindFramebuffer", "bindRenderbuffer", "bindSampler", "bindTexture", "bindVertexArray",
  "blendColor", "blendEquation", "blendEquationSeparate", "blendFunc", "blendFuncSeparate", "blitFramebuffer",
  "clear", "clearBufferfi", "clearBufferfv", "clearBufferiv", "clearBufferuiv", "clearColor", "clearDepth", "clearStencil",
  "colorMask", "cullFace", "depthFunc", "depthMask", "depthRange", "disable", "disableVertexAttribArray",
  "drawArrays", "drawArraysInstanced", "drawBuffers", "drawElements", "drawElementsInstanced", "enable", "enableVertexAttribArray",
  "framebufferRenderbuffer", "framebufferTexture2D", "framebufferTextureLayer", "frontFace", "invalidateFramebuffer",
  "polygonOffset", "readBuffer", "scissor", "stencilFunc", "stencilFuncSeparate", "stencilMask", "stencilMaskSeparate", "stencilOp", "stencilOpSeparate",
  "texParameteri", "uniform1f", "uniform1i", "uniform1ui", "uniform2f", "uniform3f", "uniform4f", "uniform4fv", "uniform4uiv", "useProgram",
  "vertexAttribDivisor", "vertexAttribIPointer", "vertexAttribPointer", "viewport",
]);
/** What is for wgpu's own use: which frames are done, and that they are to be sent. */
const PASSED_OVER = new Set(["clientWaitSync", "deleteSync", "fenceSync", "flush", "getError", "getParameter", "getSyncParameter", "isContextLost"]);
const WRITES = "bufferSubData";

/** @typedef {(...given: any[]) => any} Call */
/**
 * @typedef {{call: Call, given: any[], length: number, spares: boolean}} Said
 *   how many bytes it writes, and whether the context may spare itself the call
 */

/** What a context can be told, by name. @type {string[]} */
const NAMES = [];
for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(WebGL2RenderingContext.prototype))) {
  if (typeof value === "function" && name !== "constructor") NAMES.push(name);
}

export class Again {
  /** What was said in the frame that was listened to. @type {Said[]} */
  #said = [];
  /** What of it comes to the browser when it has just been said. @type {Said[] | null} */
  #short = null;
  /** How much had come to the browser when it had been said. */
  #calls = NaN;
  /** Whether something was said that cannot be said again. */
  #once = false;
  /** What has put its ear to the context, and takes it away. @type {(() => void)[]} */
  #ears = [];

  /** @param {WebGL2RenderingContext} gl */
  constructor(gl) {
    this.gl = gl;
  }

  /** From now on what the context is told is remembered. */
  listen() {
    this.#unhear();
    this.#said = [];
    this.#short = null;
    this.#calls = NaN;
    this.#once = false;
    const spares = sparedOf(this.gl)?.names;
    const own = /** @type {Record<string, Call>} */ (/** @type {unknown} */ (this.gl));
    for (const name of NAMES) {
      if (PASSED_OVER.has(name)) continue;
      const had = Object.hasOwn(own, name);
      const call = /** @type {Call} */ (own[name]);
      const tell = had ? call : call.bind(this.gl);
      own[name] = (...given) => {
        if (name === WRITES) this.#said.push({ call: tell, given: given.slice(0, 2), length: bytesOf(given), spares: false });
        else if (SAID.has(name)) this.#said.push({ call: tell, given: given.map(kept), length: 0, spares: spares?.has(name) ?? false });
        else this.#once = true;
        return tell(...given);
      };
      this.#ears.push(() => void (had ? (own[name] = call) : Reflect.deleteProperty(own, name)));
    }
  }

  /**
   * The frame is over. Whether it can be said again: it wrote as often and as many bytes as it was to.
   * @param {Uint32Array} lengths
   */
  heard(lengths) {
    this.#unhear();
    const written = this.#said.filter(({ length }) => length > 0);
    const asMeant = written.length === lengths.length && written.every(({ length }, i) => length === lengths[i]);
    if (!this.#once && asMeant && this.#said.length > 0) return true;
    this.#said = [];
    return false;
  }

  /** Says it again, with these bytes where some are written. @param {Uint8Array} bytes */
  say(bytes) {
    const spared = sparedOf(this.gl);
    const justSaid = spared !== undefined && spared.calls === this.#calls;
    if (justSaid && this.#short) return say(this.#short, bytes);
    /** @type {Said[]} */
    const short = [];
    if (spared) spared.heard = (call, given) => short.push({ call, given, length: 0, spares: false });
    say(this.#said, bytes, (one) => one.spares || short.push(one));
    if (!spared) return undefined;
    spared.heard = null;
    if (justSaid) this.#short = short;
    this.#calls = spared.calls;
    return undefined;
  }

  #unhear() {
    for (const unhear of this.#ears.splice(0)) unhear();
  }
}

/** @param {Said[]} all @param {Uint8Array} bytes @param {(one: Said) => void} [before] hears of each before it is said */
function say(all, bytes, before) {
  let at = 0;
  for (const one of all) {
    before?.(one);
    const { call, given, length } = one;
    if (length > 0) call(given[0], given[1], bytes, at, length);
    else call(...given);
    at += length;
  }
}

/** How many bytes a write writes. @param {any[]} given @returns {number} */
function bytesOf([, , data, from = 0, length = 0]) {
  if (!ArrayBuffer.isView(data)) return data.byteLength;
  const each = /** @type {any} */ (data).BYTES_PER_ELEMENT ?? 1;
  return length > 0 ? length * each : data.byteLength - from * each;
}

/** What lies in the module's memory is something else soon. @param {unknown} one */
const kept = (one) => (ArrayBuffer.isView(one) ? /** @type {any} */ (one).slice() : one);
