/** What this device keeps of labs: the keys of those that are run from here, and its place as a headset. */

const LABS = "xinghuo:labs";
const HEADSET = "xinghuo:headset";
/** Labs close by themselves after as long. */
const LIFE_MILLIS = 12 * 60 * 60 * 1000;

/** @typedef {{lab: string, key: string, opened: number}} KeptLab */
/**
 * @typedef {object} KeptHeadset
 * @property {string} token
 * @property {string | null} venue the venue that is being visited
 * @property {string | null} visit the visit that the server knows this headset to have
 */

/** @param {string} name @returns {any} */
function read(name) {
  try {
    return JSON.parse(localStorage.getItem(name) ?? "null");
  } catch {
    return null;
  }
}

/** @param {string} name @param {unknown} value */
function write(name, value) {
  try {
    if (value === null) localStorage.removeItem(name);
    else localStorage.setItem(name, JSON.stringify(value));
  } catch {
    // A browser that keeps nothing has to be told again after a reload.
  }
}

/** @returns {KeptLab[]} the labs that may still be open, the latest first */
export function labs() {
  /** @type {KeptLab[]} */
  const kept = read(LABS) ?? [];
  return kept.filter(({ opened }) => Date.now() - opened < LIFE_MILLIS);
}

/** @param {KeptLab} lab */
export function keepLab(lab) {
  write(LABS, [lab, ...labs().filter((one) => one.lab !== lab.lab)]);
}

/** @param {string} lab */
export function forgetLab(lab) {
  write(LABS, labs().filter((one) => one.lab !== lab));
}

/** @returns {KeptHeadset | null} */
export function headset() {
  return read(HEADSET);
}

/** @param {KeptHeadset | null} kept */
export function keepHeadset(kept) {
  write(HEADSET, kept);
}
