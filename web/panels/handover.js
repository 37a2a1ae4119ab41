/** How the visit goes on in a headset: an address, six digits, and a picture of both. */

import { el, show } from "../dom.js";
import { createDialog } from "./dialog.js";

/** @import { Actions, Model } from "../model.js" */
/** @import { Child } from "../dom.js" */

/** @param {Actions} actions */
export function createHandover(actions) {
  const dialog = createDialog("handover");
  dialog.element.addEventListener("close", () => actions.keepHere());

  /** @param {Model} model @returns {Child[]} */
  function content({ handover, t }) {
    if (!handover || handover.phase === "asking") return [el("p", { role: "status" }, t("handover.asking"))];
    const { code, headset, picture } = handover;
    if (!code || !picture) {
      return [
        el("p", { class: "note wrong", role: "alert" }, t("handover.failed")),
        el("button", { type: "button", class: "primary", "data-key": "again", onclick: actions.handOver }, t("retry")),
      ];
    }
    const digits = `${code.slice(0, 3)} ${code.slice(3)}`;
    return [
      el("div", { class: "handover-ways" },
        el("div", { class: "handover-digits" },
          el("p", { class: "eyebrow" }, t("handover.open")),
          el("p", { class: "handover-address" }, `${location.protocol === "https:" ? "https://" : ""}${location.host}/j`),
          el("p", { class: "eyebrow" }, t("handover.enter")),
          el("p", { class: "handover-code", "data-code": code }, digits)),
        el("img", { class: "qr", src: `data:image/svg+xml,${encodeURIComponent(picture)}`, alt: t("handover.scan", { code: digits }) })),
      el("p", { class: "note", role: "status" }, headset === undefined ? t("handover.waiting") : t("handover.taking", { number: headset })),
      el("p", { class: "soft" }, t("handover.after")),
    ];
  }

  return {
    element: dialog.element,
    /** @param {Model} model */
    update(model) {
      if (model.passive && dialog.element.open) dialog.element.close();
      if (!dialog.element.open) return;
      dialog.fill(model.t("handover.title"), model.t("close"));
      show(dialog.body, [model.language, model.handover], () => content(model));
    },
    open: () => dialog.open(),
  };
}
