/** Hands the visitor a file of their own. */

/** How long the browser may take to fetch it. */
const HELD_MILLIS = 10_000;

/** @param {unknown} content @param {string} name */
export function hand(content, name) {
  handFile(new Blob([JSON.stringify(content, null, 2)], { type: "application/json" }), name);
}

/** @param {Blob} file @param {string} name */
export function handFile(file, name) {
  const address = URL.createObjectURL(file);
  const link = document.createElement("a");
  Object.assign(link, { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), HELD_MILLIS);
}
