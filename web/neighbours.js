/**
 * What lies behind the doors of a room, fetched once nothing more urgent is needed: the module then
 * finds it in the browser's cache, and passing is quick.
 */

/** @import { VenuePackage } from "./package.js" */

/** @type {Set<string>} */
const asked = new Set();

/**
 * Fetches the scenes next to `room` one by one, unless the visitor saves data. What fails is left to
 * the moment when it is needed.
 * @param {VenuePackage} opened @param {string} room
 */
export async function fetchNeighbours(opened, room) {
  const { connection } = /** @type {{connection?: {saveData?: boolean}}} */ (navigator);
  if (connection?.saveData) return;
  const doors = opened.venue.rooms[room]?.doors ?? [];
  for (const { address } of doors.flatMap((door) => opened.filesOf(door.to))) {
    if (asked.has(address)) continue;
    asked.add(address);
    try {
      const answer = await fetch(address, { priority: "low" });
      await answer.body?.pipeTo(new WritableStream());
    } catch {
      asked.delete(address);
    }
  }
}
