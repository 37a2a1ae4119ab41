/** The description of the API as the server gives it, and a way to try each call from here. */

import { el } from "../dom.js";
import { firstLanguage, loadWords } from "../words.js";

/** @import { Words } from "../words.js" */

/**
 * @typedef {{$ref?: string, type?: string | string[], properties?: Record<string, Schema>, required?: string[], example?: unknown, items?: Schema}} Schema
 * @typedef {{name: string, in: string, required?: boolean, example?: unknown}} Parameter
 * @typedef {{tags?: string[], summary?: string, parameters?: Parameter[], requestBody?: {content: Record<string, {schema?: Schema}>}}} Operation
 * @typedef {{paths: Record<string, Record<string, Operation>>, components: {schemas: Record<string, Schema>}}} Description
 */

/** A body to begin with. @param {Description} all @param {Schema | undefined} schema @returns {unknown} */
function sample(all, schema) {
  if (!schema) return {};
  if (schema.$ref) return sample(all, all.components.schemas[schema.$ref.split("/").at(-1) ?? ""]);
  if (schema.example !== undefined) return schema.example;
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (type === "array") return [];
  if (type === "integer" || type === "number") return 0;
  if (type === "boolean") return false;
  if (type === "string") return "";
  return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, one]) => [name, sample(all, one)]));
}

/**
 * @param {Words} t @param {Description} all @param {string} path @param {string} method @param {Operation} operation
 */
function callOf(t, all, path, method, operation) {
  const given = (operation.parameters ?? []).map((one) => {
    const input = el("input", { name: one.name, value: String(one.example ?? ""), required: one.required ?? false });
    return { one, input, label: el("label", {}, el("span", {}, one.name), input) };
  });
  const authorization = el("input", { name: "authorization", placeholder: "Bearer … / Basic …" });
  const schema = Object.values(operation.requestBody?.content ?? {})[0]?.schema;
  const body = operation.requestBody ? el("textarea", { value: JSON.stringify(sample(all, schema), null, 2), "aria-label": t("reference.body") }) : null;
  const answer = el("pre", { hidden: true, tabIndex: 0, role: "status" });
  const form = el("form", {},
    ...given.map(({ label }) => label),
    el("label", {}, el("span", {}, "Authorization"), authorization),
    body && el("label", {}, el("span", {}, t("reference.body")), body),
    el("p", {}, el("button", { type: "submit", class: "primary" }, t("reference.send"))), answer);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    answer.textContent = await ask(path, method, given, authorization.value, body?.value ?? null).catch(String);
    answer.hidden = false;
  });
  return el("details", {}, el("summary", {}, el("code", {}, `${method.toUpperCase()} ${path}`), ` ${operation.summary ?? ""}`), form);
}

/**
 * @param {string} path @param {string} method @param {{one: Parameter, input: HTMLInputElement}[]} given
 * @param {string} authorization @param {string | null} body
 */
async function ask(path, method, given, authorization, body) {
  const headers = new Headers();
  const query = new URLSearchParams();
  for (const { one, input } of given) {
    if (one.in === "path") path = path.replace(`{${one.name}}`, encodeURIComponent(input.value));
    else if (input.value !== "" && one.in === "query") query.set(one.name, input.value);
    else if (input.value !== "") headers.set(one.name, input.value);
  }
  if (authorization) headers.set("authorization", authorization);
  if (body !== null) headers.set("content-type", "application/json");
  if (path.startsWith("/api/v1/staff/") && method !== "get") {
    const me = await fetch("/api/v1/staff/me").then((it) => (it.ok ? it.json() : null));
    if (me) headers.set("x-xinghuo-proof", me.proof);
  }
  const address = query.size > 0 ? `${path}?${query}` : path;
  const answer = await fetch(address, { method: method.toUpperCase(), headers, body, redirect: "manual" });
  const text = await answer.text();
  return `${answer.status}\n${[...answer.headers].map(([name, value]) => `${name}: ${value}`).join("\n")}\n\n${pretty(text)}`;
}

/** @param {string} text */
function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

const language = firstLanguage(null);
const t = await loadWords(language);
document.documentElement.lang = language;
document.title = `${t("reference.title")} · ${t("product")}`;
const mark = el("img", { src: "../mark.svg", alt: "", width: 40, height: 40 });
const host = el("div", { class: "reference" }, el("h1", {}, t("reference.title")), el("p", {}, el("a", { href: "/api/openapi.json" }, "openapi.json")));
document.body.replaceChildren(el("header", { class: "site-head" }, el("a", { class: "site-name", href: "/" }, mark, el("span", {}, t("product")))), el("main", {}, host));
/** @type {Description} */
const all = await fetch("/api/openapi.json").then((answer) => answer.json());
/** @type {Map<string, HTMLElement[]>} */
const byTag = new Map();
for (const [path, item] of Object.entries(all.paths)) {
  for (const [method, operation] of Object.entries(item)) {
    const tag = operation.tags?.[0] ?? "";
    byTag.set(tag, [...(byTag.get(tag) ?? []), callOf(t, all, path, method, operation)]);
  }
}
for (const [tag, calls] of byTag) host.append(el("h2", {}, tag), ...calls);
