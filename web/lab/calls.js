/**
 * The server's interface for labs: one function for all of it, and one that asks again and again.
 */

import { ApiError } from "../record/api.js";
import { backOff, retryAfter } from "../record/backoff.js";

const BASE = "/api/v1";
/** How long an answer may take. */
const PATIENCE_MILLIS = 10_000;

/** @typedef {{status: number, body: any, tag: string | null}} Answered */

/**
 * Asks for something; rejects with an `ApiError` unless that was a success or nothing has changed.
 * @param {string} method @param {string} path @param {string | null} secret
 * @param {unknown} [body] @param {string | null} [tag] what is known already
 * @param {Record<string, string>} [more] headers
 * @returns {Promise<Answered>}
 */
export async function call(method, path, secret, body, tag = null, more = {}) {
  /** @type {Record<string, string>} */
  const headers = { accept: "application/json", ...more };
  if (body !== undefined) headers["content-type"] = "application/json";
  if (secret) headers["authorization"] = `Bearer ${secret}`;
  if (tag) headers["if-none-match"] = tag;
  /** @type {Response} */
  let answer;
  try {
    answer = await fetch(BASE + path, {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      cache: "no-store",
      credentials: "same-origin",
      signal: AbortSignal.timeout(PATIENCE_MILLIS),
    });
    if (answer.ok || answer.status === 304) {
      const empty = answer.status === 204 || answer.status === 304;
      return { status: answer.status, body: empty ? null : await answer.json(), tag: answer.headers.get("etag") };
    }
  } catch {
    throw new ApiError("UNREACHABLE", 0, 0, {});
  }
  const problem = await answer.json().catch(() => ({}));
  const wait = retryAfter(answer.headers.get("retry-after"), Date.now());
  throw new ApiError(problem?.error?.code ?? "UNREADABLE", answer.status, wait, problem);
}

/**
 * Asks at once, and then every so often: less often while that fails, and at once when the page is
 * looked at again, since a browser that sleeps forgets its timers. A socket would not outlive that
 * sleep either, and a question that is answered with "nothing new" costs less than keeping one up.
 * @param {() => Promise<void>} ask @param {number} everyMillis
 */
export function keepAsking(ask, everyMillis) {
  let failures = 0;
  let asking = false;
  let stopped = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const now = async () => {
    if (asking || stopped) return;
    asking = true;
    clearTimeout(timer);
    /** @type {number} */
    let wait = everyMillis;
    try {
      await ask();
      failures = 0;
    } catch (cause) {
      if (!(cause instanceof ApiError)) console.warn("asking went wrong:", cause);
      failures += 1;
      wait = Math.min(15_000, everyMillis + backOff(failures, Math.random(), cause instanceof ApiError ? cause.retryMillis : 0));
    }
    asking = false;
    if (!stopped) timer = setTimeout(() => void now(), wait);
  };
  const woken = () => {
    if (document.visibilityState === "visible") void now();
  };
  document.addEventListener("visibilitychange", woken);
  window.addEventListener("online", woken);
  void now();
  return {
    now: () => void now(),
    stop() {
      stopped = true;
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", woken);
      window.removeEventListener("online", woken);
    },
  };
}

/** Six digits in two threes, as they are read out. @param {string} code */
export function grouped(code) {
  return `${code.slice(0, 3)} ${code.slice(3)}`;
}

/** A picture that the server drew. @param {string} svg @param {string} alt */
export function pictureOf(svg, alt) {
  return { src: `data:image/svg+xml,${encodeURIComponent(svg)}`, alt };
}

/** The address of this deployment without what every browser adds itself. */
export function shortAddress() {
  return `${location.host}/j`;
}
