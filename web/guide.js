/**
 * Leads one visitor into one venue and out again: opens the package, begins or resumes the visit,
 * starts the module, and hears what it says.
 */

import { enter, prepare } from "./entering.js";
import { Failure } from "./failure.js";
import { tellMark } from "./marking.js";
import { fetchNeighbours } from "./neighbours.js";
import { receive } from "./receive.js";
import { CONSENT } from "./record/consent.js";
import { hand } from "./record/copy.js";
import { keepHere, offer } from "./handing.js";
import { intend } from "./returning.js";
import { Walk } from "./walk.js";
import { hearWish, keptComfort, lookForHeadset, putOn, rehearse, tellNotices, tellWords } from "./wearing.js";
import { keepLanguage, loadWords } from "./words.js";

/** @import { Actions } from "./model.js" */
/** @import { Store } from "./record/store.js" */
/** @import { Visit } from "./record/visit.js" */

/** How long a visitor who leaves waits for the server. */
const LEAVING_MILLIS = 1500;

/** @implements {Actions} */
export class Guide extends Walk {
  /** @type {Visit | null} */
  visit = null;
  /** @type {Store | null} */
  store = null;
  /** @type {import("./headset.js").Headset | null} */
  headset = null;
  /** What is needed first, on its way or there. @type {{scene?: Promise<void>, text?: Promise<void>}} */
  first = {};
  /** Whether the scene can be drawn here; not known before somebody might want it. @type {boolean | null} */
  draws = null;

  /** Everything that can be shown and fetched before anybody comes in. */
  async prepare() {
    try {
      const looked = lookForHeadset(this);
      await Promise.all([prepare(this, looked), looked]);
    } catch (cause) {
      this.fail(cause);
    }
    this.setting.changed();
  }

  /** @param {unknown} cause */
  fail(cause) {
    const failure = cause instanceof Failure ? cause : new Failure("INTERNAL", String(cause));
    console.warn("the tour cannot go on:", failure.code, failure.detail);
    this.takeOff();
    const { model } = this;
    Object.assign(model, { phase: "error", error: failure.code, entering: false, side: null, open: null });
    this.setting.announce("error", { code: failure.code });
    this.setting.changed();
  }

  /** @param {import("./messages.js").Message} message */
  receive(message) {
    const { model } = this;
    const follows = message.type === "hover" || (message.type === "view" && message.room === model.room);
    const part = follows ? "view" : message.type === "loading" ? "loading" : undefined;
    receive(model, message, {
      announce: this.setting.announce,
      keep: (entry) => this.#keep(entry),
      entered: () => this.#entered(),
      came: (room) => this.#came(room),
      missed: (room) => this.#missed(room),
      fail: (code, detail) => this.fail(new Failure(code, detail)),
      decided: (name) => this.#decided(name),
      marked: (event) => tellMark(this, event),
      wished: (message) => hearWish(this, message),
    });
    if (message.type === "stop-entered") this.come(message.stop);
    if (message.type === "artifact-opened") this.showBeside(message.stop);
    if (message.type === "artifact-closed" && model.side?.side === "story") model.side = null;
    this.setting.changed(part);
  }

  /** @param {import("./messages.js").Entry} entry */
  #keep(entry) {
    if (this.model.passive) return;
    this.visit?.append(entry);
    this.model.record.seq = entry.seq;
  }

  #entered() {
    const { model } = this;
    if (model.phase === "ready") return;
    Object.assign(model, { phase: "ready", entering: false });
    this.setting.announce("ready", { mode: model.mode });
    if (this.#beginAt) this.goTo(this.#beginAt);
    this.#beginAt = null;
    this.meant = {};
    if (model.mode === "text") return;
    this.#came(model.room);
    rehearse(this);
    this.tellInset();
    this.setting.canvas.focus({ preventScroll: true });
    this.setting.show.helpOnce();
  }

  /** The visitor is in a room: the rooms next to it may be needed soon. @param {string | null} room */
  #came(room) {
    this.over("room-missed");
    if (room && this.model.package) void fetchNeighbours(this.model.package, room);
  }

  /** @param {string} room */
  #missed(room) {
    this.notify({
      id: "room-missed",
      word: "notice.room-missed",
      values: { room: this.model.text(`room.${room}.title`) },
      actions: [{ word: "retry", run: () => this.goInto(room) }],
    });
  }

  /** @param {"completed" | "passed" | "failed"} name */
  #decided(name) {
    this.setting.announce(name);
    // What the module says of the progress comes after the event.
    setTimeout(() => {
      if (this.model.finished) this.summary();
      else if (name === "completed") this.notify({ id: "completed", word: "notice.completed" });
    }, 1500);
  }

  /** Where the visitor asked to begin. @type {string | null} */
  #beginAt = null;

  /** How the visitor meant to come in before they were asked something. @type {import("./entering.js").How} */
  meant = {};

  /** @param {import("./entering.js").How} [more] */
  enter = async (more = {}) => {
    const { model } = this;
    const how = { ...this.meant, ...more };
    this.meant = how;
    if (how.at) this.#beginAt = how.at;
    if (model.entering || model.phase === "ready") return;
    Object.assign(model, { entering: true, gate: null, phase: "loading", error: null });
    this.setting.changed();
    try {
      await enter(this, how);
    } catch (cause) {
      this.fail(cause);
    }
    this.setting.changed();
  };

  showHeadset = () => this.setting.show.headset();

  /** @param {import("./headset.js").Comfort} comfort */
  putOn = (comfort) => putOn(this, comfort);

  /** @param {string} stop */
  bring = (stop) => void putOn(this, keptComfort(), stop);

  tellNotices() {
    tellNotices(this);
  }

  takeOff = () => void this.headset?.end();

  handOver = () => {
    this.setting.show.handover();
    void offer(this);
  };

  keepHere = () => void keepHere(this);

  retry = () => intend(this.model, { enter: this.app !== null });

  textWalk = async () => {
    const { model } = this;
    this.takeOff();
    const walking = this.letGo();
    this.visit?.stop();
    this.setting.canvas.hidden = true;
    Object.assign(model, { mode: "text", phase: "poster", error: null, entering: false, gate: null, stop: null, side: null, open: null, passing: null });
    await this.enter(walking ? { steal: true } : {});
  };

  /** What was done is to be there before anybody hears that the visitor went. */
  leave = async () => {
    const patience = new Promise((resolve) => setTimeout(resolve, LEAVING_MILLIS));
    await Promise.race([this.visit?.flush(), patience]);
    this.visit?.flushOnLeave();
    this.setting.announce("leave");
  };

  /** @param {string} language */
  speak = async (language) => {
    const { model } = this;
    const [t, texts] = await Promise.all([loadWords(language), model.package?.texts(language)]);
    Object.assign(model, { language, t, texts: texts ?? {} });
    keepLanguage(language);
    this.setting.announce("language", { language });
    tellWords(this);
    this.setting.changed();
  };

  takeCopy = async () => {
    hand(await this.visit?.copy(), `xinghuo-${this.model.package?.venue.id}.json`);
  };

  erase = async () => {
    try {
      await this.visit?.erase();
      intend(this.model, {});
    } catch {
      this.notify({ id: "erase", word: "notice.not-erased" });
    }
  };

  /** Another visit of the same visitor, recorded or not as this one is. */
  startAnew = () => {
    const how = this.visit?.recorded ? { consent: CONSENT } : { unrecorded: true };
    intend(this.model, { enter: true, fresh: true, ...how });
  };

  /** @type {Promise<import("./record/api.js").Notice | null> | null} */
  #notice = null;

  /** Who keeps records here, and for how long; none where the server cannot be reached. */
  notice = () => {
    this.#notice ??= this.setting.api.notice().catch(() => {
      this.#notice = null;
      return null;
    });
    return this.#notice;
  };
}
