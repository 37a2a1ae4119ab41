/** A dialog: the browser keeps the focus inside, Escape closes it, and the focus goes back. */

import { el, icon } from "../dom.js";

/** @import { Child } from "../dom.js" */

/** @param {string} name */
export function createDialog(name) {
  const heading = el("h2", { tabIndex: -1, id: `${name}-title` });
  const body = el("div", { class: "dialog-body" });
  const close = el("button", { type: "button", class: "square", onclick: () => dialog.close() }, icon("close"));
  const dialog = el("dialog", { class: `paper dialog ${name}`, "aria-labelledby": `${name}-title` },
    el("header", { class: "dialog-head" }, heading, close), body);
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  return {
    element: dialog,
    body,
    /** @param {string} title @param {string} closing @param {Child[]} [children] */
    fill(title, closing, children) {
      heading.textContent = title;
      close.setAttribute("aria-label", closing);
      if (children) body.replaceChildren(...children.filter((child) => child instanceof Node));
    },
    open() {
      if (dialog.open) return;
      dialog.showModal();
      heading.focus();
    },
  };
}
