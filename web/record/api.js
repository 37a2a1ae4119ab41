/**
 * The server's interface for visits: one function per request, one kind of failure.
 */

import { retryAfter } from "./backoff.js";

/** @import { Entry, Verdict, ServerRecord } from "../messages.js" */

/**
 * @typedef {{visit: string, token: string}} Ticket
 * @typedef {{visit: string, token: string, seed: number, venue: string, package: string, created: string, serverNow: string}} Created
 * @typedef {{visit: string, venue: string, package: string, seed: number, created: string, entries: Entry[], verdicts: Verdict[], record: ServerRecord}} Kept
 * @typedef {{venue: string, language: string, endpoint: string, fetch: string, actor: string, registration: string, activityId: string}} Launch
 * @typedef {Created & {seq: number, language: string, mode: "Normal" | "Browse" | "Review", returnUrl?: string}} Launched
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
   * @param {{venue: string, package: string, language: string}} wish
   * @returns {Promise<Created>}
   */
  async create(wish) {
    return this.#ask("POST", "/visits", null, wish);
  }

  /** A learning system has sent the visitor. @param {Launch} launch @returns {Promise<Launched>} */
  async launch(launch) {
    return this.#ask("POST", "/launches", null, launch);
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
   */
  async #ask(method, path, ticket, body, keepalive = false) {
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
      if (answer.ok) return withWords(await answer.json());
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
