/** The sources of a stop: numbers in the text, references below it. */

import { el } from "../dom.js";
import { citedIn } from "../story.js";

/** @import { Model } from "../model.js" */

/**
 * The sources of a stop in the order in which its texts cite them, then those cited as a whole.
 * @param {Model} model @param {string} stop @param {string[]} texts
 */
export function sourcesOf(model, stop, texts) {
  const cites = model.package?.sources.cites ?? {};
  const artifact = model.stopOf(stop)?.artifact?.id;
  const whole = [...(cites[`stop.${stop}`] ?? []), ...(cites[`artifact.${artifact}`] ?? [])];
  return [...new Set([...texts.flatMap(citedIn), ...whole])].filter(Boolean);
}

/**
 * A number in the text that leads to its reference.
 * @param {Model} model @param {string[]} sources @param {string} source
 */
export function citation(model, sources, source) {
  const place = sources.indexOf(source) + 1;
  return el("button", {
    type: "button",
    class: "cite",
    "aria-label": model.t("story.source", { number: place }),
    /** @param {MouseEvent & {currentTarget: HTMLElement}} event */
    onclick(event) {
      const root = /** @type {ShadowRoot} */ (event.currentTarget.getRootNode());
      const article = event.currentTarget.closest("[data-sourced]") ?? root;
      const entry = article.querySelector(`[data-source="${CSS.escape(source)}"]`);
      if (!(entry instanceof HTMLElement)) return;
      entry.scrollIntoView({ block: "nearest" });
      entry.focus({ preventScroll: true });
    },
  }, place);
}

/** @param {Model} model @param {string[]} sources */
export function sourceList(model, sources) {
  if (sources.length === 0) return null;
  return el("section", { class: "sources" },
    el("h3", {}, model.t("story.sources")),
    el("ol", {}, sources.map((source) => {
      const url = model.package?.sources.sources[source]?.url;
      const text = model.text(`source.${source}`);
      return el("li", { tabIndex: -1, "data-source": source },
        url?.startsWith("https://")
          ? el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, text)
          : text);
    })));
}
