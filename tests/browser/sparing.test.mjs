// A context that spares itself what it knows does what another one does, with fewer calls.

import assert from "node:assert/strict";
import { test } from "node:test";
import { blank } from "./support/context.mjs";
import { headsetScripts, Wearer } from "./support/headset.mjs";
import { stage } from "./support/stage.mjs";
import { Visitor } from "./support/visitor.mjs";
import { FRAMEBUFFER, glErrors, SCREEN } from "./support/worn.mjs";

const ROUNDS = 60;
const CALLS = 120;

test("a context that spares itself what it knows is in the state of one that does not, and draws the same", { timeout: 300_000 }, async (t) => {
  const page = await blank(t);
  const { reached: [plain, spared], differing, errors } = await page.evaluate(compare, { rounds: ROUNDS, calls: CALLS });
  assert.deepEqual(differing, [], "after every call both are in the same state");
  // A framebuffer without colors cannot be cleared, by either.
  assert.equal(errors[0], errors[1]);
  t.diagnostic(`${spared} calls in place of ${plain}`);
  assert.ok(spared < plain * 0.9 && spared > plain * 0.2, `${spared} calls in place of ${plain}`);
});

/** Runs in the page: the same calls, drawn by lot, for both. */
function compare({ rounds, calls }) {
  const { lot, one } = window.lots(20_261_129);
  const G = WebGL2RenderingContext;
  /** How many calls came to the browser, for each. */
  const reached = [0, 0];
  const both = [0, 1].map((which) => {
    const gl = Object.assign(document.createElement("canvas"), { width: 16, height: 16 }).getContext("webgl2", { antialias: false, preserveDrawingBuffer: true });
    for (const name of Object.getOwnPropertyNames(G.prototype)) {
      const { value } = Object.getOwnPropertyDescriptor(G.prototype, name);
      if (typeof value !== "function" || name === "constructor" || name.startsWith("get")) continue;
      gl[name] = (...given) => {
        reached[which] += 1;
        return value.apply(gl, given);
      };
    }
    if (which === 1) {
      window.spare(gl);
      // A second time changes nothing.
      window.spare(gl);
    }
    const shader = (kind, text) => {
      const made = gl.createShader(kind);
      gl.shaderSource(made, `#version 300 es\nprecision highp float;\n${text}`);
      gl.compileShader(made);
      return made;
    };
    const programs = [0.2, 0.9].map((red) => {
      const made = gl.createProgram();
      gl.attachShader(made, shader(gl.VERTEX_SHADER, "layout(location=0) in vec2 at; layout(location=1) in vec2 more; out vec2 color; void main() { color = more; gl_Position = vec4(at + more * 0.1, 0.0, 1.0); }"));
      gl.attachShader(made, shader(gl.FRAGMENT_SHADER, `in vec2 color; uniform sampler2D seen; uniform uint more; out vec4 shown; void main() { shown = vec4(${red} + float(more) * 0.3, color, 1.0) + texture(seen, color) * 0.1; }`));
      gl.linkProgram(made);
      return made;
    });
    const buffers = [0, 1, 2].map((i) => {
      const made = gl.createBuffer();
      gl.bindBuffer(gl.ARRAY_BUFFER, made);
      gl.bufferData(gl.ARRAY_BUFFER, new Float32Array(64).map((_, k) => Math.sin(k * 7 + i * 3)), gl.STATIC_DRAW);
      return made;
    });
    const elements = [0, 1].map((i) => {
      const made = gl.createBuffer();
      gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, made);
      gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, new Uint16Array([0, 1, 2, 2, 3, 4 + i]), gl.STATIC_DRAW);
      return made;
    });
    const textures = [0, 1, 2].map((i) => {
      const made = gl.createTexture();
      gl.bindTexture(gl.TEXTURE_2D, made);
      gl.texStorage2D(gl.TEXTURE_2D, 3, gl.RGBA8, 16, 16);
      gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array([i * 90, 200, 30, 255]));
      return made;
    });
    const variables = programs.map((it) => gl.getUniformLocation(it, "more"));
    return { gl, variables, programs: [...programs, null], buffers: [...buffers, null], elements: [...elements, null], textures: [...textures, null], samplers: [gl.createSampler(), gl.createSampler(), null], framebuffers: [gl.createFramebuffer(), gl.createFramebuffer(), null], arrays: [gl.createVertexArray(), null] };
  });

  // What can be done: a name and what is given, where `[kind, i]` is each context's own thing.
  const thing = (kind) => ({ kind, i: lot(both[0][kind].length) });
  const kinds = [
    () => [one(["enable", "disable"]), one([G.BLEND, G.CULL_FACE, G.DEPTH_TEST, G.SCISSOR_TEST, G.STENCIL_TEST])],
    () => ["depthFunc", one([G.LESS, G.GEQUAL])],
    () => ["depthMask", one([true, false])],
    () => ["colorMask", true, one([true, false]), true, true],
    () => ["viewport", 0, 0, one([8, 16]), 16],
    () => ["scissor", one([0, 2]), 0, 12, 12],
    () => ["frontFace", one([G.CW, G.CCW])],
    () => ["cullFace", one([G.FRONT, G.BACK])],
    () => ["clearColor", one([0, 0.5]), 0.25, 0.5, 1],
    () => one([["stencilFunc", G.ALWAYS, one([0, 1]), 255], ["stencilFuncSeparate", one([G.FRONT, G.FRONT_AND_BACK]), G.LESS, one([0, 1]), 255]]),
    () => one([["stencilMask", one([255, 0])], ["stencilMaskSeparate", one([G.BACK, G.FRONT_AND_BACK]), one([255, 0])]]),
    () => one([["stencilOp", G.KEEP, G.KEEP, one([G.KEEP, G.ZERO])], ["stencilOpSeparate", one([G.FRONT, G.BACK]), G.KEEP, G.KEEP, one([G.KEEP, G.INCR])]]),
    () => one([["blendFunc", G.ONE, one([G.ZERO, G.ONE])], ["blendFuncSeparate", G.ONE, G.ZERO, one([G.ZERO, G.ONE]), G.ONE]]),
    () => one([["blendEquation", one([G.FUNC_ADD, G.FUNC_SUBTRACT])], ["blendEquationSeparate", G.FUNC_ADD, one([G.FUNC_ADD, G.FUNC_SUBTRACT])]]),
    () => ["useProgram", thing("programs")],
    () => ["bindBuffer", G.ARRAY_BUFFER, thing("buffers")],
    () => ["bindBuffer", G.UNIFORM_BUFFER, thing("buffers")],
    () => ["bindBufferBase", G.UNIFORM_BUFFER, lot(2), thing("buffers")],
    () => ["bindBuffer", G.ELEMENT_ARRAY_BUFFER, thing("elements")],
    () => ["activeTexture", G.TEXTURE0 + lot(2)],
    () => ["bindTexture", G.TEXTURE_2D, thing("textures")],
    () => ["bindSampler", lot(2), thing("samplers")],
    () => ["bindFramebuffer", one([G.FRAMEBUFFER, G.READ_FRAMEBUFFER, G.DRAW_FRAMEBUFFER]), thing("framebuffers")],
    () => ["bindVertexArray", thing("arrays")],
    () => [one(["enableVertexAttribArray", "disableVertexAttribArray"]), lot(2)],
    () => [one(["enableVertexAttribArray", "disableVertexAttribArray"]), lot(2)],
    () => ["vertexAttribDivisor", lot(2), lot(2)],
    () => ["pointer", lot(2), one([0, 8])],
    () => ["vary", lot(2), lot(2)],
    () => ["level", one([G.TEXTURE_BASE_LEVEL, G.TEXTURE_MAX_LEVEL]), lot(2)],
    () => ["attach", lot(2), one([true, false]), lot(3)],
    () => ["attach", lot(2), one([true, false]), lot(3)],
    () => ["draw"],
    () => ["draw"],
    () => ["clear", G.COLOR_BUFFER_BIT | G.DEPTH_BUFFER_BIT],
    () => (lot(6) === 0 ? ["delete"] : ["draw"]),
  ];
  const special = {
    // Only with something bound, as by anybody who makes no mistakes.
    pointer: ({ gl }, index, offset) => gl.getParameter(gl.ARRAY_BUFFER_BINDING) && gl.vertexAttribPointer(index, 2, gl.FLOAT, false, 8, offset),
    vary: ({ gl, programs, variables }, i, value) => (gl.useProgram(programs[i]), gl.uniform1ui(variables[i], value)),
    level: ({ gl }, name, value) => gl.getParameter(gl.TEXTURE_BINDING_2D) && gl.texParameteri(gl.TEXTURE_2D, name, value),
    attach: ({ gl, textures }, at, there, i) => gl.getParameter(gl.DRAW_FRAMEBUFFER_BINDING) && gl.framebufferTexture2D(gl.DRAW_FRAMEBUFFER, gl.COLOR_ATTACHMENT0 + at, gl.TEXTURE_2D, there ? textures[i] : null, 0),
    draw(own) {
      const { gl, programs, buffers, elements } = own;
      // Everything that a drawing needs is there.
      gl.bindFramebuffer(gl.FRAMEBUFFER, null);
      if (!gl.getParameter(gl.CURRENT_PROGRAM)) gl.useProgram(programs[0]);
      if (!gl.getParameter(gl.ELEMENT_ARRAY_BUFFER_BINDING)) gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, elements[0]);
      gl.bindBuffer(gl.ARRAY_BUFFER, buffers[0]);
      for (const index of [0, 1]) gl.vertexAttribPointer(index, 2, gl.FLOAT, false, 8, index * 8);
      gl.vertexAttribDivisor(0, 0);
      gl.enableVertexAttribArray(0);
      gl.drawElementsInstanced(gl.TRIANGLES, 6, gl.UNSIGNED_SHORT, 0, 1);
    },
    delete(own) {
      const { gl, buffers, textures, programs } = own;
      gl.deleteTexture(textures[2]);
      textures[2] = gl.createTexture();
      gl.bindTexture(gl.TEXTURE_2D, textures[2]);
      gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA8, 4, 4);
      gl.deleteBuffer(buffers[2]);
      buffers[2] = gl.createBuffer();
      gl.bindBuffer(gl.ARRAY_BUFFER, buffers[2]);
      gl.bufferData(gl.ARRAY_BUFFER, 256, gl.STATIC_DRAW);
      gl.linkProgram(programs[0]);
      own.variables[0] = gl.getUniformLocation(programs[0], "more");
      gl.deleteVertexArray(own.arrays[0]);
      own.arrays[0] = gl.createVertexArray();
    },
  };
  const ASKED = ["BLEND", "CULL_FACE", "DEPTH_TEST", "SCISSOR_TEST", "STENCIL_TEST", "DEPTH_FUNC", "DEPTH_WRITEMASK", "COLOR_WRITEMASK", "VIEWPORT", "SCISSOR_BOX", "FRONT_FACE", "CULL_FACE_MODE", "COLOR_CLEAR_VALUE", "STENCIL_FUNC", "STENCIL_REF", "STENCIL_BACK_FUNC", "STENCIL_WRITEMASK", "STENCIL_BACK_WRITEMASK", "STENCIL_PASS_DEPTH_PASS", "STENCIL_BACK_PASS_DEPTH_PASS", "BLEND_SRC_RGB", "BLEND_DST_RGB", "BLEND_SRC_ALPHA", "BLEND_DST_ALPHA", "BLEND_EQUATION_RGB", "BLEND_EQUATION_ALPHA", "CURRENT_PROGRAM", "ARRAY_BUFFER_BINDING", "UNIFORM_BUFFER_BINDING", "ELEMENT_ARRAY_BUFFER_BINDING", "ACTIVE_TEXTURE", "DRAW_FRAMEBUFFER_BINDING", "READ_FRAMEBUFFER_BINDING", "VERTEX_ARRAY_BINDING"];
  const state = (own) => {
    const { gl } = own;
    const named = (it) => {
      if (it === null || typeof it !== "object") return it;
      if (ArrayBuffer.isView(it) || Array.isArray(it)) return [...it];
      for (const [kind, all] of Object.entries(own)) if (Array.isArray(all) && all.includes(it)) return `${kind} ${all.indexOf(it)}`;
      return "something else";
    };
    const all = Object.fromEntries(ASKED.map((name) => [name, named(gl.getParameter(gl[name]))]));
    const active = gl.getParameter(gl.ACTIVE_TEXTURE);
    // Past the context's own calls, so that to ask changes nothing of what it remembers.
    const quietly = (name, ...given) => G.prototype[name].apply(gl, given);
    for (const unit of [0, 1]) {
      quietly("activeTexture", gl.TEXTURE0 + unit);
      all[`texture ${unit}`] = named(gl.getParameter(gl.TEXTURE_BINDING_2D));
      all[`sampler ${unit}`] = named(gl.getParameter(gl.SAMPLER_BINDING));
      if (gl.getParameter(gl.TEXTURE_BINDING_2D)) all[`levels ${unit}`] = [gl.TEXTURE_BASE_LEVEL, gl.TEXTURE_MAX_LEVEL].map((it) => gl.getTexParameter(gl.TEXTURE_2D, it));
    }
    quietly("activeTexture", active);
    const drawn = gl.getParameter(gl.DRAW_FRAMEBUFFER_BINDING);
    for (const framebuffer of own.framebuffers.slice(0, 2)) {
      quietly("bindFramebuffer", gl.DRAW_FRAMEBUFFER, framebuffer);
      all[named(framebuffer)] = [0, 1].map((it) => named(gl.getFramebufferAttachmentParameter(gl.DRAW_FRAMEBUFFER, gl.COLOR_ATTACHMENT0 + it, gl.FRAMEBUFFER_ATTACHMENT_OBJECT_NAME)));
    }
    quietly("bindFramebuffer", gl.DRAW_FRAMEBUFFER, drawn);
    all.variables = [0, 1].map((i) => gl.getUniform(own.programs[i], own.variables[i]));
    for (const index of [0, 1]) all[`attribute ${index}`] = [gl.VERTEX_ATTRIB_ARRAY_ENABLED, gl.VERTEX_ATTRIB_ARRAY_BUFFER_BINDING, gl.VERTEX_ATTRIB_ARRAY_DIVISOR].map((it) => named(gl.getVertexAttrib(index, it))).concat(gl.getVertexAttribOffset(index, gl.VERTEX_ATTRIB_ARRAY_POINTER));
    return all;
  };

  const differing = [];
  reached.fill(0);
  for (let round = 0; round < rounds && differing.length === 0; round += 1) {
    for (let call = 0; call < calls; call += 1) {
      const [name, ...given] = one(kinds)();
      for (const own of both) {
        const ours = given.map((it) => (it !== null && typeof it === "object" ? own[it.kind][it.i] : it));
        if (special[name]) special[name](own, ...ours);
        else own.gl[name](...ours);
      }
    }
    const [plain, spared] = both.map(state);
    for (const [what, is] of Object.entries(plain)) {
      if (JSON.stringify(is) !== JSON.stringify(spared[what])) differing.push(`round ${round}, ${what}: ${JSON.stringify([is, spared[what]])}`);
    }
    const [a, b] = both.map(({ gl }) => {
      const bound = gl.getParameter(gl.READ_FRAMEBUFFER_BINDING);
      G.prototype.bindFramebuffer.call(gl, gl.READ_FRAMEBUFFER, null);
      const pixels = new Uint8Array(16 * 16 * 4);
      G.prototype.readPixels.call(gl, 0, 0, 16, 16, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
      G.prototype.bindFramebuffer.call(gl, gl.READ_FRAMEBUFFER, bound);
      return pixels.join();
    });
    if (a !== b) differing.push(`round ${round}: other pixels`);
  }
  return { reached, differing, errors: both.map(({ gl }) => G.prototype.getError.call(gl)) };
}

test("in a headset, a draw takes a quarter of the calls that it would take otherwise", { timeout: 300_000 }, async (t) => {
  // Below everything else, so that it counts what comes to the browser.
  const counting = `(${() => {
    const { prototype } = WebGL2RenderingContext;
    window.told = 0;
    for (const name of Object.getOwnPropertyNames(prototype)) {
      const { value } = Object.getOwnPropertyDescriptor(prototype, name);
      if (typeof value !== "function" || name === "constructor") continue;
      prototype[name] = function (...given) {
        window.told += 1;
        return value.apply(this, given);
      };
    }
  }})()`;
  const { server, page } = await stage(t, { screen: SCREEN, scripts: [counting, ...headsetScripts()] });
  const visitor = new Visitor(page, server.origin);
  await visitor.open();
  await visitor.enter();
  const wearer = new Wearer(visitor, FRAMEBUFFER);
  await wearer.putOn();
  await wearer.frames(10);
  const before = await page.evaluate(() => [window.told, watch.within]);
  await wearer.frames(20);
  const after = await page.evaluate(() => [window.told, watch.within]);
  const [calls, draws] = after.map((count, i) => count - before[i]);
  t.diagnostic(`${(calls / draws).toFixed(1)} calls for a draw`);
  assert.ok(draws > 200, `${draws} draws in twenty frames`);
  assert.ok(calls / draws < 11, `${calls} calls for ${draws} draws`);
  assert.equal(await glErrors(page), 0);
});
