/** Forgetting a visit on a device that the next visitor takes in hand, once the server has all of it. */

import { openStore } from "../record/store.js";
import { Visit } from "../record/visit.js";

/** @import { Api } from "../record/api.js" */

/** How often what is left is sent, and how long that may take in all. */
const TRIES = 40;
const PATIENCE_MILLIS = 8000;

/**
 * Rejects when something is left that the server may still take: then it is not forgotten yet.
 * @param {Api} api @param {string} venue @param {boolean} send what the server does not have yet
 */
export async function putAway(api, venue, send) {
  const { store } = await openStore();
  const row = await store.current(venue);
  if (!row) return;
  if (send && row.token !== "") await sendRest(new Visit(row, store, api));
  await store.forget(row);
}

/** @param {Visit} visit */
async function sendRest(visit) {
  let saved = false;
  let refused = false;
  await visit.open({
    onVerdicts() {},
    onStatus: (status) => (saved = status === "saved"),
    // The server will not take it, now or later.
    onProblem: () => (refused = true),
  });
  const until = Date.now() + PATIENCE_MILLIS;
  for (let tries = 0; !saved && !refused && tries < TRIES && Date.now() < until; tries += 1) {
    await visit.flush();
    if (!saved) await new Promise((resolve) => setTimeout(resolve, 150));
  }
  visit.stop();
  if (!saved && !refused) throw new Error("the server does not have all of the visit yet");
}
