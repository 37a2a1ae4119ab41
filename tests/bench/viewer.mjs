// The three.js viewer as a site: bundled, compressed ahead, one page for each venue.

import { createHash } from "node:crypto";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";
import { build } from "esbuild";

/** @typedef {import("./viewer/viewer.mjs").Setting} Setting */

const HERE = dirname(fileURLToPath(import.meta.url));

/** As the repository's own build compresses. @param {string | Buffer} bytes */
const compressed = (bytes) =>
  brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 } });

/**
 * Copies the built site to `folder` and adds the viewer to the copy.
 * @param {string} site @param {string} folder @param {string} [entry] which viewer
 * @returns {Promise<{script: string, bytes: number}>} its address and its size as it is sent
 */
export async function addViewer(site, folder, entry = "viewer/viewer.mjs") {
  await rm(folder, { recursive: true, force: true });
  await cp(site, folder, { recursive: true });
  const { outputFiles } = await build({
    entryPoints: [join(HERE, entry)],
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    legalComments: "none",
    write: false,
  });
  const code = outputFiles[0]?.text ?? "";
  // Below a hash, as our own app is, so that both are kept for good.
  const script = `/app/${createHash("sha256").update(code).digest("hex").slice(0, 16)}/viewer.js`;
  const small = compressed(code);
  await put(join(folder, script), code, small);
  return { script, bytes: small.length };
}

/**
 * The page of a venue, at `/three/<venue>/`.
 * @param {string} folder @param {string} venue @param {string} script @param {Setting} setting
 */
export async function addPage(folder, venue, script, setting) {
  const fetched = [setting.scene, setting.lightmap].filter((address) => address !== null);
  const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>${venue}</title>
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <link rel="icon" href="/mark.svg" type="image/svg+xml">
    <link rel="stylesheet" href="/three/viewer.css">
    <link rel="modulepreload" href="${script}">
${fetched.map((address) => `    <link rel="preload" as="fetch" crossorigin href="${address}">`).join("\n")}
    <script type="module" src="${script}"></script>
    <script type="application/json" id="setting">${JSON.stringify(setting)}</script>
  </head>
  <body>
    <p id="loading">Loading…</p>
  </body>
</html>
`;
  const style = await readFile(join(HERE, "viewer/viewer.css"));
  await put(join(folder, "three/viewer.css"), style, compressed(style));
  await put(join(folder, "three", venue, "index.html"), page, compressed(page));
}

/** @param {string} path @param {string | Buffer} bytes @param {Buffer} small */
async function put(path, bytes, small) {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
  await writeFile(`${path}.br`, small);
}
