/** The xAPI profile of visits as a page: everything on it but its headings is the document's. */

import { el } from "./dom.js";
import { firstLanguage, keepLanguage, LANGUAGES, loadWords } from "./words.js";

/** @import { Words } from "./words.js" */

/** @typedef {Record<string, string>} LanguageMap */
/**
 * @typedef {object} Rule
 * @property {string} location @property {string} [presence]
 * @property {unknown[]} [any] @property {unknown[]} [all] @property {LanguageMap} [scopeNote]
 */
/**
 * @typedef {object} Part
 * @property {string} id @property {string} type
 * @property {LanguageMap} [prefLabel] @property {LanguageMap} [definition]
 * @property {string} [inlineSchema] @property {string} [verb] @property {string} [objectActivityType]
 * @property {string[]} [contextParentActivityType] @property {string[]} [contextGroupingActivityType]
 * @property {Rule[]} [rules]
 * @property {string[]} [sequence] @property {string[]} [alternates]
 * @property {string} [optional] @property {string} [oneOrMore] @property {string} [zeroOrMore]
 */
/**
 * @typedef {object} Profile
 * @property {string} id @property {LanguageMap} prefLabel @property {LanguageMap} definition
 * @property {{id: string, generatedAtTime: string}[]} versions
 * @property {Part[]} concepts @property {Part[]} templates @property {Part[]} patterns
 */

const ADDRESS = "/profiles/visits.jsonld";

/** @param {LanguageMap | undefined} words @param {string} language */
const said = (words, language) => words?.[language] ?? words?.["en"] ?? "";

/** @param {string} iri */
const code = (iri) => el("code", {}, iri);

/** A term and what it is, if it is anything. @param {string} term @param {...(Node | string | null | undefined)} values */
function line(term, ...values) {
  const given = values.filter(Boolean);
  return given.length ? [el("dt", {}, term), ...given.map((value) => el("dd", {}, value))] : [];
}

/** @param {Rule} rule @param {string} language @param {Words} t */
function ruleLine(rule, language, t) {
  const presence = {
    included: t("profile.included"),
    excluded: t("profile.excluded"),
    recommended: t("profile.recommended"),
  }[rule.presence ?? ""];
  const values = (rule.any ?? rule.all ?? []).map((value) => JSON.stringify(value)).join(t("list.comma"));
  const note = said(rule.scopeNote, language);
  return el("li", {}, code(rule.location), ` ${presence ?? ""}`, values && `${t("list.colon")}${values}`, note && ` – ${note}`);
}

/** @param {Part} part @param {string} language @param {Words} t */
function section(part, language, t) {
  const parts = part.sequence ?? part.alternates ?? [part.optional, part.oneOrMore, part.zeroOrMore].filter(isText);
  const together = [
    [part.sequence, t("profile.sequence")],
    [part.alternates, t("profile.alternates")],
    [part.optional, t("profile.optional")],
    [part.oneOrMore, t("profile.one-or-more")],
    [part.zeroOrMore, t("profile.zero-or-more")],
  ].find(([has]) => has)?.[1];
  return el(
    "section",
    {},
    el("h3", {}, said(part.prefLabel, language) || part.id.split("/").at(-1)),
    el("p", {}, code(part.id)),
    el("p", {}, said(part.definition, language)),
    el(
      "dl",
      {},
      line(t("profile.schema"), part.inlineSchema && code(part.inlineSchema)),
      line(t("profile.verb"), part.verb && code(part.verb)),
      line(t("profile.object"), part.objectActivityType && code(part.objectActivityType)),
      line(t("profile.parent"), ...(part.contextParentActivityType ?? []).map(code)),
      line(t("profile.grouping"), ...(part.contextGroupingActivityType ?? []).map(code)),
      line(typeof together === "string" ? together : "", ...parts.map(code)),
    ),
    part.rules ? el("details", {}, el("summary", {}, t("profile.rules")), el("ul", {}, part.rules.map((rule) => ruleLine(rule, language, t)))) : null,
  );
}

/** @param {unknown} value @returns {value is string} */
const isText = (value) => typeof value === "string";

/** @param {string} language */
async function show(language) {
  const [t, answer] = await Promise.all([loadWords(language), fetch(ADDRESS)]);
  if (!answer.ok) throw new Error(`${ADDRESS} answered ${answer.status}`);
  /** @type {Profile} */
  const profile = await answer.json();
  const other = LANGUAGES.find((one) => one !== language) ?? language;
  document.documentElement.lang = language;
  document.title = `${said(profile.prefLabel, language)} · ${t("product")}`;
  /** @param {string} heading @param {Part[]} parts */
  const chapter = (heading, parts) => el("section", {}, el("h2", {}, heading), parts.map((part) => section(part, language, t)));
  document.body.replaceChildren(
    el(
      "header",
      { class: "site-head" },
      el("a", { class: "site-name", href: `/?lang=${language}` }, t("product")),
      el("span", { class: "site-line" }, t("profile.line")),
      el("a", { class: "button", href: `?lang=${other}`, lang: other, onclick: () => keepLanguage(other) }, t("language.other")),
    ),
    el(
      "main",
      { class: "profile" },
      el("h1", {}, said(profile.prefLabel, language)),
      el("p", {}, said(profile.definition, language)),
      el(
        "dl",
        {},
        line(t("profile.id"), code(profile.id)),
        line(t("profile.version"), ...profile.versions.map((version) => el("span", {}, code(version.id), ` ${version.generatedAtTime.slice(0, 10)}`))),
        line("JSON-LD", el("a", { href: ADDRESS }, ADDRESS)),
      ),
      chapter(t("profile.templates"), profile.templates),
      chapter(t("profile.patterns"), profile.patterns),
      chapter(t("profile.concepts"), profile.concepts),
    ),
  );
}

const language = firstLanguage(new URLSearchParams(location.search).get("lang"));
show(language).catch(async () => {
  const t = await loadWords(language).catch(() => null);
  document.body.replaceChildren(el("p", { class: "note" }, t?.("profile.unreachable") ?? "", " ", el("a", { href: ADDRESS }, ADDRESS)));
});
