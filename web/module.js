/**
 * The WebAssembly module: downloaded while the poster is read, compiled while it arrives.
 */

import { Failure } from "./failure.js";

/** @import { App } from "./messages.js" */

/** Where the site begins; the build names its products from there. */
const SITE = new URL(".", import.meta.url);
/** Where the build says which module it made. */
const VERSION = new URL("app/version.json", SITE);

/**
 * The module, and the one that also has what is read in a headset: twice as much.
 * @typedef {{script: string, wasm: string, wasmBytes?: number}} Build
 * @typedef {Build & {headset?: Build}} Version
 */

/** @type {Promise<{module: WebAssembly.Module, script: string}> | null} */
let compiled = null;
let instances = 0;

/**
 * Counts what has arrived, against what will.
 * @typedef {{received: number, total: number | null}} Bytes
 */
export class Download {
  /** @type {Map<string, Bytes>} */
  #parts = new Map();

  /** @param {(bytes: Bytes) => void} onBytes */
  constructor(onBytes) {
    this.onBytes = onBytes;
  }

  /**
   * Fetches a file, counting it. Its size is known from the manifest, or when nothing is compressed
   * on the way; otherwise only what has arrived is told.
   * @param {string} address @param {number | null} bytes
   */
  async fetch(address, bytes) {
    this.#count(address, 0, bytes);
    /** @type {Response} */
    let answer;
    try {
      answer = await fetch(address);
    } catch (cause) {
      throw new Failure("DOWNLOAD_FAILED", `${address}: ${cause}`);
    }
    if (!answer.ok || !answer.body) {
      throw new Failure(answer.status === 404 ? "PACKAGE_MISSING" : "DOWNLOAD_FAILED", `${address} answered ${answer.status}`);
    }
    const length = answer.headers.get("content-length");
    const plain = !answer.headers.get("content-encoding");
    const total = bytes ?? (plain && length ? Number(length) : null);
    return { answer, read: this.#read(address, answer.clone(), total) };
  }

  /** @param {string} address @param {Response} copy @param {number | null} total */
  async #read(address, copy, total) {
    const reader = /** @type {ReadableStream<Uint8Array>} */ (copy.body).getReader();
    let received = 0;
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        received += value.length;
        this.#count(address, received, total);
      }
    } catch (cause) {
      throw new Failure("DOWNLOAD_FAILED", `${address}: ${cause}`);
    }
    this.#count(address, received, received);
  }

  /** @param {string} address @param {number} received @param {number | null} total */
  #count(address, received, total) {
    this.#parts.set(address, { received, total });
    const parts = [...this.#parts.values()];
    this.onBytes({
      received: parts.reduce((sum, part) => sum + part.received, 0),
      total: parts.every((part) => part.total !== null)
        ? parts.reduce((sum, part) => sum + (part.total ?? 0), 0)
        : null,
    });
  }
}

/**
 * Downloads and compiles the module, once for the page.
 * @param {Download} download @param {boolean} headset whether it is also to be read in a headset
 */
export function prepareModule(download, headset) {
  compiled ??= compile(download, headset);
  compiled.catch(() => {
    compiled = null;
  });
  return compiled;
}

/** @type {Promise<Version> | null} */
let told = null;

/** Which module there is: asked for before it is wanted, so that it is on its way at once then. */
export function expectModule() {
  told ??= version();
  told.catch(() => {
    told = null;
  });
  return told;
}

/** @returns {Promise<Version>} */
async function version() {
  const answer = await fetch(VERSION).catch(() => null);
  if (!answer?.ok) throw new Failure("DOWNLOAD_FAILED", VERSION.href);
  return answer.json();
}

/** @param {Download} download @param {boolean} headset */
async function compile(download, headset) {
  const version = await expectModule();
  const { script, wasm, wasmBytes } = (headset && version.headset) || version;
  const { answer, read } = await download.fetch(new URL(wasm, SITE).href, wasmBytes ?? null);
  // The bindings come on the way; whoever needs them hears if they do not.
  void bind(script, 0).catch(() => {});
  try {
    const [module] = await Promise.all([WebAssembly.compileStreaming(answer), read]);
    return { module, script };
  } catch (cause) {
    throw cause instanceof Failure ? cause : new Failure("DOWNLOAD_FAILED", String(cause));
  }
}

/** The module's bindings, each number a copy of its own. @param {string} script @param {number} instance */
function bind(script, instance) {
  const address = new URL(script, SITE);
  if (instance > 0) address.searchParams.set("instance", String(instance));
  return import(address.href).catch((cause) => {
    throw new Failure("DOWNLOAD_FAILED", String(cause));
  });
}

/**
 * A fresh instance of the module. A tour that goes on as a text walk needs one of its own, because
 * the engine of the first cannot be started twice.
 * @returns {Promise<App>}
 */
export async function newInstance() {
  const prepared = await compiled;
  if (!prepared) throw new Failure("DOWNLOAD_FAILED", "the module was not prepared");
  const bindings = await bind(prepared.script, instances);
  instances += 1;
  await bindings.default({ module_or_path: prepared.module });
  return bindings;
}
