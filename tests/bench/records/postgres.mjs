// A PostgreSQL of the bench's own: Debian's programs, a folder of its own, the settings it comes with.

import { execFile, spawn } from "node:child_process";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { freePort } from "../../browser/support/server.mjs";

const run = promisify(execFile);
const DEBIAN = "/usr/lib/postgresql";
const READY_MILLIS = 30_000;
/** Memory that an administrator would give it; everything else is as it comes, syncing included. */
const SETTINGS = ["shared_buffers=1GB", "max_wal_size=4GB"];

/**
 * Makes a server, says which port it listens on, and removes it when its input ends. PostgreSQL refuses
 * to be run by root, for whom Debian's package made a user.
 */
const SCRIPT = `
set -e
if [ "$(id -u)" = 0 ]; then exec runuser -u postgres -- sh -c "$0" "$0" "$@"; fi
programs=$1 port=$2; shift 2
folder=$(mktemp -d)
"$programs/initdb" -D "$folder/data" -U xinghuo -A trust -E UTF8 --locale=C >&2
"$programs/postgres" -D "$folder/data" -p "$port" -c listen_addresses=127.0.0.1 \\
  -c unix_socket_directories="$folder" "$@" >&2 &
server=$!
echo "$folder"
cat > /dev/null
kill -INT $server || true
wait || true
rm -rf "$folder"
`;

/** Where PostgreSQL's programs are; nothing where they are not. */
async function programs() {
  const versions = await readdir(DEBIAN).catch(() => []);
  for (const version of versions.sort().reverse()) {
    const folder = join(DEBIAN, version, "bin");
    if (await stat(join(folder, "initdb")).catch(() => null)) return folder;
  }
  return null;
}

export class Postgres {
  /** @param {string} programs @param {number} port @param {import("node:child_process").ChildProcess} script @param {string} version */
  constructor(programs, port, script, version) {
    this.programs = programs;
    this.port = port;
    this.script = script;
    this.version = version;
  }

  static async begin() {
    const folder = await programs();
    if (!folder) throw new Error("PostgreSQL is not there: install Debian's `postgresql`");
    const port = await freePort();
    const settings = SETTINGS.flatMap((setting) => ["-c", setting]);
    const script = spawn("sh", ["-c", SCRIPT, SCRIPT, folder, String(port), ...settings], { cwd: "/", stdio: ["pipe", "ignore", "ignore"] });
    const { stdout } = await run(join(folder, "postgres"), ["--version"]);
    const version = `PostgreSQL ${stdout.match(/\d+(\.\d+)?/)?.[0] ?? ""}`;
    const postgres = new Postgres(folder, port, script, version);
    const until = Date.now() + READY_MILLIS;
    while (!(await postgres.#tell("pg_isready", ["-q"]).then(() => true, () => false))) {
      if (Date.now() > until || script.exitCode !== null) throw new Error("PostgreSQL did not start");
      await new Promise((done) => setTimeout(done, 100));
    }
    return postgres;
  }

  /** An empty database of that name, whatever was in it before. @param {string} name */
  async create(name) {
    await this.#tell("dropdb", ["--if-exists", "--force", name]);
    await this.#tell("createdb", ["-T", "template0", name]);
  }

  /** What a database takes on the disk, after a vacuum; the log of the whole server not counted. @param {string} name */
  async bytes(name) {
    await this.ask(name, "vacuum analyze");
    return Number(await this.ask(name, "select pg_database_size(current_database())"));
  }

  /** Reads all of a database into the system's memory, indexes last, by a module that comes with PostgreSQL. @param {string} name */
  async warm(name) {
    await this.ask(name, "create extension if not exists pg_prewarm");
    await this.ask(name, `select sum(pg_prewarm(oid, 'read')) from (select oid from pg_class
      where relkind in ('r', 'i') and relnamespace = 'public'::regnamespace order by relkind desc) as each`);
  }

  /** @param {string} name @param {string} sql */
  async ask(name, sql) {
    return (await this.#tell("psql", ["-qtA", "-d", name, "-c", sql])).stdout.trim();
  }

  /** @param {string} name */
  tcp(name) {
    return `postgres://xinghuo:xinghuo@127.0.0.1:${this.port}${name && `/${name}`}`;
  }

  async end() {
    const gone = new Promise((done) => this.script.once("exit", done));
    this.script.stdin?.end();
    await gone;
  }

  /** @param {string} program @param {string[]} words */
  #tell(program, words) {
    return run(join(this.programs, program), ["-h", "127.0.0.1", "-p", String(this.port), "-U", "xinghuo", ...words], { maxBuffer: 1 << 26 });
  }
}
