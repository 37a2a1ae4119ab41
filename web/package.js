/**
 * A venue's published package: which one is current, what is in it, and its words.
 */

import { Failure } from "./failure.js";
import { isManifest, isSources, isTexts, isVenue } from "./shape.js";

/** @import { Provenance, Venue } from "./messages.js" */

/**
 * @typedef {{path: string, sha256: string, bytes: number, mediaType: string}} PackageFile
 * @typedef {{format: number, venue: string, hash: string, files: PackageFile[], first: string[], poster: string, provenance: Provenance, licence: string}} Manifest
 * @typedef {{id: string, hash: string, languages: string[], title: Record<string, string>, poster: string, draft: boolean}} Listed
 * @typedef {{sources: Record<string, {text?: Record<string, string> | string, url?: string}>, cites: Record<string, string[]>}} Sources
 */

/** The newest format of packages that this page can show. */
const FORMAT = 1;

/** @param {string} language */
const textPath = (language) => `text/${language}.json`;

/** @param {string} address @returns {Promise<any>} */
async function fetchJson(address) {
  /** @type {Response} */
  let answer;
  try {
    answer = await fetch(address);
  } catch (cause) {
    throw new Failure("DOWNLOAD_FAILED", `${address}: ${cause}`);
  }
  if (answer.status === 404) throw new Failure("PACKAGE_MISSING", address);
  if (!answer.ok) throw new Failure("DOWNLOAD_FAILED", `${address} answered ${answer.status}`);
  try {
    return await answer.json();
  } catch (cause) {
    throw new Failure("PACKAGE_BROKEN", `${address}: ${cause}`);
  }
}

/** @param {string} address @returns {Promise<Record<string, string>>} */
async function fetchTexts(address) {
  const texts = await fetchJson(address);
  if (!isTexts(texts)) throw new Failure("PACKAGE_BROKEN", address);
  return texts;
}

/** The venues that this server shows. @param {string} packages @returns {Promise<Listed[]>} */
export async function listVenues(packages = "/packages/") {
  return (await fetchJson(new URL("index.json", new URL(packages, document.baseURI)).href)).venues;
}

export class VenuePackage {
  /** @type {Map<string, Promise<Record<string, string>>>} */
  #texts = new Map();

  /** @param {string} base @param {Manifest} manifest @param {Venue} venue @param {Sources} sources */
  constructor(base, manifest, venue, sources) {
    this.base = base;
    this.manifest = manifest;
    this.venue = venue;
    this.sources = sources;
  }

  /**
   * Opens the package of a venue: the one with `hash`, if a visit is pinned to it and it is still
   * served, else the current one. What can be asked for at once is asked for at once: on a slow
   * line every turn counts.
   * @param {string} source such as `/packages/red-boat`
   * @param {string | null} hash
   * @param {string} language in which the words are wanted first
   * @param {(poster: string) => void} [onPoster] hears of the poster before the rest has come
   */
  static async open(source, hash, language, onPoster = () => {}) {
    const folder = new URL(`${source.replace(/\/+$/, "")}/`, document.baseURI);
    if (hash) {
      try {
        return await VenuePackage.#read(new URL(`${hash}/`, folder).href, null);
      } catch (cause) {
        if (!(cause instanceof Failure) || cause.code !== "PACKAGE_MISSING") throw cause;
      }
    }
    const packages = new URL("..", folder).href;
    const venue = folder.pathname.split("/").at(-2);
    const listed = (await listVenues(packages)).find((one) => one.id === venue);
    if (!listed) throw new Failure("PACKAGE_MISSING", folder.href);
    onPoster(new URL(listed.poster, packages).href);
    const spoken = listed.languages.includes(language) ? language : (listed.languages[0] ?? null);
    return VenuePackage.#read(new URL(`${listed.hash}/`, folder).href, spoken);
  }

  /** @param {string} base @param {string | null} language one that the package is known to have */
  static async #read(base, language) {
    /** @param {string} path */
    const part = (path) => fetchJson(new URL(path, base).href);
    const texts = language === null ? null : fetchTexts(new URL(textPath(language), base).href);
    // Heard of where the words are needed.
    texts?.catch(() => {});
    const [manifest, venue, sources] = await Promise.all([part("manifest.json"), part("venue.json"), part("sources.json")]);
    if (manifest?.format > FORMAT) throw new Failure("PACKAGE_NEWER", `format ${manifest.format}`);
    if (!isManifest(manifest) || !isVenue(venue) || !isSources(sources)) throw new Failure("PACKAGE_BROKEN", base);
    const opened = new VenuePackage(base, manifest, venue, sources);
    if (language !== null && texts) opened.#texts.set(language, texts);
    return opened;
  }

  /** @param {string} path */
  address(path) {
    return new URL(path, this.base).href;
  }

  get poster() {
    return this.address(this.manifest.poster);
  }

  /** What a visit needs that begins in `room`, with the number of its bytes. @param {string} room */
  firstFiles(room) {
    return room === this.venue.start.room ? this.#described(this.manifest.first) : this.filesOf(room);
  }

  /** What a room needs, with the number of its bytes. @param {string} id */
  filesOf(id) {
    const room = this.venue.rooms[id];
    return this.#described([room?.scene, room?.lightmap]);
  }

  /** @param {(string | null | undefined)[]} paths */
  #described(paths) {
    return paths.flatMap((path) => {
      const file = this.manifest.files.find((one) => one.path === path);
      return file ? [{ address: this.address(file.path), bytes: file.bytes }] : [];
    });
  }

  /** The venue's words in a language, else in its own. @param {string} language */
  texts(language) {
    const { languages } = this.venue;
    const spoken = languages.includes(language) ? language : (languages[0] ?? language);
    let texts = this.#texts.get(spoken);
    if (!texts) {
      texts = fetchTexts(this.address(textPath(spoken)));
      texts.catch(() => this.#texts.delete(spoken));
      this.#texts.set(spoken, texts);
    }
    return texts;
  }
}
