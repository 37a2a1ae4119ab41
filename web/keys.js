/** The keyboard's short ways. Walking and looking are the scene's own. */

/** @import { Actions, Model } from "./model.js" */

/**
 * @param {HTMLElement} element where the keys are heard
 * @param {() => Model} model
 * @param {Actions} actions
 */
export function listenToKeys(element, model, actions) {
  element.addEventListener("keydown", (event) => {
    const now = model();
    const target = event.composedPath()[0];
    const typing = target instanceof HTMLSelectElement || (target instanceof HTMLInputElement && !["radio", "checkbox"].includes(target.type));
    const inDialog = target instanceof Element && target.closest("dialog") !== null;
    if (now.phase !== "ready" || typing || inDialog || event.ctrlKey || event.metaKey || event.altKey) return;
    const run = shortWay(event.key.length === 1 ? event.key.toLowerCase() : event.key, now, actions);
    if (!run) return;
    event.preventDefault();
    run();
  });
}

/** @param {string} key @param {Model} model @param {Actions} actions @returns {(() => void) | null} */
function shortWay(key, model, actions) {
  const { stop } = model;
  if (key === "Escape") return stepBack(model, actions);
  if (key === "h" || key === "?") return actions.help;
  if (model.mode === "text") return null;
  if (key === "m") return () => actions.showRoute(!model.routeOpen);
  if (stop === null) return null;
  if (key === "f" && model.stopOf(stop)?.artifact) return () => actions.open(stop);
  if (key === "r") return () => actions.showSide(stop, "story");
  if (key === "t" && model.stopOf(stop)?.checkpoint) return () => actions.showSide(stop, "question");
  return null;
}

/** Escape undoes the nearest thing. @param {Model} model @param {Actions} actions */
function stepBack(model, actions) {
  if (model.locating) return actions.cancelLocate;
  if (model.routeOpen) return () => actions.showRoute(false);
  if (model.side || model.open) return actions.closeSide;
  return null;
}
