/**
 * What is said in a headset: the words of the page and of the venue, told to the module without
 * markup, and the letters in which it writes them. Fetched only where there is a headset.
 */

import { sourcesOf } from "./panels/sources.js";
import { leastReadingMillis } from "./reading.js";
import { prose } from "./story.js";
import { LANGUAGES } from "./words.js";

/** @import { Model } from "./model.js" */

/** What the package calls its letters. */
const LETTERS = "letters.otf";

/** The words of the page that stand on a panel; what is told of a visit and what it asks. */
const SAID = [
  "close", "cancel", "list.comma", "list.colon", "progress.stops",
  "card.story", "card.question", "card.next", "route.title", "route.optional", "route.room-here", "route.go-into",
  "story.say.story", "story.done.story",
  "question.place", "question.attempt", "question.how.single", "question.how.multiple", "question.how.order",
  "question.how.match", "question.how.locate", "question.choose", "question.up", "question.down", "question.locate", "question.locate-list",
  "question.locating", "question.answer", "question.right", "question.wrong", "question.left", "question.look-again",
  "question.another", "question.locked", "question.go-first", "question.through",
  "headset.panel", "headset.settings", "headset.back", "headset.further", "headset.seated", "headset.glide", "headset.turn", "headset.degrees", "headset.leave",
  "headset.smooth", "headset.left-handed", "headset.pulses", "headset.height", "headset.higher", "headset.lower", "headset.turn-left", "headset.turn-right", "headset.lay", "headset.seen",
  "summary.completed-passed", "summary.completed-failed", "summary.completed", "summary.passed", "summary.failed",
];

/** @typedef {"heading" | "plain" | "soft" | "quote" | "item"} Kind */
/** @typedef {{kind: Kind, text: string}} Block */

/** The letters of the package; none where it was published without. @param {Model} model @returns {Promise<Uint8Array | null>} */
export async function letters(model) {
  const { package: opened } = model;
  if (!opened?.manifest.files.some(({ path }) => path === LETTERS)) return null;
  const answer = await fetch(opened.address(LETTERS));
  if (!answer.ok) throw new Error(`${LETTERS} answered ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
}

/** What is said of an answer that is not marked yet, by how the record stands. @param {Model} model */
export function unmarked({ record: { status } }) {
  return status === "none" ? "question.unmarked" : status === "offline" ? "question.pending-offline" : "question.pending";
}

/**
 * All that is said, as the module reads it (`src/app/src/headset/words/table.rs`).
 * @param {Model} model
 */
export function said(model) {
  const { t, stops } = model;
  const questions = Object.values(model.package?.venue.checkpoints ?? {}).flatMap((one) => one.questions.map(({ id }) => id));
  /** @param {(question: string) => string} words */
  const ofEach = (words) => Object.fromEntries(questions.map((id) => [id, words(id)]).filter(([, text]) => text !== ""));
  return {
    ui: { ...Object.fromEntries(SAID.map((key) => [key, t(key)])), "question.pending": t(unmarked(model)) },
    texts: Object.fromEntries(Object.entries(model.texts).filter(([, text]) => !text.includes("<"))),
    stories: Object.fromEntries(stops.map(({ id }) => [id, told(model, id)])),
    feedback: ofEach((id) => model.feedback(id)),
    hints: ofEach((id) => model.hint(id)),
    languages: LANGUAGES.filter((tag) => tag !== model.language).map((tag) => ({ tag, name: t("language.other") })),
    notices: model.notices.map(({ id, word, values, actions = [] }) => ({
      id,
      text: t(word, values),
      actions: actions.map((one) => ({ word: one.word, text: t(one.word) })),
    })),
    artifacts: model.artifacts().map(({ id }) => id),
  };
}

/** What is told at a stop, as beside the scene. @param {Model} model @param {string} stop */
function told(model, stop) {
  const artifact = model.stopOf(stop)?.artifact;
  const html = model.text(`stop.${stop}.story`);
  const description = artifact ? model.optional(`artifact.${artifact.id}.description`) : "";
  const sources = sourcesOf(model, stop, [description, html]);
  const story = paragraphs(html, sources);
  /** @param {Kind} kind @param {string} text @returns {Block[]} */
  const block = (kind, text) => (text === "" ? [] : [{ kind, text }]);
  const thing = artifact
    ? [
        ...block("heading", model.text(`artifact.${artifact.id}.name`)),
        ...block("soft", [model.t(`provenance.${artifact.provenance}`), model.optional(`artifact.${artifact.id}.provenance`)].filter(Boolean).join(model.t("list.colon"))),
        ...block("soft", model.text(`artifact.${artifact.id}.caption`)),
        ...paragraphs(description, sources),
      ]
    : [];
  const cited = sources.map((source, i) => ({ kind: /** @type {Kind} */ ("soft"), text: `[${i + 1}] ${model.text(`source.${source}`)}` }));
  return {
    blocks: [
      ...thing,
      ...block("heading", model.t("story.title")),
      ...story,
      ...(cited.length > 0 ? block("heading", model.t("story.sources")) : []),
      ...cited,
    ],
    leastMillis: leastReadingMillis(story.map(({ text }) => text).join(" ")),
  };
}

/** Prose without markup, paragraph by paragraph. @param {string} html @param {string[]} sources @returns {Block[]} */
function paragraphs(html, sources) {
  const fragment = prose(html, (source) => document.createTextNode(`[${sources.indexOf(source) + 1}]`));
  /** @type {Block[]} */
  const blocks = [];
  /** @param {Element} element @param {Kind} kind */
  const take = (element, kind) => {
    const inner = [...element.children].filter(({ tagName }) => ["P", "UL", "OL", "LI", "BLOCKQUOTE"].includes(tagName));
    if (inner.length === 0) {
      const text = element.textContent?.replace(/\s+/g, " ").trim() ?? "";
      if (text !== "") blocks.push({ kind, text });
      return;
    }
    for (const child of inner) take(child, child.tagName === "BLOCKQUOTE" ? "quote" : child.tagName === "LI" ? "item" : kind);
  };
  const body = document.createElement("div");
  body.append(fragment);
  take(body, "plain");
  return blocks;
}
