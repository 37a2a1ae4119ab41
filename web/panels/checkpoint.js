/**
 * The questions of a stop: asked, answered, marked, and after a wrong answer led back from.
 */

import { el, focusKey, icon, show } from "../dom.js";
import { choices } from "../questions/choices.js";
import { locate } from "../questions/locate.js";
import { match } from "../questions/match.js";
import { order } from "../questions/order.js";

/** @import { QuestionKind, QuestionView, Response, SlotPanel } from "../messages.js" */
/** @import { Words } from "../words.js" */
/** @import { Actions, Model } from "../model.js" */
/** @import { Child } from "../dom.js" */

/**
 * @typedef {object} FormContext
 * @property {QuestionView} view
 * @property {(part: string) => string} text a text of the question, such as `option.<id>`
 * @property {Words} t
 * @property {Response | null} draft what has been chosen so far
 * @property {(draft: Response | null) => void} onDraft
 * @property {boolean} disabled
 * @property {{id: string, name: string}[]} artifacts
 * @property {(() => void) | null} onLocate absent where nothing is drawn
 * @property {(sentence: string) => void} announce
 * @typedef {(context: FormContext) => Child[]} QuestionForm
 */

/** @type {Record<QuestionKind, QuestionForm>} */
const FORMS = { single: choices, multiple: choices, order, match, locate };

/** @param {Actions} actions */
export function createCheckpoint(actions) {
  const body = el("div", { class: "checkpoint" });
  const live = el("p", { class: "unseen", "aria-live": "polite" });
  const element = el("div", {}, body, live);
  /** @type {Map<string, Response | null>} */
  const drafts = new Map();
  let version = 0;
  /** @type {Model | null} */
  let shownModel = null;
  let shownStop = "";

  /** @param {SlotPanel} slot */
  const draftKey = (slot) => `${slot.question.question}/${slot.attempt}`;

  /** @param {Model} model @param {SlotPanel} slot @param {number} index @param {number} of */
  function openSlot(model, slot, index, of) {
    const { t } = model;
    const id = slot.question.question;
    const pending = slot.status === "pending";
    const draft = drafts.get(draftKey(slot)) ?? null;
    const form = FORMS[slot.question.kind]({
      view: slot.question,
      text: (part) => model.text(`question.${id}.${part}`),
      t,
      draft,
      disabled: pending,
      artifacts: model.artifacts(),
      onLocate: model.mode === "scene" ? () => actions.locate(id) : null,
      announce: (sentence) => (live.textContent = sentence),
      onDraft(next) {
        drafts.set(draftKey(slot), next);
        if (slot.question.kind === "order") version += 1;
        queueMicrotask(refresh);
      },
    });
    return el(
      "form",
      {
        class: "question",
        "data-question": id,
        "data-kind": slot.question.kind,
        "data-attempt": slot.attempt,
        /** @param {SubmitEvent} event */
        onsubmit(event) {
          event.preventDefault();
          const answer = drafts.get(draftKey(slot));
          if (answer && isWhole(answer, slot.question)) actions.answer(id, answer);
        },
      },
      el("p", { class: "eyebrow" }, t("question.place", { place: index + 1, of }),
        slot.attempt > 1 && el("span", {}, t("question.attempt", { attempt: slot.attempt, of: slot.attempts }))),
      el("fieldset", {},
        el("legend", { tabIndex: -1, "data-key": "prompt" }, model.text(`question.${id}.prompt`)),
        el("p", { class: "soft" }, t(`question.how.${slot.question.kind}`)),
        ...form),
      pending
        ? el("p", { class: "note", role: "status" }, icon("wait"),
            t(model.record.status === "none" ? "question.unmarked" : model.record.status === "offline" ? "question.pending-offline" : "question.pending"))
        : el("button", { type: "submit", class: "primary", "data-key": "submit", disabled: !draft || !isWhole(draft, slot.question) }, t("question.answer")),
    );
  }

  /** @param {Model} model @param {SlotPanel} slot */
  function lookAgain(model, slot) {
    const { lastWrong, leadBack } = slot;
    if (!lastWrong) return null;
    const hint = model.hint(lastWrong);
    const through = slot.status === "exhausted";
    return el("div", { class: "note wrong", tabIndex: -1, "data-key": "result" },
      el("p", { class: "strong" }, model.t(through ? "question.left" : "question.wrong")),
      hint !== "" && el("p", {}, hint),
      leadBack && el("button", { type: "button", class: "wide", onclick: () => actions.lookAgain(leadBack) },
        icon("back"), model.t("question.look-again", { stop: model.text(`stop.${leadBack}.title`) })),
      slot.status === "open" && el("p", { class: "soft" }, model.t("question.another")));
  }

  /** @param {Model} model @param {SlotPanel} slot @param {number} index @param {number} of */
  function slotView(model, slot, index, of) {
    if (slot.status === "right") {
      const id = slot.question.question;
      return el("div", { class: "note right", tabIndex: -1, "data-key": `right-${id}` },
        el("p", { class: "strong" }, icon("done"), model.t("question.right")),
        el("p", { class: "soft" }, model.text(`question.${id}.prompt`)),
        el("p", {}, model.feedback(id)));
    }
    return el("div", {}, lookAgain(model, slot),
      slot.status !== "exhausted" && openSlot(model, slot, index, of));
  }

  /** @param {Model} model @param {string} stop */
  function content(model, stop) {
    const panel = model.panels[stop];
    const state = model.progress?.stops.find((one) => one.stop === stop);
    if (!panel) {
      const missing = model.missingBefore(stop);
      return [
        el("p", { class: "note" }, missing.length > 0
          ? model.t("question.locked", { stops: missing.map((id) => model.text(`stop.${id}.title`)).join(model.t("list.comma")) })
          : model.t(state?.evidence.includes("arrived") ? "question.none" : "question.go-first")),
        ...missing.map((id) => el("button", { type: "button", class: "wide", onclick: () => actions.goTo(id) }, icon("back"), model.text(`stop.${id}.title`))),
      ];
    }
    const upTo = panel.open === null ? panel.slots.length : panel.open + 1;
    return [
      ...panel.slots.slice(0, upTo).map((slot, index) => slotView(model, slot, index, panel.slots.length)),
      panel.open === null && el("p", { class: "note", tabIndex: -1, "data-key": "through" }, model.t("question.through")),
      panel.open === null && model.nextStop(stop) && el("button", { type: "button", class: "primary", onclick: () => actions.next(stop) }, model.t("card.next")),
    ];
  }

  /** Focus goes to what the answer brought: the mark, then the next question. @param {string} before */
  function followFocus(before) {
    const panel = shownModel?.panels[shownStop];
    if (!panel || before === "") return;
    const [stop, marks] = before.split("|");
    if (stop !== shownStop || marks === markSignature(panel.slots)) return;
    const right = panel.slots.findLast((slot) => slot.status === "right");
    const latest = shownModel?.lastMarked;
    focusKey(body, latest && !latest.right ? "result" : right ? `right-${right.question.question}` : "prompt");
    if (latest) live.textContent = shownModel?.t(latest.right ? "question.right" : "question.wrong") ?? "";
    body.querySelector('[data-key="result"], [data-key="prompt"]')?.scrollIntoView({ block: "nearest" });
  }

  let marked = "";
  function refresh() {
    const model = shownModel;
    if (!model) return;
    const panel = model.panels[shownStop];
    const open = panel?.open !== null && panel ? panel.slots[panel.open] : undefined;
    const ready = open ? isWhole(drafts.get(draftKey(open)) ?? null, open.question) : false;
    const shown = [model.language, shownStop, panel, version, model.mode, model.record.status, ready, model.progress?.stops.map((one) => one.done)];
    if (!show(body, shown, () => content(model, shownStop))) return;
    const now = panel ? `${shownStop}|${markSignature(panel.slots)}` : "";
    if (marked !== now) followFocus(marked);
    marked = now;
  }

  return {
    element,
    /** @param {Model} model @param {string} stop */
    update(model, stop) {
      shownModel = model;
      shownStop = stop;
      refresh();
    },
  };
}

/** @param {SlotPanel[]} slots */
function markSignature(slots) {
  return slots.map((slot) => `${slot.status === "pending" ? "open" : slot.status}${slot.attempt}${slot.lastWrong}`).join();
}

/** Whether nothing of the answer is missing. @param {Response | null} answer @param {QuestionView} view */
function isWhole(answer, view) {
  if (!answer) return false;
  if (answer.kind === "match") return view.options.every((option) => answer.value[option.id]);
  return answer.value.length > 0;
}
