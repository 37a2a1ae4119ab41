// A key of the record store, made as an administrator makes it.

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { setting } from "./server.mjs";

/**
 * @param {import("./server.mjs").Server} server @param {string} [scope] @param {string} [label]
 * @returns {Promise<{key: string, secret: string, authorization: string}>}
 */
export async function credential(server, scope = "all", label = "a client of the tests") {
  const { stdout } = await promisify(execFile)(setting("XINGHUO_SERVER"), [
    ...["credential", "add", "--data", server.data],
    ...["--label", label, "--scope", scope],
  ]);
  const [, key, secret] = /^key +(\S+)\nsecret +(\S+)/.exec(stdout) ?? [];
  if (!key || !secret) throw new Error(`no credential: ${stdout}`);
  return { key, secret, authorization: `Basic ${Buffer.from(`${key}:${secret}`).toString("base64")}` };
}
