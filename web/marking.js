/** How an answer is marked in a sentence when its stop is not the one in view. */

/** @import { TourEvent } from "./messages.js" */
/** @import { Guide } from "./guide.js" */

/**
 * An answer can be given away from its stop, by pointing at something.
 * @param {Guide} guide
 * @param {TourEvent & {type: "marked" | "pending"}} event
 */
export function tellMark(guide, event) {
  const { model } = guide;
  const { question } = event;
  const stop = stopOf(guide, question);
  if (!stop || model.side?.stop === stop || model.mode === "text") return;
  const back = { word: "notice.back-to", run: () => guide.showThere(stop, "question") };
  if (event.type === "pending") {
    guide.notify({ id: "marked", word: "question.pending", actions: [back] });
    return;
  }
  const { leadBack } = event;
  const look = leadBack ? [{ word: "notice.look-there", run: () => guide.lookAgain(leadBack) }] : [];
  const mark = model.t(event.right ? "question.right" : "question.wrong");
  const words = event.right ? model.feedback(question) : model.hint(question);
  guide.notify({ id: "marked", word: "notice.marked", values: { mark, words }, actions: [...look, back] });
}

/** The stop that asks a question. @param {Guide} guide @param {string} question */
function stopOf({ model }, question) {
  const checkpoints = Object.values(model.package?.venue.checkpoints ?? {});
  const asking = checkpoints.find((one) => one.questions.some(({ id }) => id === question));
  return model.stops.find((one) => one.checkpoint === asking?.id)?.id ?? null;
}
