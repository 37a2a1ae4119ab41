/**
 * `<xinghuo-tour src="/packages/red-boat" lang="zh-Hans" mode="auto|scene|text">`: a venue to walk
 * through, in any page. Its attributes, methods, `state` and events are all there is to it.
 *
 * Events bubble and cross shadow roots: `poster` once there is something to see, `ready` {mode}, `progress` {progress}, `room-entered` {room},
 * `stop-entered` {stop}, `artifact-opened` {stop}, `checkpoint-answered` {checkpoint, question, right, attempt, settled},
 * `completed`, `passed`, `failed`, `error` {code}, `language` {language}, `launch-failed` {code}, `leave`.
 */

import { createFrame } from "./frame.js";
import { Guide } from "./guide.js";
import { listenToKeys } from "./keys.js";
import { Api } from "./record/api.js";
import { firstLanguage } from "./words.js";

const API = "/api/v1";
/** How often one is told how much has come, milliseconds. */
const LOADING_EVERY_MILLIS = 250;

export class XinghuoTour extends HTMLElement {
  static observedAttributes = ["lang"];

  /** @type {Guide | null} */
  #guide = null;
  /** @type {ReturnType<typeof createFrame> | null} */
  #frame = null;
  #drawn = false;
  #whole = false;
  /** @type {ReturnType<typeof setTimeout> | null} */
  #loading = null;
  #leaving = new AbortController();

  connectedCallback() {
    if (this.#guide) return;
    const root = this.attachShadow({ mode: "open" });
    const canvas = document.createElement("canvas");
    canvas.tabIndex = 0;
    canvas.hidden = true;
    canvas.addEventListener("pointermove", (event) => this.#pointAt(event));
    const mode = this.getAttribute("mode");
    const guide = new Guide({
      source: this.getAttribute("src") ?? "",
      mode: mode === "scene" || mode === "text" ? mode : "auto",
      language: firstLanguage(this.getAttribute("lang")),
      classCode: this.getAttribute("class-code") ?? "",
      api: new Api(new URL(API, document.baseURI).href),
      canvas,
      changed: (part) => this.#change(part),
      announce: (name, detail) =>
        this.dispatchEvent(new CustomEvent(name, { detail: detail ?? {}, bubbles: true, composed: true })),
      show: {
        help: () => this.#frame?.openHelp(),
        helpOnce: () => this.#frame?.openHelpOnce(),
        headset: () => this.#frame?.openHeadset(),
        handover: () => this.#frame?.openHandover(),
        summary: () => this.#frame?.openSummary(guide.model),
        story: () => this.#frame?.focusStory(),
        route: () => this.#frame?.focusRoute(),
        overlay: () => this.#frame?.overlay ?? null,
      },
    });
    this.#guide = guide;
    this.#frame = createFrame(root, canvas, guide);
    listenToKeys(this.#frame.frame, () => guide.model, guide);
    this.#watchPage(guide);
    void this.#frame.styled.then(() => guide.setting.announce("poster"));
    void guide.prepare();
  }

  disconnectedCallback() {
    this.#guide?.takeOff();
    this.#guide?.visit?.flushOnLeave();
    this.#leaving.abort();
  }

  /** @param {string} _name @param {string | null} _before @param {string | null} language */
  attributeChangedCallback(_name, _before, language) {
    const guide = this.#guide;
    if (guide && language && language !== guide.model.language) void guide.speak(language);
  }

  /** What the tour is at now: a frozen plain object, made anew at each look. */
  get state() {
    const model = this.#guide?.model;
    if (!model) return Object.freeze({ phase: "poster" });
    const { phase, mode, room, stop, open, progress, error, headset } = model;
    const { status, seq, visit } = model.record;
    return Object.freeze({
      phase,
      mode,
      lang: model.language,
      venue: model.package?.venue.id ?? null,
      package: model.package?.manifest.hash ?? null,
      room,
      stop,
      open,
      progress,
      mastery: progress?.mastery ?? null,
      completed: progress?.completed ?? false,
      passed: progress?.passed ?? false,
      failed: progress?.failed ?? false,
      record: Object.freeze({ status, seq, visit }),
      view: model.view,
      headset,
      presses: model.presses,
      named: model.named,
      error,
    });
  }

  /** Leads the visitor to a stop. @param {string} stop */
  goTo(stop) {
    this.#guide?.goTo(stop);
  }

  /** Shows the artifact of a stop closely, after leading there. @param {string} stop */
  open(stop) {
    this.#guide?.open(stop);
  }

  /** Leaves the close-up and closes the panel beside it. */
  close() {
    this.#guide?.closeSide();
  }

  /**
   * Shows the change with the next frame: many messages, one look. While one walks, only what
   * follows the view changes, and only that is looked at. How far a download has come is not
   * worth a new picture of the page for every piece that arrives.
   * @param {"view" | "loading"} [part]
   */
  #change(part) {
    if (part === "loading") {
      this.#loading ??= setTimeout(() => {
        this.#loading = null;
        this.#change();
      }, LOADING_EVERY_MILLIS);
      return;
    }
    this.#whole ||= part !== "view";
    if (this.#drawn) return;
    this.#drawn = true;
    queueMicrotask(() => {
      this.#drawn = false;
      const whole = this.#whole;
      this.#whole = false;
      const model = this.#guide?.model;
      if (!model) return;
      if (!whole) return this.#frame?.follow(model);
      this.#guide?.tellNotices();
      if (this.getAttribute("lang") !== model.language) this.setAttribute("lang", model.language);
      this.#frame?.update(model);
    });
  }

  /** @param {PointerEvent} event */
  #pointAt(event) {
    this.#frame?.pointAt(event.offsetX, event.offsetY);
  }

  /** @param {Guide} guide */
  #watchPage(guide) {
    const { signal } = this.#leaving;
    document.addEventListener("visibilitychange", () => {
      const hidden = document.visibilityState === "hidden";
      if (hidden) guide.visit?.flushOnLeave();
      if (!guide.model.passive) guide.app?.pause(hidden && guide.model.headset !== "worn");
    }, { signal });
    window.addEventListener("online", () => void guide.visit?.flush(), { signal });
  }
}

customElements.define("xinghuo-tour", XinghuoTour);
