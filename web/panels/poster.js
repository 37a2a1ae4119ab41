/** The first page of a tour: what it is, what it is not, and the door. Also where a tour that cannot go on says so. */

import { el, icon, show } from "../dom.js";
import { CONSENT } from "../record/consent.js";
import { provenanceBadge } from "./badge.js";
import { consentQuestion } from "./consent.js";
import { mineLink } from "../mine-link.js";
import { languageSwitch } from "./topbar.js";

/** @import { Actions, Model } from "../model.js" */
/** @import { Child } from "../dom.js" */

/** Who did what, in the order in which the venue names them. @param {Model} model @returns {[string, string][]} */
function credits(model) {
  /** @type {[string, string][]} */
  const named = [];
  for (let n = 0; n < 100; n += 1) {
    const role = model.optional(`credit.${n}.role`);
    if (role) named.push([role, model.optional(`credit.${n}.name`)]);
  }
  return named;
}

/** Failures that trying again may cure. */
const PASSING = ["DOWNLOAD_FAILED", "PACKAGE_BROKEN", "SCENE_BROKEN", "INTERNAL", "PACKAGE_MISSING", "CONTEXT_LOST"];
/** Failures after which there is nothing to read either. */
const WITHOUT_WORDS = ["PACKAGE_MISSING", "PACKAGE_NEWER"];

/** @param {Actions} actions */
export function createPoster(actions) {
  const picture = el("img", { class: "poster-picture", alt: "", hidden: true });
  const words = el("div", { class: "poster-words" });
  const door = el("div", { class: "door" });
  const bar = el("progress", { class: "loading-bar" });
  const steps = el("p", { class: "loading-words soft", role: "status" });
  const loading = el("div", { class: "loading" }, bar, steps);
  const label = el("section", { class: "poster-label paper" }, words, el("div", { class: "poster-foot" }, loading, door));
  const element = el("div", { class: "poster" }, label);

  /** @param {Model} model @returns {Child[]} */
  function content(model) {
    const { t } = model;
    return [
      el("div", { class: "poster-top" },
        el("button", { type: "button", class: "square", "data-key": "leave", "aria-label": t("leave"), title: t("leave"), onclick: actions.leave }, icon("leave")),
        el("p", { class: "eyebrow" }, t("product")),
        languageSwitch(model, actions)),
      el("h1", {}, model.text("venue.title")),
      el("p", { class: "place" }, model.text("venue.place")),
      el("p", { class: "summary" }, model.text("venue.summary")),
      el("p", { class: "provenance" }, provenanceBadge(t, model.provenance), el("span", { class: "soft" }, model.optional("venue.provenance"))),
      el("details", { class: "stops", "data-key": "stops" },
        el("summary", {}, t("poster.stops", { count: model.stops.length })),
        el("ol", {}, model.stops.map((stop) => stopItem(model, stop.id)))),
      el("details", { "data-key": "about" },
        el("summary", {}, t("poster.about")),
        el("p", { class: "soft" }, model.optional("venue.review")),
        el("dl", { class: "controls soft" },
          credits(model).flatMap(([role, name]) => [el("dt", {}, role), el("dd", {}, name)]),
          el("dt", {}, t("poster.licence")), el("dd", {}, model.package?.manifest.licence ?? ""))),
    ];
  }

  /** A stop as one may read of it, or begin with it, before anything is drawn. @param {Model} model @param {string} id */
  function stopItem(model, id) {
    return el("li", {},
      el("button", { type: "button", "data-stop": id, title: model.t("poster.begin-here"), onclick: () => actions.enter({ at: id }) },
        el("span", { class: "stop-name" }, model.text(`stop.${id}.title`)),
        el("span", { class: "soft" }, model.optional(`stop.${id}.lead`))));
  }

  /** @param {Model} model @returns {Child[]} */
  function doorway(model) {
    const { t } = model;
    if (model.phase === "error") return trouble(model);
    if (model.gate === "other-tab") {
      return [el("p", { class: "note", role: "alert" }, t("tab.other")), button(t("tab.here"), () => actions.enter({ steal: true }), "primary")];
    }
    if (model.gate === "elsewhere") {
      return [
        el("p", { class: "note", role: "alert" }, t("handover.elsewhere")),
        el("div", { class: "buttons" },
          button(t("handover.here"), () => actions.enter({ back: true }), "primary"),
          button(t("poster.anew"), () => actions.enter({ fresh: true }))),
      ];
    }
    if (model.gate === "no-server") {
      return [
        el("p", { class: "note", role: "alert" }, t("record.unreachable")),
        el("div", { class: "buttons" },
          button(t("retry"), () => actions.enter(), "primary"),
          button(t("record.without"), () => actions.enter({ unrecorded: true }))),
      ];
    }
    if (model.entering) return [button(t("poster.entering"), null, "primary")];
    const urgent = model.gate === "consent";
    const others = urgent ? [] : [
      model.mode === "scene" && button(t("poster.text"), actions.textWalk),
      model.resumable && !model.launched && button(t("poster.anew"), () => actions.enter({ fresh: true })),
    ];
    const fleeting = !model.record.durable && el("p", { class: "recorded soft" }, t("poster.recorded-briefly"));
    if (urgent || model.consent === "ask") {
      const going = model.resumable && !urgent;
      return [
        ...consentQuestion(model, actions.notice, urgent),
        model.launched && el("p", { class: "recorded soft" }, t("consent.launched")),
        fleeting,
        el("div", { class: "buttons" },
          // Two ways in, and neither is pressed on anybody: they look alike.
          button(t(going ? "consent.continue-with" : "consent.with"), () => actions.enter({ consent: CONSENT }), "primary", "with"),
          button(t(going ? "consent.continue-without" : "consent.without"), () => actions.enter({ unrecorded: true }), "alike", "without"),
          ...others),
      ];
    }
    const recorded = model.consent === "recorded";
    return [
      el("p", { class: "recorded soft" }, t(recorded ? "poster.is-recorded" : "poster.is-unrecorded"), " ", mineLink(model)),
      fleeting,
      el("div", { class: "buttons" },
        button(t(model.resumable ? "poster.continue" : "poster.enter"), () => actions.enter(recorded ? {} : { unrecorded: true }), "primary"),
        ...others),
    ];
  }

  /** @param {Model} model @returns {Child[]} */
  function trouble(model) {
    const code = model.error ?? "INTERNAL";
    return [
      el("p", { class: "note wrong", role: "alert", "data-code": code }, model.t(`failure.${code}`)),
      el("div", { class: "buttons" },
        PASSING.includes(code) && button(model.t(code === "CONTEXT_LOST" ? "reload" : "retry"), actions.retry, "primary"),
        model.package && !WITHOUT_WORDS.includes(code) && button(model.t("poster.text"), actions.textWalk)),
    ];
  }

  /** @param {string} words @param {(() => void) | null} run @param {string} [kind] @param {string} [key] */
  function button(words, run, kind = "", key = words) {
    return el("button", { type: "button", class: kind, "data-key": key, "aria-disabled": run ? null : "true", onclick: () => run?.() }, words);
  }

  /** @param {Model} model */
  function tellLoading(model) {
    const { received, total, step, done, of } = model.loading;
    loading.hidden = model.phase === "error" || (received === 0 && step === null) || (!model.entering && total !== null && received >= total);
    if (step !== null) {
      bar.max = of || 1;
      bar.value = done;
      steps.textContent = model.t(`loading.${step}`);
      return;
    }
    const megabytes = { received: (received / 1e6).toFixed(1), total: ((total ?? 0) / 1e6).toFixed(1) };
    if (total === null) bar.removeAttribute("value");
    else [bar.max, bar.value] = [total || 1, received];
    steps.textContent = model.t(total === null ? "loading.received" : "loading.bytes", megabytes);
  }

  /** Shows the picture, for which no words are needed. @param {Model} model */
  function paint({ poster: address }) {
    if (address && picture.src !== address) picture.src = address;
    picture.hidden = !address;
  }

  return {
    element,
    picture,
    paint,
    /** @param {Model} model */
    update(model) {
      paint(model);
      picture.alt = model.phase === "ready" ? "" : model.optional("venue.posterAlt");
      element.hidden = model.phase === "ready";
      if (element.hidden) return;
      show(words, [model.language, model.package?.base, Object.keys(model.texts).length], () => (model.package ? content(model) : []));
      show(door, [model.language, model.phase, model.mode, model.gate, model.entering, model.resumable, model.consent, model.launched, model.worded, model.record.durable, model.error, Boolean(model.package)], () =>
        model.package || model.phase === "error" ? doorway(model) : []);
      tellLoading(model);
    },
  };
}
