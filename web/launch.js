/**
 * cmi5: a learning system has sent the visitor here, with what it knows of them in the address. It stays
 * in the tab until the visitor agrees to a record. The server takes it from there; the page keeps only
 * the way back.
 */

import { ApiError } from "./record/api.js";
import { CONSENT } from "./record/consent.js";

/** @import { Api, Launched, Launch } from "./record/api.js" */
/** @import { Store, VisitRow } from "./record/store.js" */

/**
 * @typedef {Omit<Launch, "consent">} Waiting a launch whose visitor has not been asked yet
 * @typedef {{visit: string, token: string, returnUrl: string | null}} Kept the way back; no visit where the
 *   visitor wanted no record
 */

/** What a launch has in its address. */
const NAMES = ["endpoint", "fetch", "actor", "registration", "activityId"];

const KEPT_AS = "xinghuo:launch";
const WAITING_AS = "xinghuo:launch-waiting";

/** @type {Waiting | null} */
let waiting = null;

/**
 * Takes the launch out of an address: it is good once, and is nobody else's business.
 * @param {URLSearchParams} address
 * @returns {Omit<Waiting, "venue" | "language"> | null}
 */
export function takeLaunch(address) {
  const [endpoint, fetch, actor, registration, activityId] = NAMES.map((name) => address.get(name));
  if (!endpoint || !fetch || !actor || !registration || !activityId) return null;
  for (const name of NAMES) address.delete(name);
  return { endpoint, fetch, actor, registration, activityId };
}

/**
 * Keeps a launch in this tab until its visitor has said whether there shall be a record: before that the
 * server does not hear of it.
 * @param {Waiting} launch
 */
export function keepWaiting(launch) {
  waiting = launch;
  write(WAITING_AS, launch);
}

/** The launch of a venue whose visitor has not been asked yet. @param {string} venue @returns {Waiting | null} */
export function waitingLaunch(venue) {
  waiting ??= read(WAITING_AS);
  return waiting?.venue === venue ? waiting : null;
}

function waitNoMore() {
  waiting = null;
  write(WAITING_AS, null);
}

/**
 * Makes the visit of a launch the one that this device is on, now that its visitor agrees. Rejects with
 * an `ApiError`; the launch is kept where the same may succeed later.
 * @param {Api} api @param {Store} store @param {Waiting} launch
 * @returns {Promise<{row: VisitRow, launched: Launched}>}
 */
export async function begin(api, store, launch) {
  const launched = await api.launch({ ...launch, consent: CONSENT }).catch((cause) => {
    if (!(cause instanceof ApiError) || !cause.passing) waitNoMore();
    throw cause;
  });
  waitNoMore();
  const age = Math.max(0, Date.parse(launched.serverNow) - Date.parse(launched.created)) || 0;
  const { visit, token, seed, venue, package: hash, seq, returnUrl = null } = launched;
  const { registration } = launch;
  const row = { visit, token, seed, venue, package: hash, startedAt: Date.now() - age, accepted: seq, consent: CONSENT, registration };
  await store.begin(row);
  write(KEPT_AS, { visit, token, returnUrl });
  return { row, launched };
}

/**
 * Ends the session of a launch whose visitor wants no record. Whether the learning system hears of that
 * or not, nothing else is sent.
 * @param {Api} api @param {Waiting} launch
 */
export async function decline(api, launch) {
  waitNoMore();
  try {
    const { returnUrl = null } = await api.declineLaunch(launch);
    write(KEPT_AS, { visit: "", token: "", returnUrl });
  } catch (cause) {
    // The system ends what nobody ends, when the learner is next sent somewhere.
    if (!(cause instanceof ApiError)) throw cause;
  }
}

/**
 * Says good-bye to the learning system, and tells where the visitor goes now; null where no learning
 * system has sent them.
 * @param {Api} api
 * @returns {Promise<{returnUrl: string | null} | null>}
 */
export async function leave(api) {
  /** @type {Kept | null} */
  const kept = read(KEPT_AS);
  if (!kept) return null;
  write(KEPT_AS, null);
  try {
    if (kept.visit) await api.leave(kept);
  } catch (cause) {
    // The server notices by itself, a little later.
    if (!(cause instanceof ApiError)) throw cause;
  }
  return { returnUrl: kept.returnUrl };
}

/** @param {string} name @param {unknown} value */
function write(name, value) {
  try {
    if (value) sessionStorage.setItem(name, JSON.stringify(value));
    else sessionStorage.removeItem(name);
  } catch {
    // Without storage the visitor closes the window, and the server notices.
  }
}

/** @param {string} name */
function read(name) {
  try {
    return JSON.parse(sessionStorage.getItem(name) ?? "null");
  } catch {
    return null;
  }
}
