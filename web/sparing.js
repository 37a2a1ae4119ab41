/**
 * A WebGL context that is told nothing twice.
 *
 * wgpu sets everything up for each pass and each pipeline, whatever has been set up already: of its 770
 * calls for one frame in a headset five hundred change nothing, and each of them holds up the main thread.
 * So the context remembers what it was told last, and what it knows already goes no further. It does what it
 * would have done without; only a call that failed is taken for one that did not.
 */

const ARRAY_BUFFER = 0x8892;
const ELEMENT_ARRAY_BUFFER = 0x8893;
const TRANSFORM_FEEDBACK_BUFFER = 0x8c8e;
const FRAMEBUFFER = 0x8d40;
const READ_FRAMEBUFFER = 0x8ca8;
const DRAW_FRAMEBUFFER = 0x8ca9;
const TEXTURE_BASE_LEVEL = 0x813c;
const TEXTURE_MAX_LEVEL = 0x813d;
const COLOR_ATTACHMENT0 = 0x8ce0;
const COLOR_ATTACHMENTS_MOST = 16;
const ATTRIBUTES_MOST = 16;

/** What a variable of a program is that stands for a texture. */
const SAMPLERS = new Set([
  0x8b5e, 0x8b5f, 0x8b60, 0x8b62, 0x8dc1, 0x8dc4, 0x8dc5, 0x8dca, 0x8dcb, 0x8dcc, 0x8dcf, 0x8dd2, 0x8dd3, 0x8dd4, 0x8dd7,
]);

/** What sets the same, and nothing but what it is told. @type {[string, ...string[]][]} */
export const SETTERS = [
  ["depthFunc"], ["depthMask"], ["depthRange"], ["colorMask"], ["cullFace"], ["frontFace"], ["viewport"], ["scissor"],
  ["clearColor"], ["clearDepth"], ["clearStencil"], ["blendColor"], ["polygonOffset"],
  ["blendEquation", "blendEquationSeparate"], ["blendFunc", "blendFuncSeparate"],
  ["stencilFunc", "stencilFuncSeparate"], ["stencilMask", "stencilMaskSeparate"], ["stencilOp", "stencilOpSeparate"],
];
/** What is cleared with: whoever shows a headset's frames clears as well, so that nothing is known of it. */
export const CLEARED_WITH = ["clearColor", "clearDepth", "clearStencil"];
/** What reads the corners' attributes. */
const DRAWING = ["drawArrays", "drawArraysInstanced", "drawElements", "drawElementsInstanced", "drawRangeElements", "getVertexAttrib", "getVertexAttribOffset"];

/** @typedef {(...given: any[]) => any} Call */

/**
 * @typedef {object} Spared a context that spares itself what it knows
 * @property {Record<string, Call>} raw its calls, past that
 * @property {number} levels how often it was told of a texture's levels
 * @property {(program: WebGLProgram) => Set<number> | undefined} units on which units there may be textures of a program, if that is known
 * @property {() => void} forget has to be called where its state was changed past that, but for how corners are read, and what textures and framebuffers are
 * @property {() => boolean} knowsNothing whether it was told nothing since, but for what is cleared with, how corners are read, and what textures and framebuffers are
 */

/** Those that do so already. @type {WeakMap<WebGL2RenderingContext, Spared>} */
const sparing = new WeakMap();

/** What there is to a context that spares itself what it knows. @param {WebGL2RenderingContext} gl */
export const sparedOf = (gl) => sparing.get(gl);

/** Has a context spare itself what it knows. Nobody else's calls may go past it. @param {WebGL2RenderingContext} gl */
export function spare(gl) {
  if (sparing.has(gl)) return;
  const own = /** @type {Record<string, Call>} */ (/** @type {unknown} */ (gl));
  /** @type {Record<string, Call>} */
  const raw = {};
  /** @param {string} name @returns {Call} */
  const told = (name) => (raw[name] = /** @type {Call} */ (/** @type {Call} */ (own[name]).bind(gl)));
  /** What is to be forgotten. @type {(() => void)[]} */
  const memories = [];
  /** Whether any of that is known. */
  let knows = false;
  const forget = () => {
    if (knows) memories.forEach((one) => one());
    knows = false;
  };
  /** @type {Spared} */
  const spared = {
    raw,
    levels: 0,
    units: (made) => units(made),
    forget,
    knowsNothing: () => !knows,
  };
  sparing.set(gl, spared);
  /** @template K, V @returns {Map<K, V>} */
  const memory = () => {
    const map = new Map();
    memories.push(() => map.clear());
    return map;
  };

  for (const names of SETTERS) {
    if (CLEARED_WITH.includes(names[0])) continue;
    let last = "";
    /** @type {unknown[]} */
    let known = [];
    memories.push(() => (last = ""));
    for (const name of names) {
      const tell = told(name);
      own[name] = (a, b, c, d) => {
        if (last === name && known[0] === a && known[1] === b && known[2] === c && known[3] === d) return;
        last = name;
        known = [a, b, c, d];
        knows = true;
        tell(a, b, c, d);
      };
    }
  }

  /** @type {Map<number, boolean>} */
  const switches = memory();
  for (const [name, on] of /** @type {const} */ ([["enable", true], ["disable", false]])) {
    const tell = told(name);
    own[name] = (what) => {
      if (switches.get(what) === on) return;
      switches.set(what, on);
      knows = true;
      tell(what);
    };
  }

  /** @type {Map<number, unknown>} */
  const buffers = memory();
  /** That of what holds corners. @type {unknown} */
  let elements;
  const bindBuffer = told("bindBuffer");
  own.bindBuffer = (target, buffer) => {
    if (target === ELEMENT_ARRAY_BUFFER) {
      if (elements === buffer) return;
      elements = buffer;
      return bindBuffer(target, buffer);
    }
    if (target !== TRANSFORM_FEEDBACK_BUFFER && buffers.get(target) === buffer) return;
    buffers.set(target, buffer);
    knows = true;
    bindBuffer(target, buffer);
  };
  for (const name of ["bindBufferBase", "bindBufferRange"]) {
    const tell = told(name);
    own[name] = (target, index, buffer, ...more) => {
      buffers.set(target, buffer);
      knows = true;
      tell(target, index, buffer, ...more);
    };
  }

  /** @type {unknown} */
  let program;
  memories.push(() => (program = undefined));
  const useProgram = told("useProgram");
  own.useProgram = (next) => {
    if (program === next) return;
    program = next;
    knows = true;
    useProgram(next);
  };

  /** What the programs' variables are; of those that are told with every drawing, one kind. @type {WeakMap<WebGLUniformLocation, number>} */
  let uniforms = new WeakMap();
  const forgetUniforms = () => (uniforms = new WeakMap());
  memories.push(forgetUniforms);
  const uniform1ui = told("uniform1ui");
  own.uniform1ui = (location, value) => {
    // What a program does not use has no place in it, and to tell it does nothing.
    if (!location || uniforms.get(location) === value) return;
    uniforms.set(location, value);
    knows = true;
    uniform1ui(location, value);
  };
  const linkProgram = told("linkProgram");
  own.linkProgram = (made) => {
    forgetUniforms();
    knows = true;
    linkProgram(made);
  };
  const units = knowUnits(gl, own, told);

  /** @type {number | undefined} */
  let unit;
  memories.push(() => (unit = undefined));
  const activeTexture = told("activeTexture");
  own.activeTexture = (next) => {
    if (unit === next) return;
    unit = next;
    knows = true;
    activeTexture(next);
  };

  /** What is bound to which target of which unit. @type {Map<number, WebGLTexture | null>} */
  const textures = memory();
  const place = (/** @type {number} */ target) => (unit ?? 0) * 0x10000 + target;
  const bindTexture = told("bindTexture");
  own.bindTexture = (target, texture) => {
    if (unit !== undefined) {
      if (textures.get(place(target)) === texture) return;
      textures.set(place(target), texture);
    }
    knows = true;
    bindTexture(target, texture);
  };
  /** The levels of each texture. @type {WeakMap<WebGLTexture, {[level: number]: number}>} */
  let levels = new WeakMap();
  /** What of things themselves is to be forgotten. @type {(() => void)[]} */
  const ofThings = [() => void (levels = new WeakMap())];
  const texParameteri = told("texParameteri");
  own.texParameteri = (target, name, value) => {
    const texture = unit !== undefined && (name === TEXTURE_BASE_LEVEL || name === TEXTURE_MAX_LEVEL) && textures.get(place(target));
    if (texture) {
      let known = levels.get(texture);
      if (!known) levels.set(texture, (known = {}));
      if (known[name] === value) return;
      known[name] = value;
    }
    spared.levels += 1;
    texParameteri(target, name, value);
  };
  /** @type {Map<number, unknown>} */
  const samplers = memory();
  const bindSampler = told("bindSampler");
  own.bindSampler = (at, sampler) => {
    if (samplers.get(at) === sampler) return;
    samplers.set(at, sampler);
    knows = true;
    bindSampler(at, sampler);
  };

  /** @type {Map<number, object | null>} */
  const framebuffers = memory();
  const bindFramebuffer = told("bindFramebuffer");
  own.bindFramebuffer = (target, framebuffer) => {
    const targets = target === FRAMEBUFFER ? [READ_FRAMEBUFFER, DRAW_FRAMEBUFFER] : [target];
    if (targets.every((it) => framebuffers.get(it) === framebuffer)) return;
    targets.forEach((it) => framebuffers.set(it, framebuffer));
    knows = true;
    bindFramebuffer(target, framebuffer);
  };
  /** Which of a framebuffer's colors are nothing. @type {WeakMap<object, Set<number>>} */
  let bare = new WeakMap();
  ofThings.push(() => void (bare = new WeakMap()));
  for (const name of ["framebufferTexture2D", "framebufferTextureLayer", "framebufferRenderbuffer"]) {
    const tell = told(name);
    own[name] = (target, attachment, ...more) => {
      const framebuffer = framebuffers.get(target === FRAMEBUFFER ? DRAW_FRAMEBUFFER : target);
      const color = attachment >= COLOR_ATTACHMENT0 && attachment < COLOR_ATTACHMENT0 + COLOR_ATTACHMENTS_MOST;
      if (framebuffer && color) {
        let known = bare.get(framebuffer);
        if (!known) bare.set(framebuffer, (known = new Set()));
        const nothing = name === "framebufferTexture2D" && (more[1] ?? null) === null;
        if (nothing && known.has(attachment)) return;
        if (nothing) known.add(attachment);
        else known.delete(attachment);
      }
      tell(target, attachment, ...more);
    };
  }

  const attributes = spareAttributes(own, told, () => buffers.get(ARRAY_BUFFER));
  ofThings.push(attributes.forget, () => void (elements = undefined), () => void (spared.levels += 1));
  // What else is deleted is never bound again; one of these gives its place to another.
  for (const name of ["bindVertexArray", "deleteVertexArray"]) {
    const tell = told(name);
    own[name] = (array) => {
      attributes.settle();
      attributes.forget();
      elements = undefined;
      tell(array);
    };
  }
  for (const name of DRAWING) {
    const tell = told(name);
    own[name] = (...given) => {
      attributes.settle();
      return tell(...given);
    };
  }
  for (const event of ["webglcontextlost", "webglcontextrestored"]) gl.canvas.addEventListener(event, () => [forget, ...ofThings].forEach((one) => one()));
}

/**
 * What finds out on which units a program has its textures, without asking the graphics device, which would take its
 * time to answer.
 * @param {WebGL2RenderingContext} gl @param {Record<string, Call>} own @param {(name: string) => Call} told
 * @returns {Spared["units"]}
 */
function knowUnits(gl, own, told) {
  /** What places in programs are of. @type {WeakMap<WebGLUniformLocation, {made: WebGLProgram, name: string}>} */
  const places = new WeakMap();
  /** What the variables of each program were told. @type {WeakMap<WebGLProgram, Map<string, number>>} */
  const values = new WeakMap();
  const link = /** @type {Call} */ (own.linkProgram);
  own.linkProgram = (made) => {
    values.set(made, new Map());
    link(made);
  };
  const getUniformLocation = told("getUniformLocation");
  own.getUniformLocation = (made, name) => {
    const place = getUniformLocation(made, name);
    if (place) places.set(place, { made, name });
    return place;
  };
  const uniform1i = told("uniform1i");
  own.uniform1i = (place, value) => {
    const of = places.get(place);
    if (of) values.get(of.made)?.set(of.name, value);
    uniform1i(place, value);
  };
  const uniform1iv = told("uniform1iv");
  own.uniform1iv = (place, ...more) => {
    const of = places.get(place);
    if (of) values.delete(of.made);
    uniform1iv(place, ...more);
  };
  return (made) => {
    const known = values.get(made);
    if (!known) return undefined;
    const units = new Set();
    for (let i = 0; i < gl.getProgramParameter(made, gl.ACTIVE_UNIFORMS); i += 1) {
      const { name, type, size } = /** @type {WebGLActiveInfo} */ (gl.getActiveUniform(made, i));
      if (!SAMPLERS.has(type)) continue;
      if (size > 1) return undefined;
      units.add(known.get(name) ?? 0);
    }
    return units;
  };
}

/**
 * A pipeline's attributes are taken off before those of the next are put on, most of which are the same: so
 * which there are is told with the next drawing.
 * @param {Record<string, Call>} own @param {(name: string) => Call} told @param {() => unknown} buffer where the next attribute is read from
 */
function spareAttributes(own, told, buffer) {
  /** @typedef {{wanted?: boolean | undefined, is?: boolean | undefined, divisor?: number | undefined, pointer?: unknown[] | undefined}} Attribute */
  /** @type {Attribute[]} */
  const all = Array.from({ length: ATTRIBUTES_MOST }, () => ({}));
  let unsettled = false;
  const [enable, disable] = [told("enableVertexAttribArray"), told("disableVertexAttribArray")];
  /** @param {string} name @param {boolean} wanted @param {Call} tell */
  const later = (name, wanted, tell) => {
    own[name] = (index) => {
      const one = all[index];
      if (!one) return tell(index);
      one.wanted = wanted;
      return void (unsettled = true);
    };
  };
  later("enableVertexAttribArray", true, enable);
  later("disableVertexAttribArray", false, disable);

  const divide = told("vertexAttribDivisor");
  own.vertexAttribDivisor = (index, divisor) => {
    const one = all[index];
    if (one?.divisor === divisor) return;
    if (one) one.divisor = divisor;
    divide(index, divisor);
  };
  for (const name of ["vertexAttribPointer", "vertexAttribIPointer"]) {
    const tell = told(name);
    own[name] = (index, a, b, c, d, e) => {
      const one = all[index];
      const from = buffer();
      const known = one?.pointer;
      if (known && known[0] === name && known[1] === from && known[2] === a && known[3] === b && known[4] === c && known[5] === d && known[6] === e) return;
      if (one) one.pointer = from === undefined ? undefined : [name, from, a, b, c, d, e];
      tell(index, a, b, c, d, e);
    };
  }
  return {
    settle() {
      if (!unsettled) return;
      unsettled = false;
      all.forEach((one, index) => {
        if (one.wanted === one.is) return;
        one.is = one.wanted;
        (one.wanted ? enable : disable)(index);
      });
    },
    forget() {
      unsettled = false;
      for (const one of all) Object.assign(one, { wanted: undefined, is: undefined, divisor: undefined, pointer: undefined });
    },
  };
}
