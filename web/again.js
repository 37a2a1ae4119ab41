/**
 * What listens to a WebGL context for a frame, and says it again.
 *
 * wgpu encodes and checks what is drawn anew for each frame. In a headset, whose frames mostly draw the same from
 * elsewhere, that holds the main thread up longer than all the rest: so a frame that differs from the one before in the
 * bytes of its buffers alone is told by this instead (`src/app/src/drawing/again.rs`).
 *
 * It listens above what spares the context (`sparing.js`): what is said again says everything, and so is right
 * whatever the context was told in between. Of a context that spares itself what it knows, the gist of it is enough
 * (`gist.js`).
 */

import { Gist, WRITES } from "./gist.js";
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

/** @typedef {(...given: any[]) => any} Call */
/** @typedef {{name: string, call: Call, given: any[], length: number}} Said what was said, and how many bytes it writes */

/** What a context can be told, by name. @type {string[]} */
const NAMES = [];
for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(WebGL2RenderingContext.prototype))) {
  if (typeof value === "function" && name !== "constructor") NAMES.push(name);
}

export class Again {
  /** What was said in the frame that was listened to. @type {Said[]} */
  #said = [];
  /** The gist of it, once that is asked for, if there is one. @type {Gist | null | undefined} */
  #gist;
  /** Whether the context is as the gist left it, but for what it was told since. */
  #stands = false;
  /** What spares the context, if anything does. @type {import("./sparing.js").Spared | undefined} */
  #spared;
  /** How often the context had been told of a texture's levels when it had been said. */
  #levels = NaN;
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
    this.forget();
    this.#once = false;
    this.#spared = sparedOf(this.gl);
    const own = /** @type {Record<string, Call>} */ (/** @type {unknown} */ (this.gl));
    for (const name of NAMES) {
      if (PASSED_OVER.has(name)) continue;
      const had = Object.hasOwn(own, name);
      const call = /** @type {Call} */ (own[name]);
      const tell = had ? call : call.bind(this.gl);
      own[name] = (...given) => {
        if (name === WRITES) this.#said.push({ name, call: tell, given: given.slice(0, 2), length: bytesOf(given) });
        else if (SAID.has(name)) this.#said.push({ name, call: tell, given: given.map(kept), length: 0 });
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
    this.#levels = this.#spared?.levels ?? NaN;
    if (!this.#once && asMeant && this.#said.length > 0) return true;
    this.#said = [];
    return false;
  }

  /** Says it again, with these bytes where some are written. @param {Uint8Array} bytes */
  say(bytes) {
    const spared = this.#spared;
    // What the gist takes for granted is how many levels a texture has.
    if (spared && spared.levels === this.#levels) {
      // Where nobody had their say in between, what it left the context with need not be told again.
      if (this.#stands && spared.knowsNothing()) return /** @type {Gist} */ (this.#gist).tellOn(bytes);
      if (this.#gist === undefined) this.#gist = this.#think(spared);
      if (this.#gist) {
        this.#gist.tell(bytes);
        spared.forget();
        return void (this.#stands = true);
      }
    }
    let at = 0;
    for (const { call, given, length } of this.#said) {
      if (length > 0) call(given[0], given[1], bytes, at, length);
      else call(...given);
      at += length;
    }
    return void (this.#levels = spared?.levels ?? NaN);
  }

  /** Forgets what it heard. */
  forget() {
    this.#unhear();
    this.#gist?.drop();
    this.#gist = undefined;
    this.#stands = false;
    this.#said = [];
  }

  /** @param {import("./sparing.js").Spared} spared */
  #think(spared) {
    const own = /** @type {Record<string, Call>} */ (/** @type {unknown} */ (this.gl));
    const raw = { ...spared.raw };
    for (const name of [...SAID, WRITES]) raw[name] ??= /** @type {Call} */ (own[name]).bind(this.gl);
    const gist = new Gist(this.gl, raw, spared.units);
    return gist.take(this.#said) ? gist : null;
  }

  #unhear() {
    for (const unhear of this.#ears.splice(0)) unhear();
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
