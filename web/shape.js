/**
 * Whether what was fetched of a package has the shape that the page reads: a text where it shows one,
 * a list where it goes through one, and no more of them than a package may have. Whether it makes
 * sense is for the module to say.
 */

/** A package has no more files, and a venue no more stops: the module would refuse it. */
const FILES = 4000;
const STOPS = 2500;

/** @param {unknown} it */
const isText = (it) => typeof it === "string";
/** @param {unknown} it */
const isTextOrNone = (it) => it === undefined || it === null || isText(it);
/** @param {unknown} it @returns {it is Record<string, any>} */
const isRecord = (it) => typeof it === "object" && it !== null && !Array.isArray(it);
/** @param {unknown} it @param {(item: any) => boolean} has @param {number} [most] */
const isList = (it, has, most = FILES) => Array.isArray(it) && it.length <= most && it.every(has);
/** @param {unknown} it @param {(item: any) => boolean} has */
const isTable = (it, has) => isRecord(it) && Object.values(it).every(has);

/** @param {unknown} it */
const isFile = (it) => isRecord(it) && isText(it["path"]) && Number.isSafeInteger(it["bytes"]);

/** @param {any} it */
export function isManifest(it) {
  return isRecord(it) && Number.isInteger(it["format"])
    && [it["venue"], it["hash"], it["poster"], it["provenance"], it["licence"]].every(isText)
    && isList(it["files"], isFile) && isList(it["first"], isText);
}

/** @param {unknown} it */
const isRoom = (it) => isRecord(it) && isText(it["scene"]) && isTextOrNone(it["lightmap"]);

/** @param {unknown} it */
const isStop = (it) =>
  isRecord(it) && isText(it["id"]) && isText(it["room"]) && isList(it["prerequisites"], isText)
  && isTextOrNone(it["checkpoint"]) && isTextOrNone(it["picture"])
  && (!it["artifact"] || (isRecord(it["artifact"]) && isText(it["artifact"]["id"]) && isText(it["artifact"]["provenance"])));

/** @param {any} it */
export function isVenue(it) {
  return isRecord(it) && isText(it["id"]) && isList(it["languages"], isText)
    && isRecord(it["start"]) && isText(it["start"]["room"])
    && isTable(it["rooms"], isRoom) && isList(it["stops"], isStop, STOPS);
}

/** @param {any} it */
export const isTexts = (it) => isTable(it, isText);

/** @param {any} it */
export const isSources = (it) =>
  isRecord(it) && isTable(it["cites"], (ids) => isList(ids, isText))
  && isTable(it["sources"], (source) => isRecord(source) && isTextOrNone(source["url"]));
