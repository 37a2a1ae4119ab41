// What many noisy numbers come to: the middle, how far they lie apart, and how two subjects compare.

/**
 * @typedef {{median: number, low: number, high: number, count: number}} Middle the median and both quartiles
 * @typedef {Middle & {told: boolean}} Ratio `told` is false where the rounds contradict each other too much
 */

/** Fewer rounds than this tell nothing about a ratio. */
const ROUNDS_LEAST = 3;
/** Where the upper quartile is so many times the lower, a ratio is noise. */
const ABSURD = 2;

/**
 * The value below which the share `q` of all lies, between neighbours in proportion.
 * @param {number[]} values at least one @param {number} q in 0 to 1
 */
export function quantile(values, q) {
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * q;
  const below = sorted[Math.floor(place)] ?? NaN;
  const above = sorted[Math.ceil(place)] ?? NaN;
  return below + (above - below) * (place - Math.floor(place));
}

/** @param {number[]} values @returns {Middle} NaN where there are none */
export function middle(values) {
  const at = (/** @type {number} */ q) => quantile(values, q);
  return { median: at(0.5), low: at(0.25), high: at(0.75), count: values.length };
}

/**
 * How many times theirs ours is, round by round, because what disturbs a round disturbs both.
 * @param {number[]} ours @param {number[]} theirs of the same rounds
 * @returns {Ratio | null} nothing where theirs is zero
 */
export function ratio(ours, theirs) {
  const pairs = ours.slice(0, theirs.length).map((value, round) => [value, theirs[round] ?? NaN]);
  if (pairs.length === 0 || pairs.some(([, their]) => !(Number(their) > 0))) return null;
  const found = middle(pairs.map(([our, their]) => Number(our) / Number(their)));
  return { ...found, told: pairs.length >= ROUNDS_LEAST && found.high <= found.low * ABSURD };
}
