/** What the visitor takes home: what was understood, what deserves another look, and the record itself. */

import { el, icon, show } from "../dom.js";
import { createDialog } from "./dialog.js";
import { mineLink } from "../mine-link.js";

/** @import { Actions, Model } from "../model.js" */
/** @import { StopSummary, Summary } from "../messages.js" */
/** @import { Child } from "../dom.js" */

/** @param {Actions} actions */
export function createSummary(actions) {
  const dialog = createDialog("summary");
  const sure = createDialog("sure");
  /** Leads to a stop, out of the dialog. @param {string} stop */
  const leadTo = (stop) => {
    dialog.element.close();
    actions.lookAgain(stop);
  };

  /** @param {Summary} summary @returns {string} */
  function verdict(summary) {
    if (summary.completed && summary.passed) return "summary.completed-passed";
    if (summary.completed && summary.failed) return "summary.completed-failed";
    if (summary.completed) return "summary.completed";
    if (summary.passed) return "summary.passed";
    if (summary.failed) return "summary.failed";
    return "summary.under-way";
  }

  /** @param {Model} model @param {Summary} summary @returns {Child[]} */
  function content(model, summary) {
    const { t } = model;
    const { done, of } = model.counted;
    const understood = summary.stops.flatMap((stop) => stop.understood);
    const mastery = model.progress?.mastery;
    return [
      el("p", { class: "verdict" }, t(verdict(summary))),
      el("dl", { class: "figures" },
        figure(t("summary.stops"), t("summary.of", { done, of })),
        figure(t("summary.understood"), t("summary.of", { done: understood.length, of: mastery?.of ?? 0 })),
        summary.topics.filter((topic) => topic.questions > 0).map((topic) =>
          figure(model.text(`topic.${topic.topic}`), t("summary.of", { done: topic.understood, of: topic.questions })))),
      section(t("summary.look-again"), summary.stops.flatMap((stop) => stop.lookAgain).map(([question, stop]) => again(model, question, stop))),
      section(t("summary.missing"), summary.stops.filter((stop) => !stop.done && model.stopOf(stop.stop)?.required).map((stop) => missing(model, stop))),
      section(t("summary.answered"), understood.map((question) => el("li", {}, icon("done"), el("span", {}, model.text(`question.${question}.prompt`))))),
      el("p", { class: "record soft" }, icon(`record-${model.record.status}`), t(`record.${model.record.status}`), " ", mineLink(model)),
      el("div", { class: "buttons" },
        el("button", { type: "button", class: "primary", onclick: () => dialog.element.close() }, t("summary.go-on")),
        el("button", { type: "button", "data-key": "copy", onclick: actions.takeCopy }, icon("download"), t("summary.copy")),
        model.canHandOver && el("button", { type: "button", "data-key": "hand-over", onclick() { dialog.element.close(); actions.handOver(); } }, icon("headset"), t("handover.offer")),
        el("button", { type: "button", "data-key": "anew", onclick: () => ask("anew") }, t("summary.anew")),
        el("button", { type: "button", "data-key": "erase", onclick: () => ask("erase") }, t("summary.erase"))),
    ];

    /** @param {"anew" | "erase"} what */
    function ask(what) {
      sure.fill(t(`summary.${what}`), t("close"), [
        el("p", {}, t(`summary.${what}-sure`)),
        el("div", { class: "buttons" },
          el("button", { type: "button", class: "primary", onclick() { sure.element.close(); (what === "anew" ? actions.startAnew : actions.erase)(); } }, t(`summary.${what}-yes`)),
          el("button", { type: "button", onclick: () => sure.element.close() }, t("cancel"))),
      ]);
      sure.open();
    }
  }

  /** @param {string} name @param {string} value */
  const figure = (name, value) => el("div", {}, el("dt", {}, name), el("dd", {}, value));

  /** @param {string} title @param {Node[]} items */
  const section = (title, items) => items.length > 0 && el("section", {}, el("h3", {}, title), el("ul", { class: "plain" }, items));

  /** @param {Model} model @param {string} question @param {string} stop */
  const again = (model, question, stop) =>
    el("li", {}, el("span", {}, model.text(`question.${question}.prompt`)),
      el("button", { type: "button", "data-key": `again-${question}`, onclick: () => leadTo(stop) }, icon("back"), model.text(`stop.${stop}.title`)));

  /** @param {Model} model @param {StopSummary} stop */
  const missing = (model, stop) =>
    el("li", {}, el("span", {}, model.text(`stop.${stop.stop}.title`), el("span", { class: "soft" },
      `${model.t("list.colon")}${stop.missing.map((kind) => model.t(`evidence.${kind}`)).join(model.t("list.comma"))}`)),
      el("button", { type: "button", "data-key": `missing-${stop.stop}`, onclick: () => leadTo(stop.stop) }, icon("back"), model.t("summary.go")));

  return {
    elements: [dialog.element, sure.element],
    /** @param {Model} model */
    update(model) {
      if (!dialog.element.open) return;
      dialog.fill(model.t("summary.title"), model.t("close"));
      const { summary } = model;
      show(dialog.body, [model.language, summary, model.record.status, model.progress, model.canHandOver], () => (summary ? content(model, summary) : []));
    },
    /** @param {Model} model */
    open(model) {
      dialog.open();
      this.update(model);
    },
  };
}
