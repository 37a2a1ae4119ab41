// A frame of a headset that draws what the one before it drew is told again, past what encodes and checks it anew: it
// shows what it would have shown otherwise.

import assert from "node:assert/strict";
import { test } from "node:test";
import { blank } from "./support/context.mjs";
import { looking } from "./support/headset.mjs";
import { FRAMEBUFFER, glErrors, lead, SMALL, wearing } from "./support/worn.mjs";

const TIMEOUT = { timeout: 300_000 };

/** Counts the frames that are told anew: each asks to be told when it is done. While `watch.once`, none can be said again. */
async function counting(page) {
  await page.evaluate(() => {
    const { prototype } = WebGL2RenderingContext;
    const { fenceSync } = prototype;
    Object.assign(watch, { anew: 0, once: false });
    prototype.fenceSync = function (...given) {
      watch.anew += 1;
      // A question has an answer, which is another one each time.
      if (watch.once) this.getContextAttributes();
      return fenceSync.apply(this, given);
    };
  });
}

/** How many of so many frames are told anew. */
async function anew({ page, wearer: worn }, frames) {
  const before = await page.evaluate(() => watch.anew);
  await worn.frames(frames);
  return (await page.evaluate(() => watch.anew)) - before;
}

/** What is seen above the sign that opens the panel, which stands where the head was led to. @param {{pixels: Buffer, width: number, height: number}} eyes */
const room = ({ pixels, width, height }) => pixels.subarray(Math.round(height / 4) * width * 4);

/** For a moment there is a ray in the room, and what was said without it is not what was said last. */
async function forget({ page, wearer: worn }) {
  for (const connected of [true, false]) {
    await page.evaluate((is) => (watch.device.controllers.right.connected = is), connected);
    await worn.frames(3);
  }
}

test("what a headset's frame says again shows what it would have shown, said anew", TIMEOUT, async (t) => {
  const all = await wearing(t, {}, { framebuffer: FRAMEBUFFER });
  const { page, visitor, wearer: worn } = all;
  await counting(page);
  await worn.putOn();
  const [one, other] = visitor.requiredStops;

  await t.test("a head at rest, and one that moves a little, is told hardly anything anew", async () => {
    await worn.still();
    assert.ok((await anew(all, 30)) <= 6, "a head at rest");
    const { position: [x, y, z] } = await worn.head();
    let often = 0;
    for (let turn = 0; turn < 10; turn += 1) {
      await worn.moveHead({ position: [x + 0.02 * Math.sin(turn), y, z], rotation: looking([0.1 * Math.sin(turn), 0.05 * Math.cos(turn), -1]) });
      often += await anew(all, 3);
    }
    assert.ok(often <= 15, `${often} of 30 and more frames`);
    await worn.moveHead({ position: [x, y, z] });
  });

  await t.test("however the head turns, hardly anything is told anew in a room that is drawn all round", async () => {
    const { position } = await worn.head();
    let often = 0;
    for (let turn = 0; turn < 12; turn += 1) {
      await worn.moveHead({ position, rotation: looking([Math.sin(turn), 0, Math.cos(turn)]) });
      often += await anew(all, 3);
    }
    // Names appear over what the head passes, and change nothing of what is drawn.
    assert.ok(often <= 6, `${often} of 36 and more frames`);
  });

  const turns = [[[0, 0, -1], [0.2, 0.08, -1]], [[1, -0.4, 0.3], [1, -0.25, -0.9]], [[-0.3, -0.6, 1], [-0.12, -0.5, 1]]];
  for (const stop of [one, other]) {
    await t.test(`what is seen at “${stop}” when it is said again is what is seen when it is said anew`, async () => {
      await lead(visitor, stop);
      const { position: [x, y, z] } = await worn.head();
      for (const [ahead, near] of turns) {
        const there = { position: [x + 0.02, y - 0.02, z + 0.02], rotation: looking(near) };
        await page.evaluate(() => (watch.once = true));
        await forget(all);
        await worn.moveHead(there);
        await worn.still();
        assert.ok((await anew(all, 10)) >= 10, `${near}: it is told anew`);
        const fresh = await worn.eyes();
        await page.evaluate(() => (watch.once = false));
        await worn.moveHead({ position: [x, y, z], rotation: looking(ahead) });
        await worn.still();
        const before = await worn.eyes();
        await worn.moveHead(there);
        await worn.still();
        assert.ok((await anew(all, 10)) <= 3, `${near}: it is told again`);
        const again = await worn.eyes();
        assert.ok(room(again).equals(room(fresh)), `at ${near}`);
        assert.ok(!room(again).equals(room(before)), "the head has turned");
      }
      await worn.moveHead({ position: [x, y, z], rotation: looking([0, 0, -1]) });
    });
  }

  await t.test("another session begins with what it is told anew", async () => {
    await worn.takeOff();
    await worn.putOn();
    await worn.still();
    const first = await worn.eyes();
    assert.ok(new Set(first.pixels).size > 20, "something is seen");
  });
  assert.equal(await glErrors(page), 0);
});

test("with samples, as a graphics processor is asked for them, a frame said again shows what it would have shown", TIMEOUT, async (t) => {
  // What draws says that it is one.
  const named = `(${() => {
    const { prototype } = WebGL2RenderingContext;
    const { getParameter } = prototype;
    const UNMASKED_RENDERER = 0x9246;
    prototype.getParameter = function (what) {
      return what === UNMASKED_RENDERER ? "a graphics processor" : getParameter.call(this, what);
    };
    window.blits = 0;
    const { blitFramebuffer } = prototype;
    prototype.blitFramebuffer = function (...given) {
      window.blits += 1;
      return blitFramebuffer.apply(this, given);
    };
  }})()`;
  const all = await wearing(t, {}, { framebuffer: SMALL, scripts: [named] });
  const { page, wearer: worn } = all;
  await counting(page);
  await worn.putOn();
  // Frames that come late are drawn less and less finely, until that is as little as it gets: after each thirty of them.
  await worn.frames(160);
  const { position: [x, y, z] } = await worn.head();
  const there = { position: [x + 0.02, y, z], rotation: looking([0.2, 0.08, -1]) };
  await page.evaluate(() => (watch.once = true));
  await forget(all);
  await worn.moveHead(there);
  await worn.still();
  assert.ok((await anew(all, 5)) >= 5, "it is told anew");
  const fresh = await worn.eyes();
  await page.evaluate(() => (watch.once = false));
  await worn.moveHead({ position: [x, y, z], rotation: looking([0, 0, -1]) });
  await worn.still();
  await worn.moveHead(there);
  await worn.still();
  const before = await page.evaluate(() => window.blits);
  assert.ok((await anew(all, 10)) <= 3, "it is told again");
  assert.ok((await page.evaluate(() => window.blits)) >= before + 20, "each eye has samples, which are put together");
  const again = await worn.eyes();
  assert.ok(room(again).equals(room(fresh)));
  assert.equal(await glErrors(page), 0);
});

test("only a frame that can be said again is, with the bytes of another one", TIMEOUT, async (t) => {
  const page = await blank(t);
  const outcome = await page.evaluate(() => {
    const gl = document.createElement("canvas").getContext("webgl2");
    const ear = new window.Again(gl);
    const buffer = gl.createBuffer();
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    gl.bufferData(gl.ARRAY_BUFFER, 16, gl.DYNAMIC_DRAW);
    const hears = (lengths, frame) => {
      ear.listen();
      frame();
      return ear.heard(new Uint32Array(lengths));
    };
    const holds = () => {
      const bytes = new Uint8Array(16);
      gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
      gl.getBufferSubData(gl.ARRAY_BUFFER, 0, bytes);
      return [...bytes];
    };
    const memory = new Uint8Array([9, 1, 2, 3, 4, 9]);
    const color = new Float32Array([1, 0, 0, 1]);
    const frame = () => {
      gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
      gl.bufferSubData(gl.ARRAY_BUFFER, 4, memory.subarray(1, 5));
      gl.bufferSubData(gl.ARRAY_BUFFER, 8, memory, 4, 2);
      gl.clearBufferfv(gl.COLOR, 0, color);
    };
    const out = { whole: hears([4, 2], frame), before: holds() };
    // The module's memory is something else by the time that it is said again.
    memory.fill(7);
    color.fill(0);
    gl.bindBuffer(gl.ARRAY_BUFFER, null);
    ear.say(new Uint8Array([11, 12, 13, 14, 15, 16]));
    out.after = holds();
    const pixel = new Uint8Array(4);
    gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
    out.pixel = [...pixel];
    out.fewer = hears([4], frame);
    out.longer = hears([4, 3], frame);
    out.made = hears([4, 2], () => void (frame(), gl.deleteBuffer(gl.createBuffer())));
    out.filled = hears([4, 2], () => void (frame(), gl.bufferData(gl.UNIFORM_BUFFER, 4, gl.STATIC_DRAW)));
    out.nothing = hears([], () => {});
    // What was heard last is not said, and what is its own is its own again.
    ear.say(new Uint8Array([1, 1, 1, 1, 1, 1]));
    out.then = holds();
    out.own = Object.keys(gl).length;
    out.fence = hears([4, 2], () => void (frame(), gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0)));
    return out;
  });
  assert.deepEqual(outcome, {
    whole: true,
    before: [0, 0, 0, 0, 1, 2, 3, 4, 4, 9, 0, 0, 0, 0, 0, 0],
    after: [0, 0, 0, 0, 11, 12, 13, 14, 15, 16, 0, 0, 0, 0, 0, 0],
    pixel: [255, 0, 0, 255],
    fewer: false,
    longer: false,
    made: false,
    filled: false,
    nothing: false,
    then: [0, 0, 0, 0, 7, 7, 7, 7, 7, 7, 0, 0, 0, 0, 0, 0],
    own: 0,
    fence: true,
  });
});

test("of a frame that is said again the browser hears the gist, and all of it where a texture's levels have changed since", TIMEOUT, async (t) => {
  const page = await blank(t);
  const said = await page.evaluate(() => {
    const gl = document.createElement("canvas").getContext("webgl2");
    /** What comes to the browser. @type {string[]} */
    let heard = [];
    for (const name of ["enable", "disable", "clearBufferfv", "bufferSubData", "bindBuffer", "viewport", "texParameteri"]) {
      const native = gl[name].bind(gl);
      gl[name] = (...given) => {
        heard.push(name);
        native(...given);
      };
    }
    window.spare(gl);
    const ear = new window.Again(gl);
    const buffer = gl.createBuffer();
    gl.bindBuffer(gl.UNIFORM_BUFFER, buffer);
    gl.bufferData(gl.UNIFORM_BUFFER, 4, gl.DYNAMIC_DRAW);
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
    gl.enable(gl.BLEND);
    ear.listen();
    gl.bindBuffer(gl.UNIFORM_BUFFER, buffer);
    gl.bufferSubData(gl.UNIFORM_BUFFER, 0, new Uint8Array([1, 2, 3, 4]));
    gl.enable(gl.BLEND);
    gl.enable(gl.SCISSOR_TEST);
    gl.viewport(0, 0, 8, 8);
    gl.clearBufferfv(gl.COLOR, 0, [0, 1, 0, 1]);
    gl.disable(gl.BLEND);
    gl.viewport(0, 0, 8, 8);
    ear.heard(new Uint32Array([4]));
    const frame = (value) => {
      heard = [];
      ear.say(new Uint8Array(4).fill(value));
      gl.bindBuffer(gl.UNIFORM_BUFFER, buffer);
      const kept = new Uint8Array(4);
      gl.getBufferSubData(gl.UNIFORM_BUFFER, 0, kept);
      return [...heard, ...kept].join(" ");
    };
    const frames = [frame(1), frame(2)];
    // Somebody else tells the context something.
    gl.viewport(0, 0, 4, 4);
    gl.bindBuffer(gl.UNIFORM_BUFFER, null);
    gl.enable(gl.BLEND);
    frames.push(frame(3));
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_BASE_LEVEL, 1);
    gl.viewport(0, 0, 4, 4);
    gl.enable(gl.BLEND);
    return [...frames, frame(4), frame(5)];
  });
  // What clearing does not depend on is told as it is in the end, once.
  const gist = (value) => `bindBuffer bufferSubData enable clearBufferfv disable viewport bindBuffer ${value} ${value} ${value} ${value}`;
  assert.deepEqual(said, [
    gist(1),
    gist(2),
    gist(3),
    "bufferSubData enable viewport clearBufferfv disable 4 4 4 4",
    gist(5),
  ]);
});
