// Headset by headset and way by way: whoever finishes a tour in any of them has the record that the desktop gives.
// It is a short tour, of which one stop counts: where a processor draws, the whole of one takes many minutes, and is
// made with `XINGHUO_LONG=1`.

import assert from "node:assert/strict";
import { test } from "node:test";
import { DEVICES } from "./support/devices.mjs";
import { headsetScripts, looking } from "./support/headset.mjs";
import { VENUE } from "./support/keys.mjs";
import { LANGUAGE, Reader } from "./support/reader.mjs";
import { stage } from "./support/stage.mjs";
import { publish, Tampered } from "./support/tampered.mjs";
import { Visitor } from "./support/visitor.mjs";
import { FRAMEBUFFER, LONG, SCREEN, sees, SMALL } from "./support/worn.mjs";

const DESKTOP = { viewport: { width: 800, height: 600 } };

const CONTROLLER = { how: "controller", side: "right" };
/**
 * Which headset, how its wearer goes about, and what suits them.
 * @type {[string, {how: "controller" | "hand" | "finger" | "gaze", side?: "left" | "right", stereo?: boolean}, object][]}
 */
const VISITS = [
  ["Quest", { how: "controller", side: "left" }, { leftHanded: true, seated: true }],
  ["Quest 2", CONTROLLER, { turn: 45 }],
  ["Quest 3", { how: "hand", side: "right" }, {}],
  ["Quest Pro", { how: "gaze" }, {}],
  ["Meta VR Glasses", { ...CONTROLLER, stereo: false }, {}],
  ["PICO 4", CONTROLLER, { turn: 0, pulses: false }],
];
/** In which ways the whole tour is made, besides that by the right controller (`headset-words`). @type {typeof VISITS} */
const WHOLE = [
  ["Quest 3", { how: "hand", side: "right" }, {}],
  ["Quest Pro", { how: "gaze" }, {}],
  ["Meta VR Glasses", { how: "controller", side: "left", stereo: false }, { leftHanded: true, seated: true }],
];

/** For how long a look rests until it leads somewhere, and a little more. */
const LOOK_SECS = 1.8;

/** What of a record does not depend on when it was made. */
const lasting = ({ completion, completed, passed, failed, scaled, settled, of }) => ({ completion, completed, passed, failed, scaled, settled, of });

const flat = (a, b) => Math.hypot(a[0] - b[0], a[2] - b[2]);
const off = (from, to) => Math.abs(((to - from + 540) % 360) - 180);

/** The tour of which only the first stop counts, and where it is published. @param {import("node:test").TestContext} t */
function short(t) {
  const one = new Tampered(VENUE);
  one.keepAll();
  const [first] = one.venue.stops.filter(({ required }) => required);
  for (const stop of one.venue.stops) stop.required = stop === first;
  return { venue: one.venue, published: publish(t, [one]) };
}

/** Which tours are made and by whom; in a short one they go about in every way first. */
const TOURS = [{ tour: "the tour", made: short, visits: VISITS, framebuffer: FRAMEBUFFER, timeout: 600_000 }];
if (LONG) TOURS.push({ tour: "the whole tour", made: () => ({}), visits: WHOLE, framebuffer: SMALL, timeout: 3_600_000 });

for (const { tour, made, visits, framebuffer, timeout } of TOURS) {
  /** What the server has of somebody who has finished the tour at a desk. @type {ReturnType<typeof lasting> | null} */
  let atDesk = null;

  test(`${tour} is finished at a desk`, { timeout }, async (t) => {
    const { venue, published } = made(t);
    const { server, page, tickets } = await stage(t, { screen: DESKTOP, ...published });
    const visitor = Object.assign(new Visitor(page, server.origin), venue && { venue });
    await visitor.open();
    await visitor.enter();
    for (const stop of visitor.requiredStops) await visitor.visitInScene(stop);
    await visitor.until((state) => state.completed && state.passed);
    await visitor.saved();
    atDesk = lasting((await server.visit(tickets[0])).record);
    assert.deepEqual([atDesk.completion, atDesk.completed, atDesk.passed, atDesk.failed], [1, true, true, false]);
  });

  for (const [name, { how, side, stereo = true }, wear] of visits) {
    const told = [how, side === "left" && "left-handed", wear.seated && "seated", !stereo && "mono"].filter(Boolean).join(", ");
    test(`${name} (${told}): of ${tour} the server has the same as from a desk`, { timeout }, async (t) => {
      const { venue, published } = made(t);
      const { server, page, tickets } = await stage(t, { screen: SCREEN, scripts: headsetScripts({ ...DEVICES[name], stereo }), ...published });
      const visitor = Object.assign(new Visitor(page, server.origin), venue && { venue });
      await visitor.open({ lang: LANGUAGE });
      await visitor.enter();
      await have(page, how, side);
      const reads = new Reader(visitor, how, side, { framebuffer });
      const standing = (await visitor.restingView()).position[1];
      await reads.worn.putOn(wear);
      if (wear.seated) await sits(reads, standing);
      if (venue) await about(reads, wear);
      await reads.tour(t, visitor.requiredStops, async (stop) => {
        if (venue && how !== "gaze") await grabs(reads, stop);
      });
      await visitor.until((state) => state.completed && state.passed);
      await visitor.saved();
      const { modes, pulses } = await page.evaluate(() => ({ modes: watch.modes, pulses: watch.pulses }));
      assert.deepEqual(modes.map(({ mode }) => mode), ["immersive-vr"], "in one session");
      if (how === "controller") felt(pulses, side, wear);
      await reads.leave(reads.ui["headset.leave"], "headset.settings");
      assert.deepEqual(lasting((await server.visit(tickets[0])).record), atDesk);
      await server.replayedElsewhere(tickets[0]);
      assert.equal(await page.evaluate(() => watch.gl.getError()), 0);
    });
  }
}

/** Goes about in every way that there is. */
async function about(reads, wear) {
  await runs(reads.visitor.page);
  await looks(reads);
  await goes(reads);
  await (reads.how === "controller" ? turns(reads, wear) : turnsByPress(reads));
}

/** What the visitor has in their hands. */
async function have(page, how, side) {
  await page.evaluate(([way, only]) => {
    const { device } = watch;
    if (way !== "controller") device.primaryInputMode = "hand";
    const all = way === "controller" ? device.controllers : device.hands;
    for (const [hand, input] of Object.entries(all)) input.connected = hand === only;
  }, [how, side ?? null]);
}

/** The headset shows no more frames a second than there is something to see of, where it can, and the sides less finely. */
async function runs(page) {
  const { rate, rates, foveation } = await page.evaluate(() => {
    const { activeSession: session } = watch.device;
    return { rate: session.frameRate, rates: [...session.supportedFrameRates], foveation: watch.foveation };
  });
  if (rates.includes(72)) assert.equal(rate, 72, rates.join());
  else assert.ok(rates.includes(rate), `${rate} of ${rates}`);
  assert.ok(foveation > 0 && foveation < 1, `${foveation}`);
}

/** A turn of the head turns the view. */
async function looks({ visitor, worn }) {
  const { yawDeg } = await sees(worn);
  await worn.moveHead({ rotation: looking([-1, 0, -1]) });
  await visitor.until(({ view }, from) => Math.abs(((view.yawDeg - from + 540) % 360) - 180 - 45) < 2, yawDeg);
  await worn.moveHead({ rotation: looking([0, 0, -1]) });
  await visitor.until(({ view }, from) => Math.abs(((view.yawDeg - from + 540) % 360) - 180) < 2, yawDeg);
}

/** Who sits sees the room from where they stood. */
async function sits({ visitor, worn }, standing) {
  const { position } = await worn.head();
  await visitor.until(({ view }, high) => Math.abs(view.position[1] - high) < 0.05, standing);
  await worn.moveHead({ position: [position[0], position[1] - 0.3, position[2]] });
  await visitor.until(({ view }, high) => Math.abs(view.position[1] - (high - 0.3)) < 0.05, standing);
  await worn.moveHead({ position });
}

/** By an arc, with whatever there is, or by a look at the floor. */
async function goes({ visitor, worn, how, side }) {
  const from = (await sees(worn)).position;
  const { position } = await worn.head();
  const been = async () => flat((await visitor.state()).view.position, from) > 0.4;
  for (const [x, z] of [[0, -1], [1, 0], [-1, 0], [0, 1]]) {
    if (how === "gaze") {
      await worn.moveHead({ rotation: looking([x, -0.55, z]) });
      await worn.stays(LOOK_SECS);
    } else {
      const kind = how === "controller" ? "controllers" : "hands";
      await worn.moveHand(side, [position[0], position[1] - 0.4, position[2]], looking([x, -0.6, z]), kind);
      if (how === "controller") await worn.push(side, 0, -1);
      else await worn.pinch(side);
    }
    await worn.heard();
    if (await been()) {
      await worn.moveHead({ rotation: looking([0, 0, -1]) });
      return;
    }
  }
  assert.fail("there is no floor on any side");
}

/** By the stick, as far as was asked for. */
async function turns({ visitor, worn, side }, { turn = 30 }) {
  const { yawDeg } = await sees(worn);
  await worn.push(side, 1, 0);
  if (turn === 0) await visitor.until(({ view }, from) => Math.abs(((view.yawDeg - from + 540) % 360) - 180) > 3, yawDeg);
  else await visitor.until(({ view }, [from, by]) => Math.abs(((from - view.yawDeg + 540) % 360) - 180 - by) < 1, [yawDeg, turn]);
  const then = (await sees(worn)).yawDeg;
  assert.ok(turn === 0 ? off(yawDeg, then) > 3 : off(yawDeg, then) < turn + 1, `${yawDeg} to ${then}`);
}

/** Turns to either side without a stick: beside the handle of the panel there is something to press. */
async function turnsByPress(reads) {
  const { visitor, worn, ui } = reads;
  for (const [key, by] of [["headset.turn-right", -30], ["headset.turn-left", 30]]) {
    const { rotation } = await worn.head();
    const { yawDeg } = await sees(worn);
    await reads.press(ui[key]);
    await worn.moveHead({ rotation });
    await visitor.until(({ view }, wanted) => Math.abs(((view.yawDeg - wanted + 540) % 360) - 180) < 1, yawDeg + by);
  }
}

/** Takes the artifact in hand and puts it back. */
async function grabs({ visitor, worn, how, side }, stop) {
  const { artifact } = visitor.venue.stops.find((one) => one.id === stop);
  const seen = (await sees(worn)).artifacts.find((one) => one.artifact === artifact.id);
  await worn.pointAt(side, await worn.placeOf(seen), how === "hand" ? "hands" : "controllers");
  const taken = () => visitor.until((state, id) => state.open === id, stop);
  if (how === "hand") await worn.pinching(side, taken);
  else await worn.holding(side, "squeeze", taken);
  await visitor.until((state) => state.open === null);
}

/** Hands felt something if they were to, quietly, and only the hand that did it. */
function felt(pulses, side, { pulses: wanted = true }) {
  if (!wanted) return assert.deepEqual(pulses, []);
  assert.ok(pulses.length > 3, `${pulses.length} pulses`);
  for (const pulse of pulses) {
    assert.equal(pulse.side, side);
    assert.ok(pulse.strength > 0 && pulse.strength <= 0.5 && pulse.millis <= 40, JSON.stringify(pulse));
  }
  return undefined;
}
