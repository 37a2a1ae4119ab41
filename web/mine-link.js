/** The way to the page where a visitor sees all that is kept of them. */

import { el } from "./dom.js";

/** @import { Model } from "./model.js" */

/**
 * In the same window: a frame that another site embeds keeps its visits where only it can see them.
 * @param {Model} model
 */
export function mineLink({ t, language }) {
  const address = new URL(`./?mine&lang=${language}`, import.meta.url).href;
  return el("a", { href: address, "data-key": "mine" }, t("mine.link"));
}
