/**
 * What to do when the page comes back. An engine that has run cannot be run again in the same page,
 * so whatever needs a new one loads the page anew and says here what was meant.
 */

/** @import { Model } from "./model.js" */

/** @typedef {{enter?: boolean, fresh?: boolean, steal?: boolean, back?: boolean, consent?: number, unrecorded?: boolean}} Intention */

const KEPT_AS = "xinghuo:returning";

/** Loads the page anew, meaning something by it. @param {Model} model @param {Intention} intention */
export function intend(model, intention) {
  try {
    const venue = model.package?.venue.id ?? null;
    sessionStorage.setItem(KEPT_AS, JSON.stringify({ ...intention, mode: model.mode, venue }));
  } catch {
    // Without storage the page comes back to its poster, which is no harm.
  }
  location.reload();
}

/**
 * What was meant, once.
 * @param {string} venue
 * @returns {(Intention & {mode: "scene" | "text"}) | null}
 */
export function intention(venue) {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEPT_AS) ?? "null");
    sessionStorage.removeItem(KEPT_AS);
    return kept?.venue === venue ? kept : null;
  } catch {
    return null;
  }
}
