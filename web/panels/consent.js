/** Asks whether a visit may be recorded: one line, two ways in, and the whole text for whoever wants it. */

import { el } from "../dom.js";
import { CONSENT, PARTS } from "../record/consent.js";

/** @import { Model } from "../model.js" */
/** @import { Words } from "../words.js" */
/** @import { Notice } from "../record/api.js" */

/**
 * The text of a version. How long records are kept, and by whom, is known to the server alone.
 * @param {Words} t @param {number} version @param {Notice | null} notice
 */
export function consentText(t, version, notice) {
  const { keepEvidence = "…", keepRecords = "…", responsible = "" } = notice ?? {};
  return el("div", { class: "consent-text soft" },
    PARTS.map((part) => el("p", {}, t(`consent.${version}.${part}`, { evidence: keepEvidence, records: keepRecords }))),
    responsible && el("p", {}, t("consent.responsible", { who: responsible })));
}

/**
 * The question, with the text folded behind it; what only the server knows is fetched when it is opened.
 * @param {Model} model @param {() => Promise<Notice | null>} notice @param {boolean} urgent whether a visitor is waiting for it
 */
export function consentQuestion(model, notice, urgent) {
  const { t } = model;
  const text = el("div", { class: "consent-scroller", role: "region", tabIndex: 0, "aria-label": t("consent.details") }, consentText(t, CONSENT, null));
  const details = el("details", { class: "consent", "data-key": "consent" },
    el("summary", {}, t("consent.details")), text);
  details.addEventListener("toggle", () => {
    if (!details.open) return;
    void notice().then((known) => text.replaceChildren(consentText(t, CONSENT, known)));
  });
  return [
    el("p", { class: "recorded", role: urgent ? "alert" : null }, t("consent.question")),
    details,
  ];
}
