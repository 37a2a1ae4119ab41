/** Times of day, as the language writes them. */

/** @param {number} at milliseconds since 1970 @param {string} language */
export function timeOf(at, language) {
  return new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit" }).format(at);
}
