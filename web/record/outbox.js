/**
 * Carries a visit's log to the server: at least once, in order, in batches, for as long as it takes.
 * The server drops duplicates, so a lost answer costs nothing but a repetition.
 */

import { ApiError } from "./api.js";
import { backOff } from "./backoff.js";

/** @import { Entry, Verdict } from "../messages.js" */
/** @import { Api } from "./api.js" */
/** @import { Store, VisitRow } from "./store.js" */

/** How many entries one request carries. */
export const BATCH_ENTRIES = 50;
/** How long a request's body may be: the server's limit, and below what browsers send after a page is gone. */
export const BATCH_BYTES = 48 * 1024;
/** How long entries gather before they are sent. An answer is sent at once. */
const GATHER_MILLIS = 1000;

/**
 * @typedef {object} OutboxListener
 * @property {(verdicts: Verdict[]) => void} onVerdicts
 * @property {(status: "saving" | "saved" | "offline") => void} onStatus
 * @property {(problem: "unknown-visit" | "elsewhere" | "refused" | "store-full" | "package-gone" | "no-consent" | "limited", reason: string) => void} onProblem
 */

/**
 * @typedef {object} Clock what a test replaces
 * @property {() => number} random
 * @property {(run: () => void, millis: number) => unknown} after
 * @property {(timer: any) => void} cancel
 */

/** @type {Clock} */
const BROWSER = {
  random: Math.random,
  after: (run, millis) => setTimeout(run, millis),
  cancel: (timer) => clearTimeout(timer),
};

export class Outbox {
  /** @type {Entry[]} */
  #waiting = [];
  #failures = 0;
  #sending = false;
  #stopped = false;
  /** @type {unknown} */
  #timer = null;
  /** @type {Promise<unknown>} */
  #written = Promise.resolve();

  /**
   * @param {VisitRow} row @param {Store} store @param {Api} api
   * @param {OutboxListener} listener @param {Clock} [clock]
   */
  constructor(row, store, api, listener, clock = BROWSER) {
    this.row = row;
    this.store = store;
    this.api = api;
    this.listener = listener;
    this.clock = clock;
  }

  /** Takes up what an earlier page has written and not sent. @param {Entry[]} log */
  resume(log) {
    this.#waiting = log.filter((entry) => entry.seq > this.row.accepted);
    this.listener.onStatus(this.#waiting.length > 0 ? "saving" : "saved");
    if (this.#waiting.length > 0) this.#schedule(0);
  }

  /** Writes an entry down, then sends it. @param {Entry} entry */
  append(entry) {
    if (this.#stopped) return;
    this.#waiting.push(entry);
    if (this.#failures === 0) this.listener.onStatus("saving");
    this.#written = this.#written
      .then(() => this.store.append(this.row.visit, [entry]))
      .catch((cause) => this.listener.onProblem("store-full", String(cause)));
    if (this.#failures === 0) this.#schedule(entry.action.type === "answer" ? 0 : GATHER_MILLIS);
  }

  /** Tries now: the network is back, or somebody asked. */
  async flush() {
    if (this.#stopped || this.#waiting.length === 0) return;
    this.#cancel();
    await this.#send();
  }

  /** Sends what fits into a request that outlives the page. The answer may never be seen. */
  flushOnLeave() {
    if (this.#stopped || this.#waiting.length === 0) return;
    this.api.evidence(this.row, firstBatch(this.#waiting), true).catch(() => {});
  }

  /** Another tab has taken over, or the visit is gone. */
  stop() {
    this.#stopped = true;
    this.#cancel();
  }

  async #send() {
    if (this.#sending || this.#stopped) return;
    this.#sending = true;
    await this.#written;
    const batch = firstBatch(this.#waiting);
    try {
      // What was sent on leaving may have been acknowledged with an earlier batch.
      if (batch.length > 0) {
        const answer = await this.api.evidence(this.row, batch);
        this.#failures = 0;
        await this.#accept(answer.acceptedThrough, answer.verdicts);
      }
    } catch (cause) {
      if (!(cause instanceof ApiError)) throw cause;
      await this.#fail(cause, batch);
    } finally {
      this.#sending = false;
    }
    if (this.#stopped) return;
    if (this.#waiting.length === 0) this.listener.onStatus("saved");
    else if (this.#failures === 0) this.#schedule(0);
  }

  /** @param {number} through @param {Verdict[]} verdicts */
  async #accept(through, verdicts) {
    this.row.accepted = Math.max(this.row.accepted, through);
    this.#waiting = this.#waiting.filter((entry) => entry.seq > this.row.accepted);
    if (verdicts.length > 0) {
      await this.store.learn(this.row.visit, verdicts).catch(() => {});
      this.listener.onVerdicts(verdicts);
    }
    await this.store.save(this.row).catch(() => {});
  }

  /** @param {ApiError} cause @param {Entry[]} batch */
  async #fail(cause, batch) {
    const { body } = cause;
    if (cause.passing) {
      this.#failures += 1;
      this.listener.onStatus("offline");
      // Whoever runs the server can put it back, so it is tried again like everything that may pass.
      if (cause.code === "PACKAGE_GONE") this.listener.onProblem("package-gone", cause.code);
      this.#schedule(backOff(this.#failures, this.clock.random(), cause.retryMillis));
    } else if (cause.code === "VISIT_ELSEWHERE") {
      this.stop();
      this.listener.onProblem("elsewhere", cause.code);
    } else if (cause.code === "CONSENT_NEEDED" || cause.code === "LIMITED") {
      // Withdrawn or limited on another page, or the text is another one now: nothing more is sent.
      this.stop();
      this.row.consent = 0;
      await this.store.save(this.row).catch(() => {});
      this.listener.onProblem(cause.code === "LIMITED" ? "limited" : "no-consent", cause.code);
    } else if (cause.status === 404 || cause.status === 401 || cause.code === "EXPIRED") {
      this.stop();
      this.listener.onProblem("unknown-visit", cause.code);
    } else if (cause.code === "SEQ_GAP" && typeof body["expected"] === "number" && this.#canGoBackTo(body["expected"])) {
      await this.#sendAgainFrom(body["expected"]);
    } else {
      const through = typeof body["acceptedThrough"] === "number" ? body["acceptedThrough"] : this.row.accepted;
      await this.#accept(through, /** @type {Verdict[]} */ (body["verdicts"] ?? []));
      await this.#setAside(String(body["reason"] ?? cause.code), batch);
    }
  }

  /** Whether sending again from there would be something else than what just failed. @param {number} expected */
  #canGoBackTo(expected) {
    return expected <= this.row.accepted;
  }

  /** The server has lost what it once acknowledged, and asks for it again. @param {number} expected */
  async #sendAgainFrom(expected) {
    this.row.accepted = expected - 1;
    await this.store.save(this.row).catch(() => {});
    const log = await this.store.entries(this.row.visit);
    this.#waiting = log.filter((entry) => entry.seq >= expected);
  }

  /**
   * The server will not take these, now or later. Whatever follows depends on them, so the outbox
   * ends here and nothing is thrown away.
   * @param {string} reason @param {Entry[]} batch
   */
  async #setAside(reason, batch) {
    this.stop();
    const refused = this.#waiting.length > 0 ? this.#waiting : batch;
    await this.store.quarantine(this.row.visit, refused, reason).catch(() => {});
    this.listener.onProblem("refused", reason);
  }

  /** @param {number} millis */
  #schedule(millis) {
    if (this.#timer !== null && millis > 0 && this.#failures === 0) return;
    this.#cancel();
    this.#timer = this.clock.after(() => {
      this.#timer = null;
      void this.#send();
    }, millis);
  }

  #cancel() {
    if (this.#timer !== null) this.clock.cancel(this.#timer);
    this.#timer = null;
  }
}

/** As many of the first entries as one request may carry. @param {Entry[]} waiting */
export function firstBatch(waiting) {
  const encoder = new TextEncoder();
  /** @type {Entry[]} */
  const batch = [];
  let bytes = '{"entries":[]}'.length;
  for (const entry of waiting.slice(0, BATCH_ENTRIES)) {
    bytes += encoder.encode(JSON.stringify(entry)).length + 1;
    if (batch.length > 0 && bytes > BATCH_BYTES) break;
    batch.push(entry);
  }
  return batch;
}
