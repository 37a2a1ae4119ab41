/**
 * Building elements without markup in strings: nothing here can inject, and nothing needs inline style.
 */

import { ICONS } from "./icons.js";

/** @typedef {Node | string | number | null | undefined | false} Child */

/**
 * An element with properties and children. `class`, `role`, `aria-*`, `data-*` and `for` become
 * attributes; functions named `on…` become listeners; everything else is set as a property.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, unknown>} [props]
 * @param {...(Child | Child[])} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function el(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on") && typeof value === "function") {
      element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    } else if (name in element && !/^(class|role|aria-|data-|for$|list$)/.test(name)) {
      Reflect.set(element, name, value);
    } else {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  element.append(...children.flat().filter(isShown).map(asNode));
  return element;
}

/** @param {Child} child @returns {child is Node | string | number} */
function isShown(child) {
  return child !== null && child !== undefined && child !== false;
}

/** @param {Node | string | number} child @returns {Node | string} */
function asNode(child) {
  return typeof child === "number" ? String(child) : child;
}

/**
 * A line drawing, decorative unless it is the only thing in a button.
 * @param {string} name one of `icons.js`
 */
export function icon(name) {
  const namespace = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(namespace, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(namespace, "path");
  path.setAttribute("d", ICONS[name] ?? "");
  svg.append(path);
  return svg;
}

/**
 * Rebuilds `host` only when what it shows has changed, and puts focus and scrolling back where they
 * were, and what was unfolded. Children that should keep that across a rebuild carry `data-key`.
 * @param {HTMLElement} host
 * @param {unknown} shown everything that the content depends on, as plain data
 * @param {() => Child[]} build
 * @returns {boolean} whether it was rebuilt
 */
export function show(host, shown, build) {
  const signature = Array.isArray(shown) ? shown.map(textOf).join() : textOf(shown);
  if (signatures.get(host) === signature) return false;
  signatures.set(host, signature);
  const root = /** @type {Document | ShadowRoot} */ (host.getRootNode());
  const active = root.activeElement;
  const key = active && host.contains(active) ? active.getAttribute("data-key") : null;
  const scroll = host.scrollTop;
  const unfolded = [...host.querySelectorAll("details[data-key][open]")].map((details) => details.getAttribute("data-key") ?? "");
  host.replaceChildren(...build().filter(isShown).map(asNode));
  for (const key of unfolded) host.querySelector(`details[data-key="${CSS.escape(key)}"]`)?.setAttribute("open", "");
  host.scrollTop = scroll;
  if (key !== null) focusKey(host, key);
  return true;
}

/** @type {WeakMap<HTMLElement, string>} */
const signatures = new WeakMap();
/** @type {WeakMap<object, string>} */
const frozen = new WeakMap();

/** As JSON; what is frozen is written only once, because a list of thousands takes its time. @param {unknown} part */
function textOf(part) {
  if (typeof part !== "object" || part === null || !Object.isFrozen(part)) return JSON.stringify(part);
  const known = frozen.get(part) ?? JSON.stringify(part);
  frozen.set(part, known);
  return known;
}

/** @param {HTMLElement} host @param {string} key */
export function focusKey(host, key) {
  const target = host.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (target instanceof HTMLElement) target.focus({ preventScroll: true });
}
