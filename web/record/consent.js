/**
 * What a visitor agrees to before anything is recorded: the text of this version, in the interface's
 * words under `consent.<version>.`. When what they say changes, the version grows, here and on the
 * server, and visitors are asked again.
 */

export const CONSENT = 1;

/** The parts of the text, in their order. */
export const PARTS = /** @type {const} */ (["what", "why", "who", "long", "rights", "without"]);
