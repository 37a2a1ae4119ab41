/**
 * What the page knows of the tour at this moment. Panels read it; only the element writes it.
 */

/** @import { CheckpointPanel, Progress, Response, StopProgress, Summary, Verdict, View } from "./messages.js" */
/** @import { VenuePackage } from "./package.js" */
/** @import { Words } from "./words.js" */

/**
 * @typedef {"poster" | "loading" | "ready" | "error"} Phase
 * @typedef {"none" | "saving" | "saved" | "offline"} RecordStatus
 * @typedef {{word: string, run: () => void}} NoticeAction
 * @typedef {object} Notice
 * @property {string} id @property {string} word @property {Record<string, string | number>} [values] @property {NoticeAction[]} [actions]
 * @property {boolean} [lasting] it cannot be put away
 * @property {boolean} [goesOn] it is found again and again until it is over, and is told once
 *
 * @typedef {{received: number, total: number | null, step: string | null, done: number, of: number}} Loading
 */

/**
 * @typedef {object} Actions what a visitor can do on the page
 * @property {(how?: import("./entering.js").How) => void} enter
 * @property {() => Promise<import("./record/api.js").Notice | null>} notice who keeps records here, and for how long
 * @property {() => void} retry
 * @property {() => void} textWalk
 * @property {() => void} leave
 * @property {(language: string) => void} speak
 * @property {(stop: string) => void} goTo
 * @property {(stop: string) => void} open
 * @property {(room: string) => void} goInto another room, through its door
 * @property {() => void} close
 * @property {(stop: string, side: "story" | "question") => void} showSide
 * @property {() => void} closeSide
 * @property {(stop: string) => void} lookAgain
 * @property {(after: string) => void} next
 * @property {(open: boolean) => void} showRoute
 * @property {(stop: string) => void} storyRead
 * @property {(stop: string) => void} described
 * @property {(question: string, response: Response) => void} answer
 * @property {(question: string) => void} locate
 * @property {() => void} cancelLocate
 * @property {(x: number, z: number) => void} walk
 * @property {(left: number, top: number, right: number, bottom: number) => void} inset how much of the scene is covered
 * @property {(covered: boolean) => void} cover whether a dialog lies over the tour
 * @property {() => void} help
 * @property {() => void} showHeadset what a headset is like, and the way in
 * @property {(comfort: import("./headset.js").Comfort) => Promise<void>} putOn
 * @property {(stop: string) => void} bring its artifact, to the visitor's own table
 * @property {() => void} takeOff
 * @property {() => void} handOver offers to go on in a headset
 * @property {() => void} keepHere offers it no more
 * @property {() => void} summary
 * @property {() => void} takeCopy
 * @property {() => void} erase
 * @property {() => void} startAnew
 * @property {(id: string) => void} dismiss
 */

export class Model {
  /** @type {Phase} */
  phase = "poster";
  /** @type {"scene" | "text"} */
  mode = "scene";
  language = "zh-Hans";
  /** @type {Words} */
  t = (key) => key;
  /** Whether the words are there. */
  worded = false;
  /** @type {Record<string, string>} */
  texts = {};
  /** @type {VenuePackage | null} */
  package = null;
  /** Where the poster is; known before the rest of the package is. @type {string | null} */
  poster = null;
  /** @type {Loading} */
  loading = { received: 0, total: null, step: null, done: 0, of: 0 };
  /** Whether an earlier visit on this device can be gone on with. */
  resumable = false;
  /**
   * What is known of the visit on this device that can be gone on with: the visitor agreed to its being
   * recorded, chose that it is not, or has to be asked.
   * @type {"recorded" | "unrecorded" | "ask"}
   */
  consent = "ask";
  /** Whether a learning system has sent the visitor, who has not been asked yet. */
  launched = false;
  /** What stands between the visitor and the tour. @type {"no-server" | "other-tab" | "elsewhere" | "consent" | null} */
  gate = null;
  /** Whether the visitor has asked to come in. */
  entering = false;
  /** @type {string | null} */
  error = null;

  /** @type {string | null} */
  room = null;
  /** The room that the visitor is about to enter. @type {string | null} */
  passing = null;
  /** The stop where the visitor stands. @type {string | null} */
  stop = null;
  /** The stop whose artifact is seen closely. @type {string | null} */
  open = null;
  /** @type {{stop: string, side: "story" | "question"} | null} */
  side = null;
  routeOpen = false;
  /** @type {string | null} */
  locating = null;
  /** @type {{stop: string | null, artifact: string | null, door: string | null}} */
  hover = { stop: null, artifact: null, door: null };
  /** @type {View | null} */
  view = null;
  /** @type {Progress | null} */
  progress = null;
  /** @type {Summary | null} */
  summary = null;
  /** @type {Record<string, CheckpointPanel>} */
  panels = {};
  /** @type {{question: string, right: boolean} | null} */
  lastMarked = null;
  /** What rightly answered questions teach, by question and language. @type {Record<string, Record<string, string>>} */
  taught = {};
  /** What is said to wrong answers, by question and language. @type {Record<string, Record<string, string>>} */
  hinted = {};
  /** @type {{status: RecordStatus, seq: number, visit: string | null, durable: boolean}} */
  record = { status: "none", seq: 0, visit: null, durable: true };
  /** Whether the scene can be seen in a headset. @type {"none" | "there" | "worn"} */
  headset = "none";
  /** What can be pressed on the panel in the headset. @type {import("./messages.js").Press[]} */
  presses = [];
  /** The offer to go on with the visit elsewhere. @type {import("./handing.js").Handover | null} */
  handover = null;
  /** What is named in the headset, such as the room behind a door. @type {string | null} */
  named = null;
  /** Whether an artifact can be put on the visitor's own table. */
  brings = false;
  /** What is being put there with a phone, and whether it lies. @type {{stop: string, lies: boolean} | null} */
  brought = null;
  /** Another tab or device has taken the visit over. */
  passive = false;
  /** @type {Notice[]} */
  notices = [];

  /** A text of the venue; one that is missing shows its key, so that it is noticed. @param {string} key */
  text(key) {
    return this.texts[key] ?? key;
  }

  /**
   * What a rightly answered question teaches: of a graded one, the server says it with the verdict.
   * @param {string} question
   */
  feedback(question) {
    return this.#said(this.taught[question]) ?? this.optional(`question.${question}.feedback`);
  }

  /**
   * What is said to a wrong answer: to a graded question, the server says it with the verdict.
   * @param {string} question
   */
  hint(question) {
    return this.#said(this.hinted[question]) ?? this.optional(`question.${question}.hint`);
  }

  /** In the visitor's language, else in any. @param {Record<string, string> | undefined} words */
  #said(words = {}) {
    return words[this.language] ?? Object.values(words)[0];
  }

  /** @param {Verdict[]} verdicts */
  learn(verdicts) {
    for (const { question, feedback, hint } of verdicts) {
      if (feedback) this.taught[question] = feedback;
      if (hint) this.hinted[question] = hint;
    }
  }

  /** A text that a venue may do without. @param {string} key */
  optional(key) {
    return this.texts[key] ?? "";
  }

  get stops() {
    return this.package?.venue.stops ?? [];
  }

  // Looked up for every stop at every change, so found by name.

  /** @type {{of: unknown, by: Map<string, import("./messages.js").Stop>}} */
  #stops = { of: null, by: new Map() };
  /** @type {{of: unknown, by: Map<string, StopProgress>}} */
  #standing = { of: null, by: new Map() };

  /** @param {string} id */
  stopOf(id) {
    const { stops } = this;
    if (this.#stops.of !== stops) this.#stops = { of: stops, by: new Map(stops.map((stop) => [stop.id, stop])) };
    return this.#stops.by.get(id) ?? null;
  }

  /** @param {string} id @returns {StopProgress | null} */
  progressOf(id) {
    const stops = this.progress?.stops ?? null;
    if (this.#standing.of !== stops) this.#standing = { of: stops, by: new Map(stops?.map((stop) => [stop.stop, stop])) };
    return this.#standing.by.get(id) ?? null;
  }

  /** The stops in the order of the route, those that follow each other in the same room together. */
  get stretches() {
    /** @type {{room: string, stops: {id: string, index: number}[]}[]} */
    const stretches = [];
    for (const [index, { id, room }] of this.stops.entries()) {
      const last = stretches.at(-1);
      if (last?.room === room) last.stops.push({ id, index });
      else stretches.push({ room, stops: [{ id, index }] });
    }
    return stretches;
  }

  /** The artifacts of the venue by name, in the order of their ids, which tells nothing. */
  artifacts() {
    return this.stops
      .flatMap((stop) => (stop.artifact ? [stop.artifact.id] : []))
      .sort()
      .map((id) => ({ id, name: this.text(`artifact.${id}.name`) }));
  }

  /** Stops that must be done before this one's questions open. @param {string} id */
  missingBefore(id) {
    return (this.stopOf(id)?.prerequisites ?? []).filter((other) => !this.progressOf(other)?.done);
  }

  /** The next stop on the route that is not done, after this one and then from the start. @param {string} after */
  nextStop(after) {
    const index = this.stops.findIndex((stop) => stop.id === after);
    const round = [...this.stops.slice(index + 1), ...this.stops.slice(0, Math.max(index, 0))];
    return round.find((stop) => !this.progressOf(stop.id)?.done)?.id ?? null;
  }

  /** Whether the visit can go on in a headset: it is recorded, and this device is none. */
  get canHandOver() {
    const { visit } = this.record;
    return visit !== null && !visit.startsWith("local-") && this.headset === "none" && !this.passive;
  }

  /** Required stops that are done, and how many there are. */
  get counted() {
    const required = this.stops.filter((stop) => stop.required);
    const done = required.filter((stop) => this.progressOf(stop.id)?.done);
    return { done: done.length, of: required.length };
  }

  get provenance() {
    return this.package?.manifest.provenance ?? null;
  }

  get finished() {
    const { progress } = this;
    return progress !== null && progress.completed && (progress.passed || progress.failed || progress.mastery.of === 0);
  }
}
