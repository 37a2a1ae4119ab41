/**
 * A venue's own prose, from the package's HTML to elements. Only what the author's tool can have
 * written comes through; everything else is dropped, whoever made the package.
 */

import { el } from "./dom.js";

const KEPT = new Set(["P", "EM", "STRONG", "UL", "OL", "LI", "BLOCKQUOTE"]);

/**
 * @param {string} html
 * @param {(source: string) => Node} citation what stands where a source is cited
 * @returns {DocumentFragment}
 */
export function prose(html, citation) {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  const fragment = document.createDocumentFragment();
  fragment.append(...kept(parsed.body, citation));
  return fragment;
}

/** @param {Node} parent @param {(source: string) => Node} citation @returns {Node[]} */
function kept(parent, citation) {
  return [...parent.childNodes].flatMap((node) => {
    if (node instanceof Text) return [document.createTextNode(node.data)];
    if (!(node instanceof HTMLElement)) return [];
    const source = node.dataset["source"];
    if (node.tagName === "CITE" && source) return [citation(source)];
    const children = kept(node, citation);
    if (node instanceof HTMLAnchorElement && node.protocol === "https:") {
      return [el("a", { href: node.href, target: "_blank", rel: "noopener noreferrer" }, ...children)];
    }
    if (!KEPT.has(node.tagName)) return children;
    return [el(/** @type {keyof HTMLElementTagNameMap} */ (node.tagName.toLowerCase()), {}, ...children)];
  });
}

/** The order in which a text cites its sources. @param {string} html */
export function citedIn(html) {
  return [...new Set([...html.matchAll(/data-source="([^"]+)"/g)].map((match) => match[1] ?? ""))];
}
