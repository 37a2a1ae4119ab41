// Every kind of question is answered in the headset, the thing that is asked for by pointing at it, and what is wrong is asked otherwise.

import assert from "node:assert/strict";
import { test } from "node:test";
import { headsetScripts } from "./support/headset.mjs";
import { LANGUAGE, Reader } from "./support/reader.mjs";
import { stage } from "./support/stage.mjs";
import { Visitor } from "./support/visitor.mjs";
import { FRAMEBUFFER, glErrors, SCREEN } from "./support/worn.mjs";

/** Two stops of one room that ask in every way between them: each asks otherwise after a wrong answer. */
const STOPS = ["house", "thirtieth"];
const KINDS = ["locate", "match", "multiple", "order", "single"];

test("all kinds of questions are answered in the headset, and the server has every answer", { timeout: 900_000 }, async (t) => {
  const { server, page, tickets } = await stage(t, { screen: SCREEN, scripts: headsetScripts({ fovyDeg: 60 }) });
  const visitor = new Visitor(page, server.origin);
  await visitor.open({ lang: LANGUAGE });
  await visitor.enter();
  const reads = new Reader(visitor, "controller", "right", { framebuffer: FRAMEBUFFER });
  await page.evaluate(() => (watch.device.controllers.left.connected = false));
  await reads.worn.putOn();
  const { attempts } = visitor.venue.completion;
  const kinds = [];
  const asked = [];
  for (const stop of STOPS) {
    await t.test(`at the stop “${stop}” all that can be asked is asked, and only the last answer is right`, async () => {
      await reads.goTo(stop);
      await reads.answerAll(stop, {
        points: true,
        right: (turn) => turn === attempts - 1,
        onAsked({ id, kind }) {
          kinds.push(kind);
          asked.push(id);
        },
      });
      await visitor.has(stop, "answered");
    });
  }
  assert.deepEqual([...new Set(kinds)].sort(), KINDS);
  assert.equal(new Set(asked).size, asked.length, "after a wrong answer another question is asked");

  await t.test("the server has them, right and wrong, as they were given", async () => {
    await visitor.saved();
    const { record, entries } = await server.visit(tickets[0]);
    const given = entries.filter(({ action }) => action.type === "answer").map(({ action }) => action);
    assert.deepEqual(given.map(({ question }) => question), asked);
    given.forEach(({ question, response }, i) => {
      assert.deepEqual(response, visitor.responseTo(question, i % attempts === attempts - 1), question);
    });
    assert.equal(record.settled, STOPS.length);
    assert.equal((await visitor.state()).headset, "worn");
    assert.equal(await page.evaluate(() => watch.modes.length), 1, "all in one session");
    await server.replayedElsewhere(tickets[0]);
    assert.equal(await glErrors(page), 0);
  });
});
