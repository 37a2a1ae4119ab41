/** Joining a class by its link: the visitor is told so, as whom, and can leave it again. */

import { pseudonymOf } from "./pseudonym.js";
import { ApiError } from "./record/api.js";

/** @import { Guide } from "./guide.js" */
/** @import { Visit } from "./record/visit.js" */

/** @param {Guide} guide @param {Visit} visit */
export async function joinClass(guide, visit) {
  const { api, classCode } = guide.setting;
  if (!classCode || !visit.recorded) return;
  try {
    const joined = await api.join(visit.row, classCode);
    const name = pseudonymOf(guide.model.t, joined.pseudonym);
    guide.notify({
      id: "class",
      word: "notice.class",
      values: { class: joined.class, name },
      actions: [{ word: "notice.class-leave", run: () => void leaveClass(guide, visit) }],
    });
  } catch (cause) {
    const unknown = cause instanceof ApiError && cause.status === 404;
    guide.notify({ id: "class", word: unknown ? "notice.class-unknown" : "notice.class-later" });
  }
}

/** @param {Guide} guide @param {Visit} visit */
async function leaveClass(guide, visit) {
  try {
    await guide.setting.api.leave(visit.row);
    guide.notify({ id: "class", word: "notice.class-left" });
  } catch {
    guide.notify({ id: "class", word: "notice.class-stays", actions: [{ word: "retry", run: () => void leaveClass(guide, visit) }] });
  }
}
