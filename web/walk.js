/** What a visitor does inside a tour, passed to the module and shown beside it. */

import { Model } from "./model.js";

/** @import { App, Response } from "./messages.js" */
/** @import { Api } from "./record/api.js" */

export class Walk {
  model = new Model();
  /** @type {App | null} */
  app = null;

  /**
   * @param {object} setting
   * @param {string} setting.source the package's address, such as `/packages/red-boat`
   * @param {"auto" | "scene" | "text"} setting.mode
   * @param {string} setting.language
   * @param {string} setting.classCode the code of the class that the visit is to join, or nothing
   * @param {Api} setting.api
   * @param {HTMLCanvasElement} setting.canvas
   * @param {(part?: "view" | "loading") => void} setting.changed the model is another one, or only what follows the view, or how much has come
   * @param {(name: string, detail?: Record<string, unknown>) => boolean} setting.announce
   * @param {{help: () => void, helpOnce: () => void, headset: () => void, handover: () => void, summary: () => void, route: () => void, story: () => void, overlay: () => HTMLElement | null}} setting.show
   */
  constructor(setting) {
    this.setting = setting;
    this.model.language = setting.language;
  }

  /** Leaves the module to itself; it hears and says nothing any more. Returns whether there was one. */
  letGo() {
    const { app } = this;
    app?.pause(true);
    this.app = null;
    return app !== null;
  }

  /** The visitor is at a stop: what was meant to open there opens. @param {string} stop */
  come(stop) {
    if (this.#beside?.stop !== stop) return;
    const { side } = this.#beside;
    this.#beside = null;
    this.showSide(stop, side);
  }

  /** The close-up is there: its words come beside it, unless the visitor is reading others. @param {string} stop */
  showBeside(stop) {
    if (this.model.side?.stop !== stop) this.showSide(stop, "story");
  }

  /** Of which troubles that are not over the visitor has read. @type {Set<string>} */
  #putAway = new Set();

  /** @param {import("./model.js").Notice} notice */
  notify(notice) {
    const { model } = this;
    // Whatever finds the same trouble again has nothing new to say.
    if (notice.goesOn && (this.#putAway.has(notice.id) || model.notices.some(({ id }) => id === notice.id))) return;
    model.notices = [...model.notices.filter(({ id }) => id !== notice.id), notice];
    this.setting.changed();
  }

  /** The visitor has read it: while its trouble goes on, it does not come again. @param {string} id */
  dismiss = (id) => {
    if (this.model.notices.some((one) => one.id === id && one.goesOn)) this.#putAway.add(id);
    this.#remove(id);
  };

  /** It is over, so that it is told when it begins again. @param {string} id */
  over(id) {
    this.#putAway.delete(id);
    this.#remove(id);
  }

  /** @param {string} id */
  #remove(id) {
    this.model.notices = this.model.notices.filter((one) => one.id !== id);
    this.setting.changed();
  }

  /** @param {string} stop */
  goTo = (stop) => {
    this.#beside = null;
    this.closeSide();
    if (this.model.mode === "text") this.app?.arrive(stop);
    else this.app?.go_to(stop);
    this.showRoute(false);
  };

  /** @param {string} stop */
  open = (stop) => {
    if (this.model.mode === "text") this.goTo(stop);
    else this.app?.open(stop);
  };

  /** @param {string} room */
  goInto = (room) => {
    this.#beside = null;
    this.over("room-missed");
    this.closeSide();
    this.app?.go_into(room);
    this.showRoute(false);
  };

  close = () => this.app?.close();

  /** @param {string} stop @param {"story" | "question"} side */
  showSide = (stop, side) => {
    this.model.side = { stop, side };
    this.app?.focus_stop(stop);
    this.setting.changed();
  };

  closeSide = () => {
    const { model } = this;
    if (model.open) this.app?.close();
    if (model.side) {
      model.side = null;
      this.app?.focus_stop("");
      this.setting.canvas.focus({ preventScroll: true });
    }
    this.setting.changed();
  };

  /** @param {string} stop */
  lookAgain = (stop) => {
    // The words are what a hint speaks of.
    if (this.model.mode === "scene") this.showThere(stop, "story");
    else if (this.model.stop === stop) this.setting.show.story();
    else this.goTo(stop);
  };

  /** Leads to a stop and opens its words there. @param {string} stop @param {"story" | "question"} side */
  showThere = (stop, side) => {
    this.over("marked");
    if (this.model.stop === stop) return this.showSide(stop, side);
    this.goTo(stop);
    this.#beside = { stop, side };
  };

  /** What opens beside the scene when the visitor comes to a stop. @type {{stop: string, side: "story" | "question"} | null} */
  #beside = null;

  /** @param {string} after */
  next = (after) => {
    const stop = this.model.nextStop(after);
    if (stop) this.goTo(stop);
  };

  /** @param {boolean} open */
  showRoute = (open) => {
    this.model.routeOpen = open;
    this.setting.changed();
    if (open) this.setting.show.route();
  };

  /** @param {string} stop */
  storyRead = (stop) => this.app?.story_read(stop);

  /** @param {string} stop */
  described = (stop) => this.app?.described(stop);

  /** @param {string} question @param {Response} response */
  answer = (question, response) => this.app?.answer(JSON.stringify({ question, response }));

  /** @param {string} question */
  locate = (question) => {
    // Whoever holds one thing closely sees no other.
    if (this.model.open) this.close();
    this.app?.locate(question);
    this.setting.canvas.focus({ preventScroll: true });
  };

  cancelLocate = () => this.app?.cancel_locate();

  /** @param {number} x @param {number} z */
  walk = (x, z) => this.app?.walk(x, z);

  /** @type {[number, number, number, number]} */
  #covered = [0, 0, 0, 0];

  /** @param {[number, number, number, number]} covered */
  inset = (...covered) => {
    this.#covered = covered;
    this.tellInset();
  };

  tellInset() {
    if (this.model.mode === "scene") this.app?.inset(...this.#covered);
  }

  /** @param {boolean} covered whether a dialog lies over the tour, so that nothing is looked at */
  cover = (covered) => {
    this.covered = covered;
    if (!this.model.passive) this.app?.pause(covered && this.model.headset !== "worn");
  };

  covered = false;

  help = () => this.setting.show.help();

  summary = () => {
    if (!this.app) return;
    this.model.summary = JSON.parse(this.app.summary());
    this.setting.show.summary();
  };
}
