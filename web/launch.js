/**
 * cmi5: a learning system has sent the visitor here, with what it knows of them in the address. The
 * server takes it from there; the page keeps only the way back.
 */

import { ApiError } from "./record/api.js";
import { openStore } from "./record/store.js";

/** @import { Api, Launched, Launch } from "./record/api.js" */

/** What a launch has in its address. */
const NAMES = ["endpoint", "fetch", "actor", "registration", "activityId"];

const KEPT_AS = "xinghuo:launch";

/**
 * Takes the launch out of an address: it is good once, and is nobody else's business.
 * @param {URLSearchParams} address
 * @returns {Omit<Launch, "venue" | "language"> | null}
 */
export function takeLaunch(address) {
  const [endpoint, fetch, actor, registration, activityId] = NAMES.map((name) => address.get(name));
  if (!endpoint || !fetch || !actor || !registration || !activityId) return null;
  for (const name of NAMES) address.delete(name);
  return { endpoint, fetch, actor, registration, activityId };
}

/**
 * Makes the visit of a launch the one that this device is on. Rejects with an `ApiError`.
 * @param {Api} api @param {Launch} launch
 * @returns {Promise<Launched>}
 */
export async function begin(api, launch) {
  const made = await api.launch(launch);
  const { store } = await openStore();
  const age = Math.max(0, Date.parse(made.serverNow) - Date.parse(made.created)) || 0;
  const { visit, token, seed, venue, package: hash, seq } = made;
  await store.begin({ visit, token, seed, venue, package: hash, startedAt: Date.now() - age, accepted: seq });
  keep({ visit, token, returnUrl: made.returnUrl ?? null });
  return made;
}

/**
 * Says good-bye to the learning system, and tells where the visitor goes now; null where no learning
 * system has sent them.
 * @param {Api} api
 * @returns {Promise<{returnUrl: string | null} | null>}
 */
export async function leave(api) {
  const kept = remembered();
  if (!kept) return null;
  keep(null);
  try {
    await api.leave(kept);
  } catch (cause) {
    // The server notices by itself, a little later.
    if (!(cause instanceof ApiError)) throw cause;
  }
  return { returnUrl: kept.returnUrl };
}

/** @typedef {{visit: string, token: string, returnUrl: string | null}} Kept */

/** @param {Kept | null} kept */
function keep(kept) {
  try {
    if (kept) sessionStorage.setItem(KEPT_AS, JSON.stringify(kept));
    else sessionStorage.removeItem(KEPT_AS);
  } catch {
    // Without storage the visitor closes the window, and the server notices.
  }
}

/** @returns {Kept | null} */
function remembered() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT_AS) ?? "null");
  } catch {
    return null;
  }
}
