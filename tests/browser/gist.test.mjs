// What a frame comes down to draws what all of its calls would have drawn, whatever was told in between.

import assert from "node:assert/strict";
import { test } from "node:test";
import { blank } from "./support/context.mjs";

const ROUNDS = 100;

test("the gist of a frame draws what the frame draws, and leaves the context as the frame leaves it", { timeout: 300_000 }, async (t) => {
  const page = await blank(t);
  const { differing, reached: [plain, told], onward, drawn, left, errors } = await page.evaluate(compare, ROUNDS);
  assert.deepEqual(differing, []);
  assert.deepEqual(errors, [0, 0]);
  t.diagnostic(`${told} calls in place of ${plain}; ${drawn} different pictures`);
  assert.ok(told < plain * 0.6, `${told} calls in place of ${plain}`);
  const [anew, on] = onward.map(({ calls, times }) => calls / times);
  t.diagnostic(`${anew.toFixed(0)} calls each time where somebody had their say, ${on.toFixed(0)} where nobody had`);
  assert.ok(on < anew * 0.9, `${on} calls where nobody had their say, ${anew} where somebody had`);
  // Each frame with each of its bytes draws something else: what is compared is not nothing.
  assert.ok(drawn > ROUNDS * 2, `${drawn} different pictures in ${ROUNDS} rounds`);
  assert.equal(left, 0, "nothing is left of what was made for it");
});

/** Runs in the page: the same frames, drawn by lot, for a context that is told all of each and one that is told its gist. */
function compare(rounds) {
  const { lot, one } = window.lots(20_261_129);
  const G = WebGL2RenderingContext;
  const reached = [0, 0];
  /** Of those that its gist took, and how often it was told: after somebody had their say, and on and on. */
  const onward = [0, 1].map(() => ({ calls: 0, times: 0 }));
  let counts = false;
  /** What was made and not deleted again: what holds corners, and framebuffers. */
  let made = 0;
  const both = [0, 1].map((which) => {
    const gl = Object.assign(document.createElement("canvas"), { width: 16, height: 16 }).getContext("webgl2", { antialias: false, preserveDrawingBuffer: true, stencil: true });
    for (const name of Object.getOwnPropertyNames(G.prototype)) {
      const { value } = Object.getOwnPropertyDescriptor(G.prototype, name);
      if (typeof value !== "function" || name === "constructor" || name.startsWith("get")) continue;
      gl[name] = (...given) => {
        if (counts) reached[which] += 1;
        if (/^create(VertexArray|Framebuffer)$/.test(name)) made += 1;
        if (/^delete(VertexArray|Framebuffer)$/.test(name)) made -= 1;
        return value.apply(gl, given);
      };
    }
    if (which === 1) window.spare(gl);
    const shader = (kind, text) => {
      const it = gl.createShader(kind);
      gl.shaderSource(it, `#version 300 es\nprecision highp float;\n${text}`);
      gl.compileShader(it);
      return it;
    };
    // Of one of them there is a single texture, and that on the second unit.
    const programs = [[0.2, "texture(seen, color * 3.0)"], [0.9, "texture(seen, color * 2.0)"], [0.5, "0.2"]].map(([red, first]) => {
      const it = gl.createProgram();
      gl.attachShader(it, shader(gl.VERTEX_SHADER, "layout(location=0) in vec2 at; layout(location=1) in vec2 more; out vec2 color; layout(std140) uniform Shift { vec4 shift; }; void main() { color = more; gl_Position = vec4(at + shift.xy + float(gl_InstanceID) * 0.3, more.x * 0.4, 1.0); }"));
      gl.attachShader(it, shader(gl.FRAGMENT_SHADER, `in vec2 color; uniform sampler2D seen; uniform sampler2D also; uniform uint more; out vec4 shown; void main() { shown = vec4(${red} + float(more) * 0.3, color, 0.7) * 0.6 + ${first} * 0.3 + texture(also, color.yx * 2.0) * 0.2; }`));
      gl.linkProgram(it);
      gl.useProgram(it);
      gl.uniform1i(gl.getUniformLocation(it, "also"), 1);
      gl.uniformBlockBinding(it, 0, 0);
      return it;
    });
    gl.useProgram(null);
    const filled = (target, data, count) => Array.from({ length: count }, (_, i) => {
      const it = gl.createBuffer();
      gl.bindBuffer(target, it);
      gl.bufferData(target, data(i), gl.DYNAMIC_DRAW);
      gl.bindBuffer(target, null);
      return it;
    });
    const corners = filled(gl.ARRAY_BUFFER, (i) => new Float32Array(64).map((_, k) => Math.sin(k * 7 + i * 3)), 2);
    const elements = filled(gl.ELEMENT_ARRAY_BUFFER, (i) => new Uint16Array([0, 1, 2, 2, 3, 4 + i]), 2);
    const uniforms = filled(gl.UNIFORM_BUFFER, () => new Float32Array(128), 2);
    const texture = (levels) => {
      const it = gl.createTexture();
      gl.bindTexture(gl.TEXTURE_2D, it);
      gl.texStorage2D(gl.TEXTURE_2D, levels, gl.RGBA8, 16, 16);
      return it;
    };
    const textures = [0, 1, 2].map((i) => {
      const it = texture(2);
      const noise = (n) => new Uint8Array(n).map((_, k) => (k * (71 + i * 50)) % 256);
      gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, 16, 16, gl.RGBA, gl.UNSIGNED_BYTE, noise(1024));
      gl.texSubImage2D(gl.TEXTURE_2D, 1, 0, 0, 8, 8, gl.RGBA, gl.UNSIGNED_BYTE, noise(256).reverse());
      return it;
    });
    const targets = [0, 1, 2].map(() => texture(1));
    const samplers = [gl.NEAREST, gl.LINEAR].map((filter) => {
      const it = gl.createSampler();
      gl.samplerParameteri(it, gl.TEXTURE_MIN_FILTER, filter);
      gl.samplerParameteri(it, gl.TEXTURE_MAG_FILTER, filter);
      return it;
    });
    const depth = gl.createRenderbuffer();
    gl.bindRenderbuffer(gl.RENDERBUFFER, depth);
    gl.renderbufferStorage(gl.RENDERBUFFER, gl.DEPTH24_STENCIL8, 16, 16);
    const framebuffers = [gl.createFramebuffer(), gl.createFramebuffer()];
    const looking = gl.createFramebuffer();
    const array = gl.createVertexArray();
    gl.bindVertexArray(array);
    const places = programs.map((it) => gl.getUniformLocation(it, "more"));
    return { gl, programs, corners, elements, uniforms, textures, targets, samplers, depths: [depth], framebuffers, arrays: [array], places: [...places, null], looking };
  });
  const [{ gl: all }, { gl: own }] = both;
  const atFirst = made;
  const ear = new window.Again(own);

  // What is told: a name and what is given, where `{kind, i}` is each context's own thing, and `bytes` what is written.
  const thing = (kind, i = lot(both[0][kind].length)) => ({ kind, i });
  const nothing = null;
  const change = () => one([
    () => [one(["enable", "disable"]), one([G.BLEND, G.CULL_FACE, G.DEPTH_TEST, G.SCISSOR_TEST, G.STENCIL_TEST, G.POLYGON_OFFSET_FILL])],
    () => ["depthFunc", one([G.LESS, G.GEQUAL, G.ALWAYS])],
    () => ["depthMask", one([true, false])],
    () => ["colorMask", true, one([true, false]), true, one([true, false])],
    () => ["viewport", one([0, 4]), 0, one([8, 16]), 16],
    () => ["scissor", one([0, 2]), 0, 12, one([9, 12])],
    () => ["frontFace", one([G.CW, G.CCW])],
    () => ["cullFace", one([G.FRONT, G.BACK])],
    () => ["polygonOffset", one([0, 1]), 2],
    () => ["clearColor", one([0, 0.5]), 0.25, 0.5, 1],
    // WebGL draws nothing where the faces differ in more than this.
    () => one([["stencilFunc", one([G.ALWAYS, G.LEQUAL]), 1, 255], ["stencilFuncSeparate", one([G.FRONT, G.BACK, G.FRONT_AND_BACK]), one([G.ALWAYS, G.LEQUAL]), 1, 255]]),
    () => one([["stencilMask", one([255, 1])], ["stencilMaskSeparate", G.FRONT_AND_BACK, one([255, 2])]]),
    () => one([["stencilOp", G.KEEP, G.KEEP, one([G.KEEP, G.INCR])], ["stencilOpSeparate", one([G.FRONT, G.BACK]), G.KEEP, G.KEEP, one([G.KEEP, G.INCR])]]),
    () => one([["blendFunc", G.ONE, one([G.ZERO, G.ONE])], ["blendFuncSeparate", G.ONE, G.ZERO, one([G.ZERO, G.ONE]), G.ONE]]),
    () => one([["blendEquation", one([G.FUNC_ADD, G.FUNC_SUBTRACT])], ["blendEquationSeparate", G.FUNC_ADD, one([G.FUNC_ADD, G.FUNC_SUBTRACT])]]),
    () => ["bindSampler", lot(2), one([thing("samplers"), nothing])],
    () => ["bindBufferRange", G.UNIFORM_BUFFER, 0, thing("uniforms"), 256 * lot(2), 16],
  ])();
  // What is cleared, or not, is seen where depth and stencil are looked at.
  const clear = () => one([
    () => ["depthMask", one([true, false])],
    () => ["stencilMask", one([255, 0])],
    () => ["clear", one([G.DEPTH_BUFFER_BIT, G.STENCIL_BUFFER_BIT, G.DEPTH_BUFFER_BIT | G.STENCIL_BUFFER_BIT])],
    () => ["clearBufferfv", G.DEPTH, 0, [one([0, 0.6])]],
    () => ["clearBufferiv", G.STENCIL, 0, [lot(3)]],
    () => ["clearStencil", lot(3)],
    () => ["clearDepth", one([0.4, 1])],
  ])();
  const stencil = () => [["enable", G.STENCIL_TEST], ["stencilFunc", one([G.ALWAYS, G.ALWAYS, G.LEQUAL, G.EQUAL]), 1, 255], ["stencilOp", G.KEEP, G.KEEP, one([G.KEEP, G.KEEP, G.INCR])]];
  const depth = () => [["enable", G.DEPTH_TEST], ["depthFunc", one([G.LESS, G.GEQUAL])]];
  const texture = (unit) => {
    const it = thing("textures");
    return [["activeTexture", G.TEXTURE0 + unit], ["bindTexture", G.TEXTURE_2D, it], ["texParameteri", G.TEXTURE_2D, G.TEXTURE_BASE_LEVEL, it.i % 2], ["texParameteri", G.TEXTURE_2D, G.TEXTURE_MAX_LEVEL, 1]];
  };
  const attribute = (index) => [
    ["bindBuffer", G.ARRAY_BUFFER, thing("corners")],
    ["enableVertexAttribArray", index],
    ["vertexAttribPointer", index, 2, G.FLOAT, true, one([8, 16]), one([0, 8])],
    ["vertexAttribDivisor", index, index === 0 ? 0 : lot(2)],
  ];
  const draw = () => {
    const which = lot(3);
    return [
      ["useProgram", thing("programs", which)],
      ["uniform1ui", one([thing("places", which), nothing]), lot(3)],
      ...one([[], texture(0), texture(1), [...texture(1), ...texture(0)]]),
      ...Array.from({ length: lot(5) }, change),
      ...one([[], stencil(), depth()]),
      ...one([[], attribute(0), attribute(1), [...attribute(1), ...attribute(0)]]),
      ...one([[], [["bindBuffer", G.ELEMENT_ARRAY_BUFFER, thing("elements")]], [["disableVertexAttribArray", 1]]]),
      one([["drawElementsInstanced", G.TRIANGLES, 6, G.UNSIGNED_SHORT, 0, 1 + lot(2)], ["drawArraysInstanced", G.TRIANGLES, 0, 6, 1]]),
    ];
  };
  const attach = (target, to) => [
    ["framebufferTexture2D", target, G.DEPTH_STENCIL_ATTACHMENT, G.TEXTURE_2D, nothing, 0],
    ["framebufferTexture2D", target, G.COLOR_ATTACHMENT0, G.TEXTURE_2D, nothing, 0],
    ["framebufferTexture2D", target, G.COLOR_ATTACHMENT0, G.TEXTURE_2D, to, 0],
  ];
  const pass = () => {
    const onCanvas = lot(3) === 0;
    const target = one([G.FRAMEBUFFER, G.DRAW_FRAMEBUFFER]);
    const to = thing("targets");
    return [
      ["bindFramebuffer", target, onCanvas ? nothing : thing("framebuffers", 0)],
      ...(onCanvas ? [] : [...attach(target, to), ...one([[], [["framebufferRenderbuffer", target, G.DEPTH_STENCIL_ATTACHMENT, G.RENDERBUFFER, thing("depths")]]]), ["drawBuffers", [G.COLOR_ATTACHMENT0]]]),
      ...Array.from({ length: lot(4) }, change),
      one([["clearBufferfv", G.COLOR, 0, [lot(2), 0.5, 0.25, 1]], ["clear", G.COLOR_BUFFER_BIT | G.DEPTH_BUFFER_BIT | G.STENCIL_BUFFER_BIT]]),
      ...Array.from({ length: lot(5) }, clear),
      ...Array.from({ length: 1 + lot(5) }, draw).flat(),
      // What was drawn is put elsewhere.
      ...(onCanvas || lot(3) > 0 ? [] : [
        ["bindFramebuffer", G.READ_FRAMEBUFFER, thing("framebuffers", 0)],
        ["readBuffer", G.COLOR_ATTACHMENT0],
        ["bindFramebuffer", G.DRAW_FRAMEBUFFER, thing("framebuffers", 1)],
        ...attach(G.DRAW_FRAMEBUFFER, thing("targets", (to.i + 1) % 3)),
        ["blitFramebuffer", 0, 0, 16, 16, 0, 0, 16, 16, G.COLOR_BUFFER_BIT, G.NEAREST],
        ["bindFramebuffer", G.READ_FRAMEBUFFER, nothing],
        ["bindFramebuffer", G.DRAW_FRAMEBUFFER, thing("framebuffers", 0)],
      ]),
      ...one([[], [["disableVertexAttribArray", 0], ["disableVertexAttribArray", 1], ["enableVertexAttribArray", 0]]]),
    ];
  };
  const write = (i) => [["bindBuffer", G.COPY_WRITE_BUFFER, thing("uniforms", i)], ["bytes", G.COPY_WRITE_BUFFER, 256 * lot(2), 16], ["bindBuffer", G.COPY_WRITE_BUFFER, nothing]];
  // All that wgpu sets before it relies on it, and what it needs to draw anything.
  const frame = () => [
    ...[0, 1].map((i) => ["disableVertexAttribArray", i]),
    ["useProgram", nothing],
    ["bindFramebuffer", G.FRAMEBUFFER, nothing],
    ...write(0),
    ...write(1),
    ["bindBufferRange", G.UNIFORM_BUFFER, 0, thing("uniforms"), 256 * lot(2), 16],
    ["stencilFunc", G.ALWAYS, 1, 255],
    ...texture(0),
    ...texture(1),
    ...attribute(0),
    ["bindBuffer", G.ELEMENT_ARRAY_BUFFER, thing("elements")],
    ...Array.from({ length: 2 + lot(2) }, pass).flat(),
  ];

  const tell = (to, calls, bytes) => {
    let at = 0;
    for (const [name, ...given] of calls) {
      const ours = given.map((it) => (it !== null && typeof it === "object" && "kind" in it ? to[it.kind][it.i] : it));
      if (name !== "bytes") to.gl[name](...ours);
      else to.gl.bufferSubData(ours[0], ours[1], bytes.subarray(at, (at += ours[2])));
    }
  };
  const quietly = (gl, name, ...given) => G.prototype[name].apply(gl, given);
  const pictures = ({ gl, looking, targets }) => {
    const was = gl.getParameter(gl.READ_FRAMEBUFFER_BINDING);
    const seen = [null, ...targets].map((target) => {
      quietly(gl, "bindFramebuffer", gl.READ_FRAMEBUFFER, target && looking);
      if (target) quietly(gl, "framebufferTexture2D", gl.READ_FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, target, 0);
      const pixels = new Uint8Array(16 * 16 * 4);
      quietly(gl, "readPixels", 0, 0, 16, 16, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
      return pixels.join();
    });
    quietly(gl, "bindFramebuffer", gl.READ_FRAMEBUFFER, was);
    return seen.join(";");
  };
  const ASKED = ["BLEND", "CULL_FACE", "DEPTH_TEST", "SCISSOR_TEST", "STENCIL_TEST", "POLYGON_OFFSET_FILL", "DEPTH_FUNC", "DEPTH_WRITEMASK", "COLOR_WRITEMASK", "VIEWPORT", "SCISSOR_BOX", "FRONT_FACE", "CULL_FACE_MODE", "COLOR_CLEAR_VALUE", "STENCIL_FUNC", "STENCIL_REF", "STENCIL_BACK_FUNC", "STENCIL_BACK_REF", "STENCIL_WRITEMASK", "STENCIL_BACK_WRITEMASK", "STENCIL_PASS_DEPTH_PASS", "STENCIL_BACK_PASS_DEPTH_PASS", "BLEND_SRC_RGB", "BLEND_DST_RGB", "BLEND_DST_ALPHA", "BLEND_EQUATION_ALPHA", "CURRENT_PROGRAM", "ACTIVE_TEXTURE", "DRAW_FRAMEBUFFER_BINDING", "READ_FRAMEBUFFER_BINDING", "VERTEX_ARRAY_BINDING"];
  const state = (to) => {
    const { gl } = to;
    const named = (it) => {
      if (it === null || typeof it !== "object") return it;
      if (ArrayBuffer.isView(it) || Array.isArray(it)) return [...it];
      for (const [kind, things] of Object.entries(to)) if (Array.isArray(things) && things.includes(it)) return `${kind} ${things.indexOf(it)}`;
      return "something else";
    };
    const is = Object.fromEntries(ASKED.map((name) => [name, named(gl.getParameter(gl[name]))]));
    for (const unit of [0, 1]) {
      quietly(gl, "activeTexture", gl.TEXTURE0 + unit);
      is[`texture ${unit}`] = named(gl.getParameter(gl.TEXTURE_BINDING_2D));
      is[`sampler ${unit}`] = named(gl.getParameter(gl.SAMPLER_BINDING));
    }
    quietly(gl, "activeTexture", is.ACTIVE_TEXTURE);
    is.uniforms = named(gl.getIndexedParameter(gl.UNIFORM_BUFFER_BINDING, 0));
    is.variables = to.programs.map((it, i) => gl.getUniform(it, to.places[i]));
    return is;
  };

  // One thing of what others say, and often nothing but that: each kind of it counts.
  const word = () => one([
    () => [one(["enable", "disable"]), one([G.BLEND, G.CULL_FACE, G.DEPTH_TEST])],
    () => ["bindSampler", lot(2), one([thing("samplers"), nothing])],
    () => ["bindBufferRange", G.UNIFORM_BUFFER, 0, thing("uniforms"), 256 * lot(2), 16],
    () => ["useProgram", thing("programs")],
    () => ["bindBuffer", G.COPY_WRITE_BUFFER, nothing],
    () => ["activeTexture", G.TEXTURE0 + lot(2)],
    () => ["bindTexture", G.TEXTURE_2D, one([thing("textures"), nothing])],
  ])();
  const say = () => {
    const which = lot(3);
    return one([
      () => [change()],
      () => [change(), change(), change()],
      () => [["useProgram", thing("programs", which)], ["uniform1ui", thing("places", which), lot(3)]],
      () => [["activeTexture", G.TEXTURE0 + lot(2)], ["bindTexture", G.TEXTURE_2D, thing("textures")]],
      () => [["bindFramebuffer", one([G.FRAMEBUFFER, G.READ_FRAMEBUFFER, G.DRAW_FRAMEBUFFER]), thing("framebuffers")]],
      () => [["bindBuffer", G.ARRAY_BUFFER, nothing]],
      () => [["clearColor", lot(2), 0, 0, 1], ["clearDepth", lot(2)]],
      () => attribute(lot(2)),
      stencil,
    ])();
  };

  const differing = [];
  const drawn = new Set();
  const compared = (when) => {
    const [one, other] = both.map(state);
    for (const [what, is] of Object.entries(one)) if (JSON.stringify(is) !== JSON.stringify(other[what])) differing.push(`${when}, ${what}: ${JSON.stringify([is, other[what]])}`);
    const [seen, seenToo] = both.map(pictures);
    if (seen !== seenToo) differing.push(`${when}: other pixels`);
    drawn.add(seen);
  };
  for (let round = 0; round < rounds && differing.length === 0; round += 1) {
    const calls = frame();
    const lengths = calls.filter(([name]) => name === "bytes").map((it) => it[3]);
    const bytes = () => new Uint8Array(Float32Array.from({ length: 8 }, () => lot(100) / 60 - 0.8).buffer);
    const first = bytes();
    tell(both[0], calls, first);
    ear.listen();
    tell(both[1], calls, first);
    if (!ear.heard(new Uint32Array(lengths))) differing.push(`round ${round}: it cannot be said again`);
    compared(`round ${round}, at first`);
    for (let time = 0; time < 4; time += 1) {
      // Somebody else has their say, or nobody has.
      const noise = time === 0 ? Array.from({ length: 3 }, say).flat() : one([() => [], () => [], () => [word()], () => Array.from({ length: 1 + lot(2) }, say).flat()])();
      for (const each of both) tell(each, noise, null);
      const next = bytes();
      counts = true;
      tell(both[0], calls, next);
      const before = reached[1];
      ear.say(next);
      counts = false;
      // The first time it is thought over.
      if (time > 0) {
        const of = onward[noise.length > 0 ? 0 : 1];
        of.calls += reached[1] - before;
        of.times += 1;
      }
      compared(`round ${round}, said again ${time}`);
    }
  }
  ear.forget();
  return { differing, reached, onward, drawn: drawn.size, left: made - atFirst, errors: [all, own].map((gl) => quietly(gl, "getError")) };
}
