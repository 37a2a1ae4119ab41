// Our own server, as it ships, with either of its stores.

import { execFile } from "node:child_process";
import { createReadStream } from "node:fs";
import { mkdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { freePort, setting } from "../../browser/support/server.mjs";
import { Program } from "./peers.mjs";

const run = promisify(execFile);
const SYNCED = "synced before the answer";

/**
 * @param {string} folder @param {import("./postgres.mjs").Postgres | null} postgres with SQLite if there is none
 * @returns {import("./peers.mjs").Subject}
 */
export function ours(folder, postgres) {
  const program = new Program();
  const database = "xinghuo";
  const file = join(folder, "xinghuo.sqlite");
  const records = postgres ? ["--database-url", postgres.tcp(database)] : ["--data", folder];
  const start = async () => {
    const words = ["credential", "add", ...records, "--label", "bench", "--scope", "all"];
    const { stdout } = await run(setting("XINGHUO_SERVER"), words);
    const said = (/** @type {string} */ name) => stdout.match(new RegExp(`^${name}\\s+(\\S+)`, "m"))?.[1] ?? "";
    const address = `127.0.0.1:${await freePort()}`;
    const served = [["--site", setting("XINGHUO_SITE")], ["--packages", setting("XINGHUO_PACKAGES")], ["--keys", setting("XINGHUO_KEYS")]];
    await program.begin(setting("XINGHUO_SERVER"), ["--listen", address, ...records, ...served.flat()], { url: `http://${address}/health` });
    const authorization = `Basic ${Buffer.from(`${said("key")}:${said("secret")}`).toString("base64")}`;
    return { address, path: "/xapi/statements", headers: { authorization, "x-experience-api-version": "2.0.0" } };
  };
  const begin = async () => {
    if (postgres) await postgres.create(database);
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    return start();
  };
  return {
    name: postgres ? "Xinghuo, PostgreSQL" : "Xinghuo, SQLite",
    version: postgres ? postgres.version : "SQLite, embedded",
    durability: postgres ? `${SYNCED} (synchronous_commit on)` : `${SYNCED} (WAL, synchronous = full)`,
    ours: true,
    begin,
    emptied: async () => (await program.end(), begin()),
    again: start,
    ...(postgres ? {} : { kept: join(folder, "filled.json") }),
    warm: async () => {
      if (postgres) return postgres.warm(database);
      for await (const _ of createReadStream(file, { highWaterMark: 1 << 20 }));
    },
    bytes: async () => {
      if (postgres) return postgres.bytes(database);
      const sizes = ["", "-wal"].map((suffix) => stat(file + suffix).then(({ size }) => size, () => 0));
      return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
    },
    end: () => program.end(),
  };
}
