/**
 * A venue's published package: which one is current, what is in it, and its words.
 */

import { Failure } from "./failure.js";

/** @import { Provenance, Venue } from "./messages.js" */

/**
 * @typedef {{path: string, sha256: string, bytes: number, mediaType: string}} PackageFile
 * @typedef {{format: number, venue: string, hash: string, files: PackageFile[], first: string[], poster: string, provenance: Provenance, licence: string}} Manifest
 * @typedef {{id: string, hash: string, languages: string[], title: Record<string, string>, poster: string, draft: boolean}} Listed
 * @typedef {{sources: Record<string, {text?: Record<string, string> | string, url?: string}>, cites: Record<string, string[]>}} Sources
 */

/** The newest format of packages that this page can show. */
const FORMAT = 1;

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
   * served, else the current one.
   * @param {string} source such as `/packages/red-boat`
   * @param {string | null} hash
   */
  static async open(source, hash) {
    const folder = new URL(`${source.replace(/\/+$/, "")}/`, document.baseURI);
    if (hash) {
      try {
        return await VenuePackage.#read(new URL(`${hash}/`, folder).href);
      } catch (cause) {
        if (!(cause instanceof Failure) || cause.code !== "PACKAGE_MISSING") throw cause;
      }
    }
    const venue = folder.pathname.split("/").at(-2);
    const listed = (await listVenues(new URL("..", folder).href)).find((one) => one.id === venue);
    if (!listed) throw new Failure("PACKAGE_MISSING", folder.href);
    return VenuePackage.#read(new URL(`${listed.hash}/`, folder).href);
  }

  /** @param {string} base */
  static async #read(base) {
    /** @param {string} path */
    const part = (path) => fetchJson(new URL(path, base).href);
    const manifest = /** @type {Manifest} */ (await part("manifest.json"));
    if (manifest.format > FORMAT) throw new Failure("PACKAGE_NEWER", `format ${manifest.format}`);
    const [venue, sources] = await Promise.all([part("venue.json"), part("sources.json")]);
    if (!Array.isArray(venue?.stops)) throw new Failure("PACKAGE_BROKEN", `${base}venue.json`);
    return new VenuePackage(base, manifest, venue, sources);
  }

  /** @param {string} path */
  address(path) {
    return new URL(path, this.base).href;
  }

  get poster() {
    return this.address(this.manifest.poster);
  }

  /** What the first room needs, with the number of its bytes. */
  get firstFiles() {
    return this.manifest.first.flatMap((path) => {
      const file = this.manifest.files.find((one) => one.path === path);
      return file ? [{ address: this.address(path), bytes: file.bytes }] : [];
    });
  }

  /** The venue's words in a language, else in its own. @param {string} language */
  texts(language) {
    const { languages } = this.venue;
    const spoken = languages.includes(language) ? language : (languages[0] ?? language);
    let texts = this.#texts.get(spoken);
    if (!texts) {
      texts = fetchJson(this.address(`text/${spoken}.json`));
      texts.catch(() => this.#texts.delete(spoken));
      this.#texts.set(spoken, texts);
    }
    return texts;
  }
}
