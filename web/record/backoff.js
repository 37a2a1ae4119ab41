/**
 * How long to wait before trying again.
 */

const FIRST_MILLIS = 500;
const LONGEST_MILLIS = 60_000;

/**
 * Doubles with every failure, is spread by ±50 % so that a class coming back online does not come
 * back at once, and never falls below what the server asked for.
 * @param {number} failures how many tries in a row have failed, from 1
 * @param {number} random in 0..1
 * @param {number} [askedMillis] the server's Retry-After
 */
export function backOff(failures, random, askedMillis = 0) {
  const doubled = FIRST_MILLIS * 2 ** Math.min(failures - 1, 20);
  const spread = doubled * (0.5 + random);
  return Math.max(Math.min(spread, LONGEST_MILLIS), askedMillis);
}

/**
 * Milliseconds that a Retry-After header asks for, in seconds or as a date.
 * @param {string | null} header
 * @param {number} nowMillis
 */
export function retryAfter(header, nowMillis) {
  if (!header) return 0;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? 0 : Math.max(0, date - nowMillis);
}
