/**
 * One tab holds a visit. A second one may take it over; the first then learns of it.
 */

/** What this page holds already: asking again is not asking another tab. @type {Set<string>} */
const held = new Set();

/**
 * Holds the visit of a venue until the page goes or another tab takes it.
 * @param {string} venue
 * @param {{steal?: boolean, onLost: () => void}} how
 * @returns {Promise<boolean>} false when another tab holds it
 */
export function holdVisit(venue, { steal = false, onLost }) {
  if (!navigator.locks || held.has(venue)) return Promise.resolve(true);
  return new Promise((resolve) => {
    /** @param {Lock | null} lock */
    const keep = (lock) => {
      if (lock) held.add(venue);
      resolve(lock !== null);
      return lock ? new Promise(() => {}) : undefined;
    };
    /** @type {LockOptions} */
    const options = steal ? { steal: true } : { ifAvailable: true };
    navigator.locks.request(`xinghuo-visit:${venue}`, options, keep).catch(() => {
      held.delete(venue);
      onLost();
    });
  });
}
