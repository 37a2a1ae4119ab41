// Somebody who reads and answers on panels in a headset: with a controller, a hand, a finger, or by looks alone.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { looking, Wearer } from "./headset.mjs";
import { setting } from "./server.mjs";
import { artifactOf, findInView, lead, lookAt, shows } from "./worn.mjs";

export const LANGUAGE = "zh-Hans";

/** How soon a page that is scrolled is there. */
const SOON_MILLIS = 4000;
/** For how long a look rests until it presses, and a little more. */
const REST_SECS = 1.6;

const read = (path) => JSON.parse(readFileSync(path, "utf8"));
const minus = (a, b) => a.map((one, i) => one - b[i]);

/** An answer of which the order counts only where it is one. */
const inOrder = ({ kind, value }) => ({ kind, value: kind === "multiple" ? [...value].sort() : value });

export class Reader {
  /**
   * @param {import("./visitor.mjs").Visitor} visitor
   * @param {"controller" | "hand" | "finger" | "gaze"} how
   * @param {"left" | "right"} [side]
   * @param {{framebuffer?: {width: number, height: number}, own?: boolean}} [more] `own` is the visitor's own room, in whose places words are then
   */
  constructor(visitor, how, side = "right", { framebuffer, own = false } = {}) {
    Object.assign(this, { visitor, worn: new Wearer(visitor, framebuffer), how, side, own });
    this.hear(LANGUAGE);
    this.texts = read(join(setting("XINGHUO_PACKAGES"), visitor.venue.id, visitor.hash, "text", `${LANGUAGE}.json`));
  }

  /** Goes by the interface's words in a language. @param {string} language */
  hear(language) {
    this.ui = read(join(setting("XINGHUO_SITE"), "text", `${language}.json`));
  }

  /** What can be pressed now. */
  async presses() {
    return (await this.visitor.state()).presses;
  }

  async says(text) {
    await this.visitor.until((state, wanted) => state.presses.some(({ says }) => says.includes(wanted)), text);
  }

  /** Where a place of the room is in the headset's space. */
  async spaceOf(place) {
    if (this.own) return place;
    const { view } = await this.visitor.state();
    const { position, rotation } = await this.worn.head();
    // The look ahead in the headset's space, and in the room: between them is how the space is turned.
    const [x, y, z, w] = rotation;
    const ahead = [-2 * (x * z + w * y), 0, -(1 - 2 * (x * x + y * y))];
    const turn = (view.yawDeg * Math.PI) / 180 - Math.atan2(-ahead[0], -ahead[2]);
    const [dx, dy, dz] = minus(place, view.position);
    const [cos, sin] = [Math.cos(-turn), Math.sin(-turn)];
    return [position[0] + dx * cos + dz * sin, position[1] + dy, position[2] - dx * sin + dz * cos];
  }

  /** The first thing to press that says `text`, or has it among what it says. */
  async saying(text) {
    const all = await this.presses();
    return all.find(({ says }) => says === text) ?? all.find(({ says }) => says.includes(text));
  }

  /** Turns to the panel, if looks do not press what they rest on there. */
  async turnTo() {
    if (this.how !== "gaze") await this.face();
  }

  /** Looks at the middle of the panel; by looks alone, at where there is most room between what can be pressed. */
  async face() {
    await this.worn.heard();
    const all = (await this.presses()).map(({ position }) => position);
    const middle = [0, 1, 2].map((i) => all.reduce((sum, position) => sum + position[i], 0) / all.length);
    if (this.how === "gaze") {
      const heights = all.map(([, y]) => y).sort((a, b) => a - b);
      const gaps = heights.slice(1).map((high, i) => ({ room: high - heights[i], at: (high + heights[i]) / 2 }));
      middle[1] = gaps.sort((a, b) => b.room - a.room)[0]?.at ?? middle[1];
    }
    const { position } = await this.worn.head();
    const at = await this.spaceOf(middle);
    await this.worn.moveHead({ rotation: looking(minus(at, position)) });
    await this.worn.frames(2);
  }

  /** Presses what says `text`. */
  async press(text) {
    await this.says(text);
    await this.worn.heard();
    return this.#press(text);
  }

  /** Presses it, where the page has heard of all there is. */
  async #press(text) {
    const it = await this.saying(text);
    assert.ok(it, `${text} can be pressed`);
    const at = await this.spaceOf(it.position);
    if (this.how === "gaze") {
      const { position } = await this.worn.head();
      await this.worn.moveHead({ rotation: looking(minus(at, position)) });
      await this.worn.stays(REST_SECS);
      // Whatever is there next is not to be pressed by the same look, however long the frames take: one looks at
      // one's feet, where nothing is to be picked either.
      const [x, , z] = minus(at, position);
      return this.worn.moveHead({ rotation: looking([x, -4 * Math.hypot(x, z), z]) });
    }
    if (this.how === "finger") return this.worn.poke(this.side, at);
    const kind = this.how === "hand" ? "hands" : "controllers";
    await this.worn.pointAt(this.side, at, kind);
    if (this.how === "hand") await this.worn.pinch(this.side);
    else await this.worn.press(this.side);
    return this.worn.frames(3);
  }

  /** Scrolls one way, and waits until what is there now has come: what is pressed before that, one has not seen. @param {"headset.back" | "headset.further"} way */
  async #scroll(way) {
    const before = JSON.stringify(await this.presses());
    await this.#press(this.ui[way]);
    // Between two pages of nothing but words there is no difference, and nothing to press too early.
    await this.visitor.until((state, was) => JSON.stringify(state.presses) !== was, before, SOON_MILLIS).catch(() => {});
  }

  /** Scrolls until what says `text` is there, and presses it. */
  async find(text) {
    for (const way of ["headset.back", "headset.further"]) {
      for (let turn = 0; turn < 20; turn += 1) {
        await this.worn.heard();
        if (await this.saying(text)) return this.#press(text);
        if (!(await this.saying(this.ui[way]))) break;
        await this.#scroll(way);
      }
    }
    const said = (await this.presses()).map(({ says }) => says);
    assert.fail(`${text} is nowhere: ${JSON.stringify(said)}`);
    return undefined;
  }

  /** Opens the panel by its handle, if it is not open. */
  async open() {
    await this.visitor.until(({ presses }) => presses.length > 0);
    const all = await this.presses();
    const turns = [this.ui["headset.turn-left"], this.ui["headset.turn-right"]];
    const handle = all.find(({ says }) => !turns.includes(says));
    if (!all.some(({ says }) => says === this.ui.close)) await this.press(handle.says);
    await this.says(this.ui.close);
    await this.turnTo();
  }

  /** Presses what takes the headset off, on the side of the panel that has it: there are no frames of it after that. */
  async leave(text, side) {
    if (side) {
      await this.open();
      await this.press(this.ui[side]);
    }
    await this.press(text).catch(() => {});
    await this.visitor.until((state) => state.headset === "there");
  }

  /**
   * Makes a tour of these stops, in whichever way.
   * @param {import("node:test").TestContext} t
   * @param {string[]} stops
   * @param {(stop: string) => Promise<void>} [looked] what is done besides, once the artifact has been looked at
   */
  async tour(t, stops, looked = async () => {}) {
    for (const stop of stops) {
      await t.test(`the stop “${stop}” is gone to, looked at, read and answered`, async () => {
        await this.goTo(stop);
        await this.observe(stop);
        await looked(stop);
        await this.read(stop);
        await this.answerAll(stop);
      });
      assert.ok(await this.visitor.isThere(stop, "answered"), `the tour goes on after “${stop}”`);
    }
  }

  async goTo(stop) {
    await this.open();
    await this.press(this.ui["route.title"]);
    await this.find(this.texts[`stop.${stop}.title`]);
    await this.visitor.until((state, id) => state.stop === id, stop);
  }

  /** Looks round for the artifact of the stop where one stands, until it has been seen for long enough. */
  async observe(stop) {
    const { visitor, worn } = this;
    const isSeen = artifactOf(visitor, stop);
    // Who has nothing but looks goes where one rests. Where frames come seldom, so does one that only looks round: it is
    // done while the headset's menu is over the room, and nothing is picked.
    const searches = (state) => (this.how === "gaze" ? shows(worn, state) : undefined);
    await searches("visible-blurred");
    for (let turn = 0; turn < 25 && !(await visitor.isThere(stop, "observed")); turn += 1) {
      await worn.heard();
      const { view } = await visitor.state();
      const seen = isSeen({ view });
      if (seen) {
        await lookAt(worn, seen);
        break;
      }
      const angle = ((turn + 1) * Math.PI) / 4;
      // Ahead, then at what lies on a table in front of one, then above.
      const up = [-0.4, -1.2, 0.2][Math.floor(turn / 8)] ?? 0;
      await worn.moveHead({ rotation: looking([Math.sin(angle), up, -Math.cos(angle)]) });
    }
    await searches("visible");
    await visitor.has(stop, "observed");
  }

  /** Reads the story of the stop where one stands. */
  async read(stop) {
    await this.open();
    await this.press(this.ui["card.story"]);
    await this.turnTo();
    for (let turn = 0; turn < 20 && !(await this.visitor.isThere(stop, "story")); turn += 1) {
      await this.worn.heard();
      if (await this.saying(this.ui["headset.further"])) await this.#press(this.ui["headset.further"]);
      else if (await this.saying(this.ui["story.say.story"])) {
        // Once is enough: what it says is gone as soon as the page has heard of it.
        await this.#press(this.ui["story.say.story"]);
        break;
      }
    }
    // It is read for as long as it is seen.
    if (!(await this.visitor.isThere(stop, "story"))) await this.face();
    await this.visitor.has(stop, "story");
  }

  /** Which of the questions of a stop is being asked: the one whose choices are there. */
  async asked(stop) {
    const { checkpoint } = this.visitor.venue.stops.find((one) => one.id === stop);
    const { questions } = this.visitor.venue.checkpoints[checkpoint];
    const said = (await this.presses()).map(({ says }) => says);
    // What is to be chosen of one question may be among what another one's choices say.
    const offers = (what) => {
      const moves = ["up", "down"].map((way) => this.#move(way, what));
      return said.some((says) => says.startsWith(what) || moves.includes(says));
    };
    return questions.find(({ id, options, kind }) =>
      kind === "locate" ? said.some((says) => says.includes(this.ui["question.locate"])) : options.some((option) => offers(this.texts[`question.${id}.option.${option}`])));
  }

  /**
   * Answers what the stop where one stands asks.
   * @param {string} stop
   * @param {{right?: (turn: number) => boolean, points?: boolean, onAsked?: (question: any) => void}} [how] which answers are
   *   right; whether what is asked for is pointed at in the room, and not found in the list
   */
  async answerAll(stop, { right = () => true, points = false, onAsked = () => {} } = {}) {
    await this.open();
    await this.press(this.ui["card.question"]);
    for (let turn = 0; turn < 12; turn += 1) {
      const { progress } = await this.visitor.state();
      if (progress.stops.find((one) => one.stop === stop).evidence.includes("answered")) return;
      await this.visitor.until(({ presses }) => presses.length > 4);
      let question = await this.asked(stop);
      for (let down = 0; !question && down < 6; down += 1) {
        await this.says(this.ui["headset.further"]);
        await this.#scroll("headset.further");
        question = await this.asked(stop);
      }
      assert.ok(question, "a question is asked");
      onAsked(question);
      const { seq } = (await this.visitor.state()).record;
      const response = this.visitor.responseTo(question.id, right(turn));
      const sent = this.#sent(question.id);
      // Whatever goes wrong before then is what is told of.
      sent.catch(() => {});
      if (points && response.kind === "locate") await this.pointOut(response.value);
      else {
        await this.fill(question, response);
        await this.find(this.ui["question.answer"]);
      }
      await this.visitor.until((state, before) => state.record.seq > before, seq);
      assert.deepEqual(inOrder(await sent), inOrder(response), `“${question.id}” is answered as it was filled in`);
      await this.visitor.saved();
      await this.worn.frames(6);
    }
  }

  /** The next answer to a question that the page sends. @param {string} question */
  async #sent(question) {
    const answer = (request) => {
      if (request.method() !== "POST" || !request.url().endsWith("/evidence")) return undefined;
      const actions = request.postDataJSON().entries.map(({ action }) => action);
      return actions.findLast((action) => action.type === "answer" && action.question === question);
    };
    return answer(await this.visitor.page.waitForRequest(answer, { timeout: 600_000 })).response;
  }

  /** Goes to where the thing is that is asked for, and points at it. */
  async pointOut(artifact) {
    const { visitor, worn, side } = this;
    await this.find(this.ui["question.locate"]);
    const { id } = visitor.venue.stops.find((one) => one.artifact?.id === artifact);
    await lead(visitor, id);
    const seen = artifactOf(visitor, id);
    await lookAt(worn, await findInView(worn, visitor, seen));
    await worn.heard();
    await worn.pointAt(side, await worn.placeOf(seen(await visitor.state())));
    await worn.press(side);
    // What is asked opens again by itself.
    await this.says(this.ui.close);
    await this.face();
  }

  async fill({ id }, { kind, value }) {
    const option = (one) => this.texts[`question.${id}.option.${one}`];
    if (kind === "single") return this.find(option(value));
    if (kind === "multiple") {
      for (const one of value) await this.find(option(one));
      return undefined;
    }
    if (kind === "match") {
      for (const [one, target] of Object.entries(value)) {
        const row = `${option(one)}${this.ui["list.colon"]}`;
        // What is being matched has its choices beneath and no row to press.
        if (await this.saying(row)) await this.press(row);
        await this.find(this.texts[`question.${id}.target.${target}`]);
      }
      return undefined;
    }
    if (kind === "order") return this.order(value.map(option));
    if (kind === "locate") return this.find(this.texts[`artifact.${value}.name`]);
    assert.fail(`these tests do not fill in ${kind}`);
    return undefined;
  }

  /** What moves something up or down says. */
  #move(way, what) {
    return this.ui[`question.${way}`].replace("{what}", what);
  }

  /** Moves things up until they are in order. */
  async order(wanted) {
    for (let place = 0; place < wanted.length; place += 1) {
      for (let turn = 0; turn < wanted.length; turn += 1) {
        const all = (await this.presses()).map(({ says }) => says);
        const first = wanted.filter((what) => all.includes(this.#move("down", what))).sort((a, b) => all.indexOf(this.#move("down", a)) - all.indexOf(this.#move("down", b)));
        const last = wanted.find((what) => !first.includes(what));
        if ([...first, last].indexOf(wanted[place]) <= place) break;
        await this.find(this.#move("up", wanted[place]));
      }
    }
  }
}
