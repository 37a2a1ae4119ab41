/** What one does in the headset, what suits one there, and the way in. */

import { el, show } from "../dom.js";
import { keptComfort, TURNS } from "../wearing.js";
import { createDialog } from "./dialog.js";

/** @import { Comfort } from "../headset.js" */
/** @import { Actions, Model } from "../model.js" */

const WAYS = ["stop", "go", "turn", "words", "hands", "gaze", "out"];

/** @param {Actions} actions */
export function createHeadset(actions) {
  const dialog = createDialog("headset");

  /** @param {Model} model @param {Comfort} kept what suited one last, there or here */
  function content({ t }, kept) {
    const turn = el("select", { "data-key": "turn" },
      TURNS.map((degrees) => el("option", { value: String(degrees), selected: degrees === kept.turnDeg }, degrees === 0 ? t("headset.smooth") : t("headset.degrees", { degrees }))));
    const glide = el("input", { type: "checkbox", "data-key": "glide", checked: kept.glide });
    const leftHanded = el("input", { type: "checkbox", "data-key": "left-handed", checked: kept.leftHanded });
    const pulses = el("input", { type: "checkbox", "data-key": "pulses", checked: kept.pulses });
    const seated = el("input", { type: "checkbox", "data-key": "seated", checked: kept.seated });
    return [
      el("dl", { class: "controls" }, WAYS.flatMap((way) => [el("dt", {}, t(`headset.way.${way}`)), el("dd", {}, t(`headset.does.${way}`))])),
      el("p", { class: "soft" }, t("headset.questions")),
      el("div", { class: "comfort" },
        el("label", {}, seated, t("headset.seated")),
        el("label", {}, glide, t("headset.glide")),
        el("label", {}, leftHanded, t("headset.left-handed")),
        el("label", {}, pulses, t("headset.pulses")),
        el("label", {}, t("headset.turn"), turn)),
      el("button", {
        type: "button", class: "primary", "data-key": "put-on",
        onclick() {
          const comfort = { seated: seated.checked, glide: glide.checked, turnDeg: Number(turn.value), leftHanded: leftHanded.checked, pulses: pulses.checked };
          void actions.putOn({ ...kept, ...comfort }).finally(() => dialog.element.close());
        },
      }, t("headset.enter")),
    ];
  }

  return {
    element: dialog.element,
    /** @param {Model} model */
    update(model) {
      dialog.fill(model.t("headset.title"), model.t("close"));
      const kept = model.headset === "none" ? null : keptComfort();
      show(dialog.body, [model.language, kept], () => (kept ? content(model, kept) : []));
    },
    open: () => dialog.open(),
  };
}
