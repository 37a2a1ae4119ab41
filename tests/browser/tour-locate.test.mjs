// Finding an artifact in the scene as the answer to a question: by mouse, and by finger.

import assert from "node:assert/strict";
import { test } from "node:test";
import { DESKTOP, PHONE, stage } from "./support/stage.mjs";
import { Visitor } from "./support/visitor.mjs";

for (const [how, screen] of [["a mouse", DESKTOP], ["a finger", PHONE]]) {
  test(`a question is answered by pointing with ${how} at an artifact in the scene`, { timeout: 300_000 }, async (t) => {
    const { server, page, tickets } = await stage(t, { screen });
    const visitor = new Visitor(page, server.origin);
    visitor.touches = screen === PHONE;
    await visitor.open();
    await visitor.enter();
    const stop = stopThatAsksToFind(visitor.venue);
    await visitor.goTo(stop);
    await visitor.press(page.locator(".card [data-key=question]"));
    const question = await wrongUntilFinding(visitor);
    const form = page.locator("form.question:visible");
    await visitor.pointOut(stop, form, visitor.keys[question].value);
    await page.locator(`[data-key="right-${question}"]:visible`).waitFor();
    await visitor.saved();
    const { entries, verdicts } = await server.visit(tickets[0]);
    const last = entries.findLast(({ action }) => action.type === "answer");
    assert.deepEqual(last.action.response, visitor.keys[question], "what was pointed at is what was recorded");
    assert.equal(verdicts.find(({ seq }) => seq === last.seq)?.right ?? true, true);
  });
}

/** One where every question of the pool comes up within the attempts that a visitor has. */
function stopThatAsksToFind({ stops, checkpoints, completion }) {
  const fits = ({ draw, questions }) =>
    draw === 1 && questions.length <= completion.attempts && questions.some(({ kind }) => kind === "locate");
  const stop = stops.find(({ checkpoint, prerequisites }) => checkpoint && prerequisites.length === 0 && fits(checkpoints[checkpoint]));
  assert.ok(stop, "the venue has a stop that asks to find something");
  return stop.id;
}

/** Answers wrongly until an artifact is to be found; returns the question that asks for it. */
async function wrongUntilFinding(visitor) {
  const form = visitor.page.locator("form.question:visible");
  for (;;) {
    await form.waitFor();
    const { question, attempt, kind } = await form.evaluate(({ dataset }) => ({ ...dataset }));
    if (kind === "locate") return question;
    await visitor.fill(form, visitor.responseTo(question, false));
    await visitor.press(form.locator("[data-key=submit]"));
    await visitor.page.locator(`form.question[data-question="${question}"][data-attempt="${attempt}"]`).waitFor({ state: "detached" });
  }
}
