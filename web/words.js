/**
 * The words of the interface and of a venue, looked up in the language of the moment.
 */

/** The languages of the interface; the first is the product's own. */
export const LANGUAGES = /** @type {const} */ (["zh-Hans", "en"]);

/** @typedef {(key: string, values?: Record<string, string | number>) => string} Words */

const KEPT_AS = "xinghuo:language";

/** @type {Map<string, Promise<Record<string, string>>>} */
const loaded = new Map();

/**
 * The interface's words in a language. A key that is missing shows itself, so that it is noticed.
 * @param {string} language
 * @param {string[]} [folders] where further words are, for pages that say more than the tour does
 * @returns {Promise<Words>}
 */
export async function loadWords(language, folders = []) {
  const known = LANGUAGES.find((one) => one === language) ?? LANGUAGES[0];
  const tables = await Promise.all(["text", ...folders].map((folder) => table(`${folder}/${known}.json`)));
  return lookUp(Object.assign({}, ...tables));
}

/** @param {string} path */
function table(path) {
  let fetched = loaded.get(path);
  if (!fetched) {
    fetched = fetchTable(new URL(path, import.meta.url).href);
    fetched.catch(() => loaded.delete(path));
    loaded.set(path, fetched);
  }
  return fetched;
}

/**
 * @param {Record<string, string>} table
 * @returns {Words}
 */
export function lookUp(table) {
  return (key, values = {}) =>
    (table[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/** @param {string} address @returns {Promise<Record<string, string>>} */
export async function fetchTable(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address} answered ${answer.status}`);
  return answer.json();
}

/**
 * The language to begin with: what was asked for, else what was chosen before, else the browser's.
 * @param {string | null} asked
 */
export function firstLanguage(asked) {
  const wishes = [asked, kept(), ...navigator.languages];
  for (const wish of wishes) {
    const match = wish && LANGUAGES.find((one) => sameLanguage(one, wish));
    if (match) return match;
  }
  return LANGUAGES[0];
}

/** @param {string} one @param {string} other */
function sameLanguage(one, other) {
  return one.split("-")[0]?.toLowerCase() === other.split("-")[0]?.toLowerCase();
}

/** @param {string} language */
export function keepLanguage(language) {
  try {
    localStorage.setItem(KEPT_AS, language);
  } catch {
    // A browser that keeps nothing asks again next time.
  }
}

function kept() {
  try {
    return localStorage.getItem(KEPT_AS);
  } catch {
    return null;
  }
}
