/** How a thing came to be, said wherever the thing is shown. */

import { el } from "../dom.js";

/** @import { Provenance } from "../messages.js" */
/** @import { Words } from "../words.js" */

/** @param {Words} t @param {Provenance | null} provenance */
export function provenanceBadge(t, provenance) {
  return provenance && el("span", { class: "badge" }, t(`provenance.${provenance}`));
}
