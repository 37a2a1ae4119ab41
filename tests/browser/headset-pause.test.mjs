// While the headset shows something of its own, or has lost the head, nothing counts and nothing is done; then it goes on.

import assert from "node:assert/strict";
import { test } from "node:test";
import { leastReadingMillis } from "../../web/reading.js";
import { looking } from "./support/headset.mjs";
import { Reader } from "./support/reader.mjs";
import { anotherLantern, artifactOf, away, findInView, FRAMEBUFFER, lead, lookAt, sees, shows, wearing } from "./support/worn.mjs";

const TIMEOUT = { timeout: 300_000 };
/** An artifact has been looked at after two seconds, and a look has rested after less. */
const LONG_ENOUGH_MILLIS = 5000;
/** How soon what was held up is there, on a machine that draws by itself. */
const SOON_MILLIS = 30_000;

/** What makes the headset show something else, and no more. */
const AWAY = {
  "its own menu is over it (visible-blurred)": [(worn) => shows(worn, "visible-blurred"), (worn) => shows(worn, "visible")],
  "it shows something else (hidden)": [(worn) => shows(worn, "hidden"), (worn) => shows(worn, "visible")],
  "it has lost the head": [
    async (worn) => {
      await worn.page.evaluate(() => (watch.lost = true));
      await shows(worn, "visible");
    },
    (worn) => worn.page.evaluate(() => (watch.lost = false)),
  ],
};

/** The wearer has nothing but looks. */
async function hasNoHands(page) {
  await page.evaluate(() => {
    watch.device.primaryInputMode = "hand";
    for (const hand of Object.values(watch.device.hands)) hand.connected = false;
  });
}

/** Whatever could be looked at: nothing of it comes to the record, and nobody is led away. */
async function standsStill({ page, visitor }) {
  const before = await visitor.state();
  // There may be no frames.
  await page.waitForTimeout(LONG_ENOUGH_MILLIS);
  const after = await visitor.state();
  assert.equal(after.record.seq, before.record.seq, "nothing has been written down");
  assert.deepEqual([after.stop, after.view.position], [before.stop, before.view.position], "nobody has been led anywhere");
}

for (const [why, [goes, comes]] of Object.entries(AWAY)) {
  test(`while ${why}, looks do not count and lead nowhere, and afterwards they do`, TIMEOUT, async (t) => {
    const all = await wearing(t, {}, { framebuffer: FRAMEBUFFER });
    const { server, page, visitor, tickets, wearer: worn } = all;
    await hasNoHands(page);
    await worn.putOn();
    const [stop] = visitor.requiredStops;

    await t.test("an artifact that is before the eyes has not been looked at", async () => {
      // Before it is looked at nothing is shown, so that nothing counts on the way there.
      await shows(worn, "visible-blurred");
      await lead(visitor, stop);
      await lookAt(worn, await findInView(worn, visitor, artifactOf(visitor, stop)));
      await goes(worn);
      await standsStill(all);
      assert.equal(await visitor.isThere(stop, "observed"), false);
      await comes(worn);
      await visitor.has(stop, "observed");
    });

    await t.test("a look that rests on a lantern leads nowhere", async () => {
      await shows(worn, "visible-blurred");
      const lantern = await findInView(worn, visitor, anotherLantern);
      await lookAt(worn, lantern);
      await goes(worn);
      await standsStill(all);
      await comes(worn);
      await visitor.until((state, from) => state.stop !== null && state.stop !== from, stop, SOON_MILLIS);
    });

    await t.test("what was looked at while nothing was shown is in no record", async () => {
      await visitor.saved();
      const { entries } = await server.visit(tickets[0]);
      const looks = entries.flatMap(({ action, at }) => (action.type === "look" ? [{ from: at - action.millis, to: at }] : []));
      assert.ok(looks.length > 0);
      for (const { from, to } of looks) assert.ok(to - from < LONG_ENOUGH_MILLIS, `looked from ${from} to ${to}`);
      await server.replayedElsewhere(tickets[0]);
    });
  });
}

test("while the headset has no frames nothing is drawn and nobody is moved, and afterwards what the page said is done", TIMEOUT, async (t) => {
  const { page, visitor, wearer: worn } = await wearing(t, {}, { framebuffer: FRAMEBUFFER });
  await worn.putOn();
  const stood = await sees(worn);
  await shows(worn, "hidden");
  const count = () => page.evaluate(() => ({ within: watch.within, outside: watch.outside, asked: watch.asked }));
  const before = await count();
  const stop = visitor.requiredStops[1];
  await page.evaluate((id) => document.querySelector("xinghuo-tour").goTo(id), stop);
  await page.waitForTimeout(3000);
  assert.deepEqual(await count(), before, "nothing is drawn, and no frame of the window is asked for");
  const { view, stop: at } = await visitor.state();
  assert.deepEqual([at, view.position], [null, stood.position]);
  await shows(worn, "visible");
  await visitor.until((state, id) => state.stop === id, stop);
  await visitor.has(stop, "arrived");
  assert.ok((await count()).within > before.within, "it is drawn again");
});

test("while the headset's menu is over the room, hands do nothing and nobody walks on", TIMEOUT, async (t) => {
  const { page, visitor, wearer: worn } = await wearing(t, {}, { framebuffer: FRAMEBUFFER });
  await worn.putOn({ glide: true });
  const place = async () => (await visitor.state()).view.position;

  await t.test("a press does not count", async () => {
    const { stop } = await visitor.state();
    const lantern = await findInView(worn, visitor, anotherLantern);
    await worn.pointAt("right", await worn.placeOf(lantern));
    await shows(worn, "visible-blurred");
    // The emulator has no presses then; a headset might.
    await page.evaluate(() => new Promise((done) => {
      const { activeSession: session, controllers: { right } } = watch.device;
      session.requestAnimationFrame((_time, frame) => {
        for (const name of ["selectstart", "select", "selectend"]) session.dispatchEvent(Object.assign(new Event(name), { frame, inputSource: right.inputSource }));
        done();
      });
    }));
    await worn.stays(1);
    await worn.heard();
    assert.equal((await visitor.state()).stop, stop);
    await shows(worn, "visible");
    await worn.stays(1);
    await worn.heard();
    assert.equal((await visitor.state()).stop, stop, "nor later");
    await worn.press("right");
    await visitor.until((state, id) => state.stop === id, lantern.stop);
  });

  await t.test("a stick that was pushed walks no farther until the room is seen", async () => {
    const push = (x, y) => page.evaluate((axes) => watch.device.controllers.left.updateAxes("thumbstick", ...axes), [x, y]);
    let walked = null;
    for (const [x, y] of [[0, 1], [1, 0], [-1, 0], [0, -1]]) {
      const from = await place();
      await push(x, y);
      for (let wait = 0; wait < 5 && away(await place(), from) <= 0.2; wait += 1) await worn.frames(3);
      walked = [x, y];
      if (away(await place(), from) > 0.2) break;
    }
    await shows(worn, "visible-blurred");
    const stands = (await sees(worn)).position;
    await worn.stays(2);
    assert.deepEqual((await sees(worn)).position, stands, "nobody walks who sees nothing");
    // Back the way one came: there is room.
    await push(-walked[0], -walked[1]);
    await shows(worn, "visible");
    await visitor.until(({ view }, from) => Math.hypot(view.position[0] - from[0], view.position[2] - from[2]) > 0.2, stands);
    await push(0, 0);
    await worn.frames(6);
  });
});

test("a story that is open counts as read only for as long as it is seen", TIMEOUT, async (t) => {
  const { page, visitor, wearer: worn } = await wearing(t, { fovyDeg: 60 }, { framebuffer: FRAMEBUFFER });
  await worn.putOn();
  const reads = new Reader(visitor, "controller", "right", { framebuffer: FRAMEBUFFER });
  const [stop] = visitor.requiredStops;
  const least = leastReadingMillis(reads.texts[`stop.${stop}.story`].replaceAll(/<[^>]*>/g, " "));
  await lead(visitor, stop);
  await reads.open();
  let seen = -performance.now();
  await reads.press(reads.ui["card.story"]);
  // Who looks aside reads nothing, and can turn over to the end.
  const { position } = await worn.head();
  const panel = await reads.spaceOf((await reads.saying(reads.ui.close)).position);
  const [x, z] = [panel[0] - position[0], panel[2] - position[2]];
  await worn.moveHead({ rotation: looking([-z, 0, x]) });
  seen += performance.now();
  for (let turn = 0; turn < 20 && (await reads.saying(reads.ui["headset.further"])); turn += 1) await reads.press(reads.ui["headset.further"]);
  if (await reads.saying(reads.ui["story.say.story"])) await reads.press(reads.ui["story.say.story"]);
  await shows(worn, "visible-blurred");
  await reads.face();
  await page.waitForTimeout(least + 2000);
  assert.equal(await visitor.isThere(stop, "story"), false, `its ${Math.round(least)} ms have gone by, and it was not seen`);
  const again = performance.now();
  await shows(worn, "visible");
  await visitor.has(stop, "story");
  seen += performance.now() - again;
  assert.ok(seen > least - 500, `read in ${seen} ms, of ${least} at least`);
});
