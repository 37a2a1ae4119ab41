/** The artifact and the story of a stop, with their sources, and the moment when they have been read. */

import { el, icon, show } from "../dom.js";
import { watchReading } from "../reading.js";
import { prose } from "../story.js";
import { provenanceBadge } from "./badge.js";
import { citation, sourceList, sourcesOf } from "./sources.js";

/** @import { Actions, Model } from "../model.js" */
/** @import { EvidenceKind } from "../messages.js" */

/**
 * @param {Actions} actions
 * @param {{inText: boolean}} where in the text walk the description stands for looking, and is read on its own
 */
export function createStory(actions, { inText }) {
  const element = el("article", { class: "story", "data-sourced": "" });
  /** @type {ReturnType<typeof watchReading>[]} */
  let watches = [];

  /** @param {Model} model @param {string} stop @param {EvidenceKind} kind @param {HTMLElement} text */
  function ending(model, stop, kind, text) {
    const done = model.progressOf(stop)?.evidence.includes(kind);
    const end = el("p", { class: "reading-end" });
    if (done) end.append(icon("done"), model.t(`story.done.${kind}`));
    else {
      const say = el("button", { type: "button", class: "wide", "data-key": `say-${kind}` }, model.t(`story.say.${kind}`));
      end.append(say);
      requestAnimationFrame(() => {
        if (!end.isConnected) return;
        const scroller = /** @type {HTMLElement} */ (element.closest("[data-scroller]") ?? document.documentElement);
        const read = kind === "story" ? actions.storyRead : actions.described;
        const watch = watchReading({ scroller, text, end, onRead: () => read(stop) });
        say.addEventListener("click", () => {
          say.setAttribute("aria-disabled", "true");
          watch.say();
        });
        watches.push(watch);
      });
    }
    return end;
  }

  /** @param {Model} model @param {string} stop @param {string[]} sources */
  function artifactPart(model, stop, sources) {
    const artifact = model.stopOf(stop)?.artifact;
    if (!artifact) return null;
    const description = model.optional(`artifact.${artifact.id}.description`);
    const text = el("div", { class: "prose" }, prose(description, (source) => citation(model, sources, source)));
    return el("section", { class: "artifact" },
      el("h3", {}, model.text(`artifact.${artifact.id}.name`)),
      el("p", { class: "provenance" }, provenanceBadge(model.t, artifact.provenance),
        el("span", { class: "soft" }, model.optional(`artifact.${artifact.id}.provenance`))),
      el("p", { class: "caption" }, model.text(`artifact.${artifact.id}.caption`)),
      text,
      inText && ending(model, stop, "observed", text));
  }

  /** @param {Model} model @param {string} stop */
  function content(model, stop) {
    const html = model.text(`stop.${stop}.story`);
    const artifact = model.stopOf(stop)?.artifact;
    const description = artifact ? model.optional(`artifact.${artifact.id}.description`) : "";
    const sources = sourcesOf(model, stop, inText ? [html, description] : [description, html]);
    const text = el("div", { class: "prose" }, prose(html, (source) => citation(model, sources, source)));
    const story = el("section", {}, el("h3", { "data-part": "story", tabIndex: -1 }, model.t("story.title")), text, ending(model, stop, "story", text));
    const parts = [artifactPart(model, stop, sources), story];
    return [...(inText ? parts.reverse() : parts), sourceList(model, sources)];
  }

  return {
    element,
    /** @param {Model} model @param {string} stop */
    update(model, stop) {
      const evidence = model.progressOf(stop)?.evidence ?? [];
      const read = [evidence.includes("story"), inText && evidence.includes("observed")];
      show(element, [model.language, stop, read], () => {
        watches.forEach((watch) => watch.stop());
        watches = [];
        return content(model, stop);
      });
    },
    /** No text is in front of the reader any more. */
    hide() {
      watches.forEach((watch) => watch.stop());
      watches = [];
      show(element, null, () => []);
    },
  };
}
