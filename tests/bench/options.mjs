// The command line of the bench.

/**
 * @typedef {object} Options
 * @property {number} rounds
 * @property {number[]} counts the sizes of the generated halls
 * @property {boolean} report whether the report is kept
 * @property {string} only part of the names of the venues that are measured
 */

const HELP = "bench [VENUE] [--quick] [--rounds N] [--report]";

/** @param {string[]} words @returns {Options} */
export function optionsOf(words) {
  const options = { rounds: 5, counts: [20, 200, 2000], report: false, only: "" };
  for (let at = 0; at < words.length; at += 1) {
    const [name, value] = (words[at] ?? "").split("=");
    if (name === "--quick") Object.assign(options, { rounds: 3, counts: [200] });
    else if (name === "--report") options.report = true;
    else if (!name?.startsWith("-")) options.only = name ?? "";
    else if (name === "--rounds") {
      const rounds = Number(value ?? words[(at += 1)]);
      if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`--rounds takes a whole number: ${HELP}`);
      options.rounds = rounds;
    } else throw new Error(`there is no option ${JSON.stringify(words[at])}: ${HELP}`);
  }
  return options;
}
