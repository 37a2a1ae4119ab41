// Other people's record stores, installed into the cache, each in a process of its own. Nothing of
// their code is linked with ours, and one that cannot be had is named and left out.

import { execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { freePort } from "../../browser/support/server.mjs";

const run = promisify(execFile);
const READY_MILLIS = 60_000;
/** Compiling one of them takes its time. */
const INSTALL_MILLIS = 40 * 60_000;

/**
 * @typedef {import("./work.mjs").Door} Door
 * @typedef {object} Subject
 * @property {string} name
 * @property {string} version
 * @property {string} durability what is on the disk when an answer is given
 * @property {boolean} ours
 * @property {() => Promise<Door>} begin starts it, with nothing stored
 * @property {() => Promise<Door>} emptied ends it and starts it, with nothing stored
 * @property {() => Promise<Door>} again starts it with what is stored, where that is not in memory
 * @property {string} [kept] where it is written down what is stored, if that outlives the bench
 * @property {() => Promise<void>} [warm] reads through all that is stored, so that as much of it as there is room for is in memory
 * @property {() => Promise<number | null>} bytes what it has on the disk; null where that is nothing
 * @property {() => Promise<void>} end
 */

const exists = (/** @type {string} */ path) => stat(path).then(() => true, () => false);
const basic = (/** @type {string} */ both) => `Basic ${Buffer.from(both).toString("base64")}`;

/** A process that listens on a port, until it is ended. */
export class Program {
  /** @type {import("node:child_process").ChildProcess | null} */
  #process = null;
  #log = "";

  /**
   * @param {string} command @param {string[]} words
   * @param {{env?: Record<string, string>, cwd?: string, url: string}} how `url` answers once it is up
   */
  async begin(command, words, { env = {}, cwd, url }) {
    const started = spawn(command, words, { cwd, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
    this.#process = started;
    for (const output of [started.stdout, started.stderr]) {
      output?.on("data", (text) => (this.#log = (this.#log + text).slice(-4000)));
    }
    const failed = new Promise((_, fail) => started.once("error", fail));
    const until = Date.now() + READY_MILLIS;
    while (Date.now() < until && started.exitCode === null) {
      // Whatever it answers, it is there.
      const there = fetch(url).then(() => true, () => false);
      if (await Promise.race([there, failed])) return;
      await new Promise((done) => setTimeout(done, 100));
    }
    await this.end();
    throw new Error(`${command} did not start: ${this.#log.trim().slice(-400)}`);
  }

  async end() {
    const ending = this.#process;
    this.#process = null;
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return;
    const gone = new Promise((done) => ending.once("exit", done));
    ending.kill("SIGTERM");
    const late = setTimeout(() => ending.kill("SIGKILL"), 15_000);
    await gone;
    clearTimeout(late);
  }
}

/** Learning Locker's statement service, with the store in memory that it brings. @param {string} folder */
export async function learningLocker(folder) {
  const version = "7.8.0";
  const name = "@learninglocker/xapi-statements";
  const main = join(folder, "node_modules", name, "dist/server.js");
  if (!(await exists(main))) {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "package.json"), "{}");
    const words = ["install", "--ignore-scripts", "--no-audit", "--no-fund", `${name}@${version}`];
    await run("npm", words, { cwd: folder, timeout: INSTALL_MILLIS });
  }
  const program = new Program();
  const begin = async () => {
    const port = await freePort();
    const env = { AUTH_REPO: "test", MODELS_REPO: "memory", EVENTS_REPO: "test", STORAGE_REPO: "local", EXPRESS_PORT: String(port), XAPI_PREFIX: "", LOG_MIN_LEVEL: "error" };
    await program.begin("node", [main], { env, cwd: folder, url: `http://127.0.0.1:${port}/` });
    const headers = { authorization: basic("key:secret"), "x-experience-api-version": "1.0.3" };
    return { address: `127.0.0.1:${port}`, path: "/xAPI/statements", headers };
  };
  /** @type {Subject} */
  return {
    name: "Learning Locker xapi-statements",
    version,
    durability: "none: in memory",
    ours: false,
    begin,
    emptied: async () => (await program.end(), begin()),
    again: begin,
    bytes: async () => null,
    end: () => program.end(),
  };
}

/** Ralph, with the only one of its stores that needs no further server: a file. @param {string} folder */
export async function ralph(folder) {
  const version = "5.1.0";
  const python = join(folder, "bin/python");
  const stamp = join(folder, `ralph-${version}`);
  if (!(await exists(stamp))) {
    await run("python3", ["-m", "venv", "--clear", folder], { timeout: INSTALL_MILLIS });
    const words = ["-m", "pip", "install", "-q", "--no-input", "--disable-pip-version-check", `ralph-malph[full]==${version}`];
    await run(python, words, { timeout: INSTALL_MILLIS });
    await writeFile(stamp, "");
  }
  // As it comes, its file store refuses every write after the first; it has a mode that appends.
  const start = [
    "from ralph.backends.data.base import BaseOperationType",
    "from ralph.backends.lrs.fs import FSLRSBackend",
    "FSLRSBackend.default_operation_type = BaseOperationType.APPEND",
    "import os, uvicorn",
    "uvicorn.run('ralph.api:app', host='127.0.0.1', port=int(os.environ['PORT']), log_level='error')",
  ].join("\n");
  const data = join(folder, "data");
  const program = new Program();
  const begin = async () => {
    await rm(data, { recursive: true, force: true });
    await mkdir(data, { recursive: true });
    const hashed = await run(python, ["-c", "import bcrypt; print(bcrypt.hashpw(b'secret', bcrypt.gensalt(4)).decode())"]);
    const agent = { mbox: "mailto:bench@example.org" };
    const users = [{ username: "key", hash: hashed.stdout.trim(), scopes: ["all"], agent }];
    await writeFile(join(folder, "auth.json"), JSON.stringify(users));
    const port = await freePort();
    const env = { PORT: String(port), RALPH_RUNSERVER_BACKEND: "fs", RALPH_BACKENDS__LRS__FS__DEFAULT_DIRECTORY_PATH: data, RALPH_APP_DIR: folder, RALPH_AUTH_FILE: join(folder, "auth.json") };
    await program.begin(python, ["-c", start], { env, cwd: folder, url: `http://127.0.0.1:${port}/__heartbeat__` });
    const headers = { authorization: basic("key:secret"), "x-experience-api-version": "1.0.3" };
    return { address: `127.0.0.1:${port}`, path: "/xAPI/statements", headers };
  };
  /** @type {Subject} */
  return {
    name: "Ralph (file store, appending)",
    version,
    durability: "a file, never synced",
    ours: false,
    begin,
    emptied: async () => (await program.end(), begin()),
    again: begin,
    bytes: async () => (await stat(join(data, "fs_lrs.jsonl"))).size,
    end: () => program.end(),
  };
}

/** LaRS, in Rust on PostgreSQL. @param {string} folder @param {import("./postgres.mjs").Postgres} postgres */
export async function xapiRs(folder, postgres) {
  const version = "0.1.22";
  const main = join(folder, "bin/xapi-rs");
  if (!(await exists(main))) {
    const words = ["install", "xapi-rs", "--version", version, "--root", folder, "--target-dir", join(folder, "target")];
    await run("cargo", words, { timeout: INSTALL_MILLIS, maxBuffer: 1 << 26 });
    await rm(join(folder, "target"), { recursive: true, force: true });
  }
  const program = new Program();
  const database = "lars";
  const begin = async () => {
    await mkdir(join(folder, "logs"), { recursive: true });
    await postgres.create(database);
    const port = await freePort();
    const address = `127.0.0.1:${port}`;
    // It takes the folder that it is run in from a variable of cargo's.
    const env = { CARGO_MANIFEST_DIR: folder, EXT_DEFAULT_LANGUAGE: "en", DB_SERVER_URL: postgres.tcp(""), DB_NAME: database, DB_MAX_CONNECTIONS: "16", DB_STATEMENTS_PAGE_LEN: "25", LRS_HOST: "127.0.0.1", LRS_PORT: String(port), ROCKET_ADDRESS: "127.0.0.1", ROCKET_PORT: String(port), LRS_MODE: "legacy", LRS_EXTERNAL_URL: `http://${address}/`, LRS_AUTHORITY_IFI: "admin@my.xapi.net", RUST_LOG: "error", ROCKET_PROFILE: "release", ROCKET_SECRET_KEY: randomBytes(32).toString("base64"), ROCKET_LOG_LEVEL: "off", ROCKET_LIMITS: '{json="64MiB",string="64MiB",bytes="64MiB","data-form"="64MiB"}' };
    await program.begin(main, [], { env, cwd: folder, url: `http://${address}/about` });
    return { address, path: "/statements", headers: { "x-experience-api-version": "2.0.0" } };
  };
  /** @type {Subject} */
  return {
    name: "xapi-rs",
    version: `${version} on ${postgres.version}`,
    durability: "synced before the answer (PostgreSQL, synchronous_commit on)",
    ours: false,
    begin,
    emptied: async () => (await program.end(), begin()),
    again: begin,
    bytes: () => postgres.bytes(database),
    end: () => program.end(),
  };
}
