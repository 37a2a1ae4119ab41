/** The name that a visit has in a class: two words and a number, made of the number that the server gave. */

/** @import { Words } from "./words.js" */

/** @param {Words} t @param {number} number */
export function pseudonymOf(t, number) {
  const [first, second] = ["pseudonym.first", "pseudonym.second"].map((key) => t(key).split(" "));
  if (!first || !second) return String(number);
  const words = Math.floor(number / 100);
  return t("pseudonym", {
    first: first[Math.floor(words / second.length) % first.length] ?? "",
    second: second[words % second.length] ?? "",
    number: String(number % 100).padStart(2, "0"),
  });
}
