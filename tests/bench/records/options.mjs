// The command line of the bench of record stores.

/**
 * @typedef {object} Options
 * @property {boolean} report whether the report that is kept with the code is written
 * @property {boolean} quick fewer statements and less time: to see that it works
 * @property {boolean} tenMillion whether our stores are filled with ten million statements
 * @property {boolean} keep whether what earlier runs measured is kept, and a filled store for the next
 * @property {string} part `writes` or `reads`; both when empty
 * @property {string} only part of the names of the stores that are measured
 */

const HELP = "bench records [--quick] [--report] [--ten-million] [--keep] [--part writes|reads] [--only NAME]";
const PARTS = ["writes", "reads"];

/** @param {string[]} words @returns {Options} */
export function optionsOf(words) {
  const options = { report: false, quick: false, tenMillion: false, keep: false, part: "", only: "" };
  for (let at = 0; at < words.length; at += 1) {
    const [name, given] = (words[at] ?? "").split("=");
    const value = () => given ?? words[(at += 1)] ?? "";
    if (name === "--report") options.report = true;
    else if (name === "--quick") options.quick = true;
    else if (name === "--ten-million") options.tenMillion = true;
    else if (name === "--keep") options.keep = true;
    else if (name === "--only") options.only = value().toLowerCase();
    else if (name === "--part") {
      options.part = value();
      if (!PARTS.includes(options.part)) throw new Error(`--part takes one of ${PARTS.join(", ")}: ${HELP}`);
    } else throw new Error(`there is no option ${JSON.stringify(words[at])}: ${HELP}`);
  }
  return options;
}
