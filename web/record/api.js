/**
 * The server's interface for visits: one function per request, one kind of failure.
 */

import { retryAfter } from "./backoff.js";

/** @import { Entry, Verdict, ServerRecord } from "../messages.js" */

/**
 * @typedef {{visit: string, token: string}} Ticket
 * @typedef {{visit: string, token: string, seed: number, venue: string, package: string, created: string, serverNow: string}} Created
 * @typedef {{visit: string, venue: string, package: string, seed: number, created: string, entries: Entry[], verdicts: Verdict[], record: ServerRecord}} Kept
 * @typedef {{venue: string, language: string, endpoint: string, fetch: string, actor: string, registration: string, activityId: string, consent: number}} Launch
 * @typedef {Created & {seq: number, language: string, mode: "Normal" | "Browse" | "Review", returnUrl?: string}} Launched
 * @typedef {{consent: number, keepEvidence: number, keepRecords: number, keepAccesses: number, responsible?: string}} Notice
 * @typedef {{at: string, who: string, name?: string, what: string}} Access
 * @typedef {{number: number, at: string, text: string, answered?: string, answer?: string}} Objection
 * @typedef {{table: string, purpose: Record<string, string>, columns: Record<string, Record<string, string>>, rows: Record<string, unknown>[]}} StoredTable
 * @typedef {object} Held what the server keeps of a visit
 * @property {string} visit @property {string} venue @property {string} package @property {string} language
 * @property {string} created @property {string} [active] @property {string} [evidenceGone] @property {string} [limited]
 * @property {{version: number, given: string, withdrawn?: string}[]} consents
 * @property {number} entries @property {number} verdicts @property {number} statements @property {number} documents
 * @property {ServerRecord} record
 * @property {{evidence?: string, records: string, accessesDays: number}} goes
 * @property {{system: string, learner: {name?: string, account?: {homePage: string, name: string}}, began: string, ended?: string}[]} launches
 * @property {Objection[]} objections @property {Access[]} accesses @property {number} accessesInAll
 */

/**
 * @typedef {{acceptedThrough: number, verdicts: Verdict[], record: ServerRecord}} Accepted
 * @typedef {{code: string, expires: string, picture: string, serverNow: string}} Offered `picture` is SVG
 * @typedef {{goesOn: "here" | "offered" | "elsewhere" | "gone", headset?: number}} Whither
 */

/** A request that did not do what it should. */
export class ApiError extends Error {
  /**
   * @param {string} code the server's code, or `UNREACHABLE`
   * @param {number} status 0 when there was no answer at all
   * @param {number} retryMillis what the server asked to wait
   * @param {Record<string, unknown>} body
   */
  constructor(code, status, retryMillis, body) {
    super(`${code} (${status})`);
    this.code = code;
    this.status = status;
    this.retryMillis = retryMillis;
    this.body = body;
  }

  /** Whether the same request may succeed later. */
  get passing() {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

/** How long a request may take before it counts as lost. */
const PATIENCE_MILLIS = 20_000;

export class Api {
  /** @param {string} base such as `/api/v1` @param {typeof fetch} [send] */
  constructor(base, send = (...request) => fetch(...request)) {
    this.base = base;
    this.send = send;
  }

  /**
   * @param {{venue: string, package: string, language: string, consent: number}} wish
   * @returns {Promise<Created>}
   */
  async create(wish) {
    return this.#ask("POST", "/visits", null, wish);
  }

  /** A learning system has sent the visitor. @param {Launch} launch @returns {Promise<Launched>} */
  async launch(launch) {
    return this.#ask("POST", "/launches", null, launch);
  }

  /**
   * A learning system has sent a visitor who wants no record: it is told that the session is over.
   * @param {Omit<Launch, "consent">} launch @returns {Promise<{returnUrl?: string}>}
   */
  async declineLaunch(launch) {
    return this.#ask("POST", "/launches/decline", null, launch);
  }

  /** The visitor goes, and the learning system is to know. @param {Ticket} ticket @returns {Promise<void>} */
  async leave(ticket) {
    await this.#ask("POST", `/visits/${ticket.visit}/leave`, ticket, undefined, true);
  }

  /**
   * @param {Ticket} ticket @param {Entry[]} entries @param {boolean} [keepalive] also when the page goes
   * @returns {Promise<Accepted>}
   */
  async evidence(ticket, entries, keepalive = false) {
    return this.#ask("POST", `/visits/${ticket.visit}/evidence`, ticket, { entries }, keepalive);
  }

  /** @param {Ticket} ticket @returns {Promise<Kept>} */
  async visit(ticket) {
    return this.#ask("GET", `/visits/${ticket.visit}`, ticket);
  }

  /** Who keeps records here, and for how long. @returns {Promise<Notice>} */
  async notice() {
    return this.#ask("GET", "/notice", null);
  }

  /** @param {Ticket} ticket @returns {Promise<Held>} */
  async held(ticket) {
    return this.#ask("GET", `/visits/${ticket.visit}/held`, ticket, undefined, false, (answer) => answer.json());
  }

  /** Every row about the visit. @param {Ticket} ticket @returns {Promise<{tables: StoredTable[]}>} */
  async stored(ticket) {
    return this.#ask("GET", `/visits/${ticket.visit}/stored`, ticket, undefined, false, (answer) => answer.json());
  }

  /** @param {Ticket} ticket @param {number} version @returns {Promise<void>} */
  async consent(ticket, version) {
    await this.#ask("PUT", `/visits/${ticket.visit}/consent`, ticket, { version });
  }

  /** @param {Ticket} ticket @returns {Promise<void>} */
  async withdrawConsent(ticket) {
    await this.#ask("DELETE", `/visits/${ticket.visit}/consent`, ticket);
  }

  /** Keeps the visit, and lets nobody use it. @param {Ticket} ticket @returns {Promise<void>} */
  async limit(ticket) {
    await this.#ask("PUT", `/visits/${ticket.visit}/limitation`, ticket);
  }

  /** @param {Ticket} ticket @returns {Promise<void>} */
  async lift(ticket) {
    await this.#ask("DELETE", `/visits/${ticket.visit}/limitation`, ticket);
  }

  /** @param {Ticket} ticket @param {string} language @returns {Promise<void>} */
  async correctLanguage(ticket, language) {
    await this.#ask("PUT", `/visits/${ticket.visit}/language`, ticket, { language });
  }

  /** @param {Ticket} ticket @param {string} text @returns {Promise<{number: number, at: string}>} */
  async object(ticket, text) {
    return this.#ask("POST", `/visits/${ticket.visit}/objections`, ticket, { text });
  }

  /**
   * Everything that is kept of a visit, as a file.
   * @param {Ticket} ticket @param {"export" | "export.csv" | "statements"} as
   * @returns {Promise<Blob>}
   */
  async file(ticket, as) {
    return this.#ask("GET", `/visits/${ticket.visit}/${as}`, ticket, undefined, false, (answer) => answer.blob());
  }

  /** @param {Ticket} ticket @returns {Promise<void>} */
  async erase(ticket) {
    await this.#ask("DELETE", `/visits/${ticket.visit}`, ticket);
  }

  /** @param {Ticket} ticket @param {string} code @returns {Promise<{class: string, pseudonym: number}>} */
  async join(ticket, code) {
    return this.#ask("PUT", `/visits/${ticket.visit}/class`, ticket, { code });
  }

  /** @param {Ticket} ticket @returns {Promise<void>} */
  async leaveClass(ticket) {
    await this.#ask("DELETE", `/visits/${ticket.visit}/class`, ticket);
  }

  /**
   * Offers the visit under a code.
   * @param {Ticket} ticket @param {string} address the deployment's, as other devices reach it
   * @returns {Promise<Offered>}
   */
  async offer(ticket, address) {
    return this.#ask("POST", `/visits/${ticket.visit}/handover`, ticket, { address });
  }

  /** @param {Ticket} ticket @returns {Promise<void>} */
  async withdraw(ticket) {
    await this.#ask("DELETE", `/visits/${ticket.visit}/handover`, ticket);
  }

  /** Where the visit goes on. @param {Ticket} ticket @returns {Promise<Whither>} */
  async whither(ticket) {
    return this.#ask("GET", `/visits/${ticket.visit}/handover`, ticket);
  }

  /** Goes on here with a visit that was offered from here. @param {Ticket} ticket @returns {Promise<Created>} */
  async takeBack(ticket) {
    return this.#ask("POST", `/visits/${ticket.visit}/return`, ticket);
  }

  /**
   * @param {string} method @param {string} path @param {Ticket | null} ticket
   * @param {unknown} [body] @param {boolean} [keepalive]
   * @param {(answer: Response) => Promise<any>} [read]
   */
  async #ask(method, path, ticket, body, keepalive = false, read = async (answer) => withWords(await answer.json())) {
    /** @type {Record<string, string>} */
    const headers = { accept: "application/json" };
    if (body !== undefined) headers["content-type"] = "application/json";
    if (ticket) headers["authorization"] = `Bearer ${ticket.token}`;
    /** @type {Response} */
    let answer;
    try {
      answer = await this.send(this.base + path, {
        method,
        headers,
        body: body === undefined ? null : JSON.stringify(body),
        keepalive,
        cache: "no-store",
        credentials: "same-origin",
        signal: AbortSignal.timeout(PATIENCE_MILLIS),
      });
      if (answer.status === 204) return undefined;
      if (answer.ok) return await read(answer);
    } catch {
      throw new ApiError("UNREACHABLE", 0, 0, {});
    }
    const problem = await answer.json().catch(() => ({}));
    const wait = retryAfter(answer.headers.get("retry-after"), Date.now());
    throw new ApiError(problem?.error?.code ?? "UNREADABLE", answer.status, wait, {
      ...problem,
      ...withWords(problem?.error),
    });
  }
}

/** @typedef {Record<string, Record<string, string>>} Said by question and language */

/**
 * Puts what the server says to answers beside its verdicts on them, so that both are kept together.
 * @template {{verdicts?: Verdict[], feedback?: Said, hints?: Said} | undefined} A
 * @param {A} answer
 */
function withWords(answer) {
  for (const verdict of answer?.verdicts ?? []) {
    const feedback = verdict.right && answer?.feedback?.[verdict.question];
    if (feedback) verdict.feedback = feedback;
    const hint = !verdict.right && answer?.hints?.[verdict.question];
    if (hint) verdict.hint = hint;
  }
  return answer;
}
