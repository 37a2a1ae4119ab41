// A visitor: looks at the page and the element's public state, and acts with mouse, keys and fingers.

import assert from "node:assert/strict";
import { answers, VENUE, wrongly } from "./keys.mjs";

const LONG = 60_000;

/** A page that is being loaded anew says nothing yet. @param {Error} cause */
function meanwhile(cause) {
  if (!cause.message.includes("Execution context was destroyed")) throw cause;
  return null;
}

export class Visitor {
  /** @param {import("playwright-core").Page} page @param {string} origin */
  constructor(page, origin) {
    this.page = page;
    this.origin = origin;
    Object.assign(this, answers());
    this.touches = false;
  }

  // Looking

  async state() {
    return this.page.evaluate(() => {
      const { state } = document.querySelector("xinghuo-tour") ?? {};
      return JSON.parse(JSON.stringify(state ?? {}));
    });
  }

  /** Waits until the public state is as told. @param {(state: any, value: any) => boolean} is */
  async until(is, value = null, millis = LONG) {
    const end = Date.now() + millis;
    for (;;) {
      const state = await this.state().catch(meanwhile);
      if (state && is(state, value)) return;
      if (Date.now() > end) {
        throw new Error(`never became so: ${is} ${JSON.stringify(value)}; the state is ${JSON.stringify(state).slice(0, 3000)}`);
      }
      await this.page.waitForTimeout(100);
    }
  }

  /** What is where on the canvas, once the visitor has come to rest. */
  async restingView() {
    let before = "";
    for (let look = 0; look < 100; look += 1) {
      const { view } = await this.state();
      const now = JSON.stringify(view);
      // A slow machine may not have moved anybody in the meantime.
      if (view && !view.moving && now === before) return view;
      before = now;
      await this.page.waitForTimeout(400);
    }
    throw new Error("the view never came to rest");
  }

  has(stop, kind) {
    return this.until((state, [id, what]) => state.progress?.stops.find((one) => one.stop === id)?.evidence.includes(what) ?? false, [stop, kind]);
  }

  async saved() {
    await this.until((state) => state.record.status === "saved");
  }

  // Acting

  async press(locator) {
    if (this.touches) await locator.tap();
    else await locator.click();
  }

  async open({ mode = "auto", lang = "zh-Hans" } = {}) {
    await this.page.goto(`${this.origin}/?venue=${VENUE}&lang=${lang}&mode=${mode}`);
    await this.page.locator(".poster h1").waitFor();
  }

  async enter() {
    await this.press(this.page.locator(".door .primary"));
    await this.until((state) => state.phase === "ready");
    await this.closeHelp();
  }

  async closeHelp() {
    const help = this.page.locator("dialog.help");
    if (await help.evaluate((dialog) => dialog.open)) await this.press(help.locator(".primary"));
  }

  /** By the route: the rail on a desktop, the sheet on a phone, the list of the text walk. */
  async goTo(stop) {
    const { mode, stop: here } = await this.state();
    if (here === stop && mode === "scene") return;
    const item = this.page.locator(`:is(.route, .text-route) [data-stop="${stop}"]:visible`);
    if (mode === "scene" && (await item.count()) === 0) await this.openRoute();
    await this.press(item);
    await this.until((state, id) => state.stop === id, stop);
    await this.has(stop, "arrived");
  }

  async openRoute() {
    const button = this.page.locator(".topbar [data-key=route]");
    await this.press(button);
    // A finger that has just left the thumb-stick may count as the first half of a double tap.
    await this.page.waitForTimeout(500);
    if ((await button.getAttribute("aria-expanded")) === "false") await this.press(button);
  }

  async lookClosely(stop) {
    await this.press(this.page.locator(".card [data-key=open]"));
    await this.until((state, id) => state.open === id, stop);
    await this.has(stop, "observed");
  }

  /** Reads what is in front of one, to its end. @param {"story" | "observed"} kind */
  async read(stop, kind = "story") {
    if (await this.isThere(stop, kind)) return;
    const say = this.page.locator(`[data-key=say-${kind}]:visible`);
    await say.scrollIntoViewIfNeeded();
    if (await say.isVisible().catch(() => false)) await this.press(say).catch(() => {});
    await this.has(stop, kind);
  }

  async isThere(stop, kind) {
    const { progress } = await this.state();
    return progress?.stops.find((one) => one.stop === stop)?.evidence.includes(kind) ?? false;
  }

  question(id) {
    return Object.values(this.venue.checkpoints).flatMap((one) => one.questions).find((one) => one.id === id);
  }

  /**
   * Answers everything that the stop in front of one asks.
   * @param {{right?: boolean, onAnswer?: (id: string) => Promise<void>}} [how]
   */
  async answerAll(stop, { right = true, onAnswer = async () => {} } = {}) {
    const form = this.page.locator("form.question:visible");
    for (let turn = 0; turn < 12; turn += 1) {
      await form.or(this.page.locator("[data-key=through]:visible")).first().waitFor();
      if ((await form.count()) === 0) break;
      const asked = await form.evaluate(({ dataset }) => ({ ...dataset }));
      const response = this.responseTo(asked.question, right);
      if (response.kind === "locate" && (await this.state()).mode === "scene") {
        await this.pointOut(stop, form, response.value);
      } else {
        await this.fill(form, response);
        await this.press(form.locator("[data-key=submit]"));
      }
      await onAnswer(asked.question);
      const same = `form.question[data-question="${asked.question}"][data-attempt="${asked.attempt}"]`;
      await this.page.locator(same).waitFor({ state: "detached", timeout: LONG });
    }
    await this.has(stop, "answered");
  }

  responseTo(question, right) {
    const key = this.keys[question];
    assert.ok(key, `the teacher has a key to ${question}`);
    return right ? key : wrongly(key, this.question(question), this.artifacts);
  }

  /** Fills a form in as a visitor would. */
  async fill(form, { kind, value }) {
    if (kind === "single") return this.press(form.locator(`input[value="${value}"]`));
    if (kind === "multiple") {
      for (const id of value) await this.press(form.locator(`input[value="${id}"]`));
      return undefined;
    }
    if (kind === "match") {
      for (const [left, target] of Object.entries(value)) await form.locator(`[data-key="match-${left}"]`).selectOption(target);
      return undefined;
    }
    if (kind === "order") return this.order(form, value);
    const inList = form.locator(`[data-key="artifact-${value}"]`);
    if (!(await inList.isVisible())) await this.press(form.locator("details > summary"));
    return this.press(inList);
  }

  /** Answers by finding the artifact: goes where it is, points at it on the canvas and comes back. */
  async pointOut(stop, form, artifact) {
    await this.press(form.locator("[data-key=locate]"));
    await this.page.locator(".locating:visible").waitFor();
    const { id } = this.venue.stops.find((stop) => stop.artifact?.id === artifact);
    await this.goTo(id);
    // The panel that lay over the scene goes, and the view moves back.
    await this.until((state, one) => state.view?.artifacts.some((it) => it.artifact === one && it.visible) ?? false, artifact);
    const { artifacts } = await this.restingView();
    const seen = artifacts.find((one) => one.artifact === artifact && one.visible);
    assert.ok(seen, `${artifact} is in view at its stop`);
    await this.pressCanvas(seen);
    await this.page.locator(".locating:visible").waitFor({ state: "detached" });
    if (id !== stop) await this.press(this.page.locator('[data-notice=marked] [data-key$="back-to"]'));
    await this.until((state, back) => state.stop === back, stop);
    if (id === stop) await this.press(this.page.locator(".card [data-key=question], [data-key=tab-question]").locator("visible=true").first());
  }

  /** @param {{x: number, y: number}} at from the canvas's top left */
  async pressCanvas({ x, y }) {
    const box = await this.page.locator("canvas").boundingBox();
    if (this.touches) await this.page.touchscreen.tap(box.x + x, box.y + y);
    else await this.page.mouse.click(box.x + x, box.y + y);
  }

  async order(form, wanted) {
    for (let place = 0; place < wanted.length; place += 1) {
      for (;;) {
        const now = await form.locator(".order [data-key^=up-]").evaluateAll((buttons) => buttons.map((one) => one.dataset.key.slice(3)));
        const at = now.indexOf(wanted[place]);
        if (at === place) break;
        await this.press(form.locator(`[data-key="up-${wanted[place]}"]`));
        await form.locator(`.order li:nth-child(${at}) [data-key="up-${wanted[place]}"]`).waitFor();
      }
    }
  }

  /** One stop of the text walk, from its title to its last question. */
  async visitInText(stop, how = {}) {
    await this.goTo(stop);
    await this.read(stop, "story");
    if (this.venue.stops.find((one) => one.id === stop).artifact) await this.read(stop, "observed");
    await this.answerAll(stop, how);
  }

  /** One stop of the scene. */
  async visitInScene(stop, how = {}) {
    await this.goTo(stop);
    await this.lookClosely(stop);
    await this.read(stop, "story");
    await this.press(this.page.locator("[data-key=tab-question]"));
    await this.answerAll(stop, how);
    await this.press(this.page.locator(".side [data-key=close]"));
  }

  get requiredStops() {
    return this.venue.stops.filter((stop) => stop.required).map((stop) => stop.id);
  }
}
