/**
 * A visit from its beginning to its end: begun with the server, resumed from this device, erased on demand.
 */

import { ApiError } from "./api.js";
import { CONSENT } from "./consent.js";
import { Outbox } from "./outbox.js";

/** @import { Entry, Verdict } from "../messages.js" */
/** @import { Api } from "./api.js" */
/** @import { OutboxListener } from "./outbox.js" */
/** @import { Store, VisitRow } from "./store.js" */

/** How long a resuming visitor waits for the server before the local log is trusted alone. */
const RESUME_MILLIS = 4000;

/**
 * @typedef {object} Beginning what the session starts from
 * @property {number} seed @property {Entry[]} entries @property {Verdict[]} verdicts
 * @property {number} startedMsAgo
 */

export class Visit {
  /** @type {Outbox | null} */
  #outbox = null;
  /** @type {Entry[]} */
  #log = [];
  /** @type {Verdict[]} */
  #verdicts = [];

  /** @param {VisitRow} row @param {Store} store @param {Api} api */
  constructor(row, store, api) {
    this.row = row;
    this.store = store;
    this.api = api;
  }

  /** Whether it is kept on the server as well: with the visitor's consent, and not otherwise. */
  get recorded() {
    return this.row.token !== "" && this.row.consent === CONSENT;
  }

  get seq() {
    return this.#log.at(-1)?.seq ?? 0;
  }

  /**
   * Asks the server for a new visit. Rejects with an `ApiError`.
   * @param {Store} store @param {Api} api
   * @param {{venue: string, package: string, language: string, consent: number}} wish
   */
  static async begin(store, api, wish) {
    const made = await api.create(wish);
    const age = Math.max(0, Date.parse(made.serverNow) - Date.parse(made.created)) || 0;
    return Visit.#keep(store, api, {
      visit: made.visit,
      token: made.token,
      seed: made.seed,
      venue: wish.venue,
      package: wish.package,
      startedAt: Date.now() - age,
      accepted: 0,
      consent: wish.consent,
    });
  }

  /**
   * A visit that nobody records.
   * @param {Store} store @param {Api} api @param {{venue: string, package: string}} wish
   */
  static async unrecorded(store, api, wish) {
    const [high = 0, low = 0] = crypto.getRandomValues(new Uint32Array(2));
    return Visit.#keep(store, api, {
      visit: `local-${high.toString(36)}${low.toString(36)}`,
      token: "",
      seed: (high % 2 ** 21) * 2 ** 32 + low,
      venue: wish.venue,
      package: wish.package,
      startedAt: Date.now(),
      accepted: 0,
    });
  }

  /**
   * Goes on here with a visit that was begun elsewhere. What this device had of the venue makes way.
   * Rejects with an `ApiError` when the log cannot be had; the ticket is kept all the same.
   * @param {Store} store @param {Api} api @param {import("./api.js").Created} ticket
   */
  static async adopt(store, api, ticket) {
    const age = Math.max(0, Date.parse(ticket.serverNow) - Date.parse(ticket.created)) || 0;
    const { visit, token, seed, venue } = ticket;
    const before = await store.current(venue);
    if (before) await store.forget(before);
    // What else this device knows of the visit, if it comes back, stays so. Until the log is there, the
    // server counts as having more than this device.
    /** @type {VisitRow} */
    const row = { ...(before?.visit === visit ? before : {}), visit, token, seed, venue, package: ticket.package, startedAt: Date.now() - age, accepted: 1, consent: CONSENT };
    await store.begin(row);
    const { entries, verdicts } = await api.visit(row);
    row.accepted = entries.at(-1)?.seq ?? 0;
    await store.append(visit, entries);
    await store.learn(visit, verdicts);
    return Visit.#keep(store, api, row);
  }

  /** @param {Store} store @param {Api} api @param {VisitRow} row */
  static async #keep(store, api, row) {
    await store.begin(row);
    return new Visit(row, store, api);
  }

  /**
   * The log to go on from. What is on this device counts; what only the server has is added, and
   * what the server has lost is sent again.
   * @param {OutboxListener} listener
   * @returns {Promise<Beginning>}
   */
  async open(listener) {
    const { visit } = this.row;
    this.#log = unbroken(await this.store.entries(visit));
    this.#verdicts = await this.store.verdicts(visit);
    if (this.recorded) {
      await this.#learnFromServer(listener);
      this.#outbox = new Outbox(this.row, this.store, this.api, listener);
      this.#outbox.resume(this.#log);
    }
    const elapsed = Math.max(0, Date.now() - this.row.startedAt, this.#log.at(-1)?.at ?? 0);
    return { seed: this.row.seed, entries: this.#log, verdicts: this.#verdicts, startedMsAgo: elapsed };
  }

  /** @param {OutboxListener} listener */
  async #learnFromServer(listener) {
    const isNew = this.row.accepted === 0 && this.#log.length === 0;
    if (isNew) return;
    const patience = new Promise((resolve) => setTimeout(resolve, RESUME_MILLIS, null));
    try {
      const kept = await Promise.race([this.api.visit(this.row), patience]);
      if (!kept) return;
      const { entries, verdicts } = /** @type {import("./api.js").Kept} */ (kept);
      this.#log = unbroken(merged(this.#log, entries));
      this.#verdicts = mergedVerdicts(this.#verdicts, verdicts);
      this.row.accepted = entries.at(-1)?.seq ?? 0;
      await this.store.append(this.row.visit, this.#log);
      await this.store.learn(this.row.visit, this.#verdicts);
      await this.store.save(this.row);
    } catch (cause) {
      if (cause instanceof ApiError && cause.code === "VISIT_ELSEWHERE") {
        listener.onProblem("elsewhere", cause.code);
      } else if (cause instanceof ApiError && cause.status === 404) {
        listener.onProblem("unknown-visit", cause.code);
      }
    }
  }

  /** @param {Entry} entry */
  append(entry) {
    this.#log.push(entry);
    if (this.#outbox) this.#outbox.append(entry);
    else void this.store.append(this.row.visit, [entry]).catch(() => {});
  }

  flush() {
    return this.#outbox?.flush() ?? Promise.resolve();
  }

  flushOnLeave() {
    this.#outbox?.flushOnLeave();
  }

  /** Writes and sends nothing any more. */
  stop() {
    this.#outbox?.stop();
  }

  /**
   * The visitor's own copy: the server's where it can be had, else this device's.
   * @returns {Promise<unknown>}
   */
  async copy() {
    if (this.recorded) {
      try {
        return await this.api.visit(this.row);
      } catch {
        // Without the server, what this device holds is what there is.
      }
    }
    const { visit, venue, package: hash, seed } = this.row;
    const quarantined = await this.store.quarantined(visit);
    const verdicts = await this.store.verdicts(visit);
    return { visit, venue, package: hash, seed, entries: this.#log, verdicts, quarantined };
  }

  /** Erases the visit on the server and here. Rejects when the server cannot be reached. */
  async erase() {
    this.stop();
    if (this.row.token !== "") {
      await this.api.erase(this.row).catch(async (cause) => {
        if (!(cause instanceof ApiError)) throw cause;
        // It is its visitor's to erase, wherever it goes on.
        if (cause.code === "VISIT_ELSEWHERE") await this.api.erase(await this.api.takeBack(this.row));
        else if (cause.status !== 404) throw cause;
      });
    }
    await this.store.forget(this.row);
  }
}

/** The entries up to the first gap: what follows a gap cannot be replayed. @param {Entry[]} log */
export function unbroken(log) {
  const gap = log.findIndex((entry, index) => entry.seq !== index + 1);
  return gap < 0 ? log : log.slice(0, gap);
}

/** The server's entries, then what only this device has. @param {Entry[]} local @param {Entry[]} server */
export function merged(local, server) {
  const last = server.at(-1)?.seq ?? 0;
  return [...server, ...local.filter((entry) => entry.seq > last)];
}

/**
 * The server's word counts; what it once said of an answer and no longer knows, this device does.
 * @param {Verdict[]} local @param {Verdict[]} server
 */
export function mergedVerdicts(local, server) {
  const bySeq = new Map(local.map((verdict) => [verdict.seq, verdict]));
  for (const verdict of server) {
    const known = bySeq.get(verdict.seq);
    bySeq.set(verdict.seq, known?.right === verdict.right ? { ...known, ...verdict } : verdict);
  }
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}
