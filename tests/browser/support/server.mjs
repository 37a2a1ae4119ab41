// The real server on a free port with a data folder of its own, to be killed and started again.

import { execFile, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/** What the repository's own command hands to these tests. @param {string} name */
export function setting(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run the browser tests with \`cargo xtask test\``);
  return value;
}

const READY_MILLIS = 20_000;

export class Server {
  /** @type {import("node:child_process").ChildProcessByStdio<null, null, import("node:stream").Readable> | null} */
  #process = null;
  #log = "";
  port = 0;
  origin = "";
  data = "";

  /** @param {string} site @param {string} packages @param {string} keys @param {string[]} [options] */
  constructor(site, packages, keys, options = []) {
    this.options = options;
    this.site = site;
    this.packages = packages;
    this.keys = keys;
  }

  static async begin({
    site = setting("XINGHUO_SITE"),
    packages = setting("XINGHUO_PACKAGES"),
    keys = setting("XINGHUO_KEYS"),
    options = /** @type {string[]} */ ([]),
  } = {}) {
    const server = new Server(site, packages, keys, options);
    server.port = await freePort();
    server.origin = `http://127.0.0.1:${server.port}`;
    server.data = await mkdtemp(join(tmpdir(), "xinghuo-data-"));
    await server.start();
    return server;
  }

  async start() {
    const started = spawn(
      setting("XINGHUO_SERVER"),
      [
        ["--listen", `127.0.0.1:${this.port}`],
        ["--data", this.data],
        ["--site", this.site],
        ["--packages", this.packages],
        ["--keys", this.keys],
        this.options,
      ].flat(),
      { stdio: ["ignore", "ignore", "pipe"] },
    );
    this.#process = started;
    started.stderr.on("data", (text) => (this.#log += text));
    const until = Date.now() + READY_MILLIS;
    while (Date.now() < until) {
      if (started.exitCode !== null) break;
      const healthy = await fetch(`${this.origin}/health`).catch(() => null);
      if (healthy?.ok) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`the server did not start:\n${this.#log}`);
  }

  /**
   * Rejects unless another program, from the log alone, comes to the record that this server gave.
   * @param {{visit: string, token: string}} ticket
   */
  async replayedElsewhere(ticket) {
    const file = join(this.data, `${ticket.visit}.json`);
    await writeFile(file, JSON.stringify(await this.visit(ticket)));
    await promisify(execFile)(setting("XINGHUO_AUTHOR"), [
      ...["replay", file],
      ...["--packages", this.packages],
      ...["--keys", this.keys],
    ]);
  }

  /** Ends it without a word, as a power cut would. */
  async kill() {
    const ended = new Promise((resolve) => this.#process?.once("exit", resolve));
    this.#process?.kill("SIGKILL");
    await ended;
  }

  async end() {
    if (this.#process?.exitCode === null && this.#process.signalCode === null) await this.kill();
    await rm(this.data, { recursive: true, force: true });
  }

  /** What the server holds of a visit, by the ticket that the page was given. @param {{visit: string, token: string}} ticket */
  async visit({ visit, token }) {
    const answer = await fetch(`${this.origin}/api/v1/visits/${visit}`, { headers: { authorization: `Bearer ${token}` } });
    if (!answer.ok) throw new Error(`the visit: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }
}

/** @returns {Promise<number>} */
export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = /** @type {import("node:net").AddressInfo} */ (probe.address());
      probe.close(() => resolve(port));
    });
  });
}
