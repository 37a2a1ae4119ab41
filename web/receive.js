/** What the module says, written into the model. Nothing is decided here. */

/** @import { Message, TourEvent } from "./messages.js" */
/** @import { Model } from "./model.js" */

/**
 * @typedef {object} Listener what follows from a message beside the model
 * @property {(name: string, detail?: Record<string, unknown>) => void} announce
 * @property {(entry: import("./messages.js").Entry) => void} keep
 * @property {() => void} entered
 * @property {(room: string) => void} came into another room
 * @property {(room: string) => void} missed a room that could not be fetched
 * @property {(code: string, detail: string) => void} fail
 * @property {(event: import("./messages.js").TourEvent & {type: "marked" | "pending"}) => void} marked
 * @property {(name: "completed" | "passed" | "failed") => void} decided
 * @property {(message: Message & {type: "speak" | "comfort" | "pulse" | "noticed" | "take-off"}) => void} wished what was asked for in the headset
 */

/** @param {Model} model @param {Message} message @param {Listener} listener */
export function receive(model, message, listener) {
  switch (message.type) {
    case "loading":
      Object.assign(model.loading, { step: message.step, done: message.done, of: message.total });
      break;
    case "ready":
      listener.entered();
      break;
    case "entry":
      listener.keep(message.entry);
      break;
    case "event":
      receiveEvent(model, message.event, listener);
      break;
    case "progress":
      Object.freeze(message.progress.stops);
      model.progress = message.progress;
      listener.announce("progress", { progress: message.progress });
      break;
    case "checkpoint":
      if (message.panel) model.panels = { ...model.panels, [message.panel.stop]: message.panel };
      break;
    case "summary":
      model.summary = message.summary;
      break;
    case "view": {
      const { type: _, ...view } = message;
      model.view = view;
      model.room = view.room;
      break;
    }
    case "hover":
      model.hover = { stop: message.stop, artifact: message.artifact, door: message.door };
      break;
    case "passing":
      model.passing = message.to;
      break;
    case "room-entered":
      model.room = message.room;
      listener.announce("room-entered", { room: message.room });
      listener.came(message.room);
      break;
    case "room-missed":
      listener.missed(message.room);
      break;
    case "stop-entered":
      model.stop = message.stop;
      listener.announce("stop-entered", { stop: message.stop });
      break;
    case "stop-left":
      if (model.stop === message.stop) model.stop = null;
      // What is asked is told only at the stop itself.
      if (model.side?.stop === message.stop && model.open === null) model.side = null;
      break;
    case "artifact-opened":
      model.open = message.stop;
      listener.announce("artifact-opened", { stop: message.stop });
      break;
    case "artifact-closed":
      model.open = null;
      break;
    case "locating":
      model.locating = message.question;
      break;
    case "arrived":
      break;
    case "panel":
      model.presses = message.presses;
      model.named = message.named;
      break;
    case "brought":
      if (model.brought) model.brought = { ...model.brought, lies: message.lies };
      break;
    case "speak":
    case "comfort":
    case "pulse":
    case "noticed":
    case "take-off":
      listener.wished(message);
      break;
    case "failure":
      listener.fail(message.code, message.detail);
      break;
  }
}

/** @param {Model} model @param {TourEvent} event @param {Listener} listener */
function receiveEvent(model, event, listener) {
  switch (event.type) {
    case "entered":
      model.room = event.room;
      break;
    case "marked":
      model.lastMarked = { question: event.question, right: event.right };
      listener.announce("checkpoint-answered", {
        checkpoint: event.checkpoint,
        question: event.question,
        right: event.right,
        attempt: event.attempt,
        settled: event.settled,
      });
      listener.marked(event);
      break;
    case "pending":
      listener.marked(event);
      break;
    case "completed":
    case "passed":
    case "failed":
      listener.decided(event.type);
      break;
    case "refused":
      console.info("refused", event["reason"]);
      break;
    default:
      break;
  }
}
