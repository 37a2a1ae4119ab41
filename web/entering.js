/** The two steps into a tour: what is fetched before the door is opened, and what happens when it is. */

import { Failure } from "./failure.js";
import { joinClass } from "./joining.js";
import { Download, expectModule, newInstance, prepareModule } from "./module.js";
import { VenuePackage } from "./package.js";
import { ApiError } from "./record/api.js";
import { CONSENT } from "./record/consent.js";
import { wentOn } from "./handing.js";
import { begin as beginLaunch, decline, waitingLaunch } from "./launch.js";
import { holdVisit } from "./record/lock.js";
import { openStore } from "./record/store.js";
import { Visit } from "./record/visit.js";
import { intend, intention } from "./returning.js";
import { canDraw, tellWords } from "./wearing.js";
import { firstLanguage, loadWords } from "./words.js";

/** @import { Guide } from "./guide.js" */
/** @import { Entry, Venue } from "./messages.js" */
/** @import { Model } from "./model.js" */
/** @import { Api } from "./record/api.js" */
/** @import { OutboxListener } from "./record/outbox.js" */
/** @import { Store, VisitRow } from "./record/store.js" */

/**
 * @typedef {object} How a visitor comes in
 * @property {boolean} [steal] from another tab
 * @property {boolean} [unrecorded] without a record
 * @property {boolean} [fresh] from the beginning
 * @property {boolean} [back] from where it went on
 * @property {string} [at] the stop to begin with
 * @property {number} [consent] the version of the text by which they agree to being recorded
 */

/** More pixels than this per CSS pixel cost time and show nothing. */
const PIXEL_RATIO_MAX = 2;

/** How long what is large waits for the poster, milliseconds. */
const POSTER_FIRST_MILLIS = 1500;

/**
 * Fetches the words, the package and, while those are read, the module and the first room.
 * @param {Guide} guide @param {Promise<void>} looked whether there is a headset is known then
 */
export async function prepare(guide, looked) {
  const { model, setting } = guide;
  void expectModule();
  const words = loadWords(model.language).then((t) => {
    Object.assign(model, { t, worded: true });
    setting.changed();
  });
  await Promise.all([words, openPackage(guide), looked]);
  const { package: opened } = model;
  if (!opened) throw new Failure("PACKAGE_MISSING");
  const meant = intention(opened.venue.id);
  model.mode = meant?.mode ?? (setting.mode === "text" ? "text" : "scene");
  setting.changed();
  if (!meant?.enter) await posterSeen(model);
  if (meant?.enter) void guide.enter(meant);
  await begin(guide);
}

/**
 * Has what is needed first on its way, and meanwhile finds out whether the scene can be drawn:
 * the graphics processor takes its time to begin, and the page stands still for it.
 * @param {Guide} guide
 */
async function begin(guide) {
  const { model, setting } = guide;
  const first = fetchFirst(guide);
  // Who waits for it hears of it.
  first?.catch(() => {});
  // By then everything has been asked for.
  await new Promise((resolve) => setTimeout(resolve));
  if (model.mode !== "scene") return first;
  guide.draws ??= canDraw(setting.canvas, model.headset !== "none");
  if (guide.draws) return first;
  if (setting.mode === "scene") throw new Failure("NO_WEBGL2");
  model.mode = "text";
  guide.notify({ id: "no-webgl2", word: "failure.NO_WEBGL2" });
  return fetchFirst(guide);
}

/** The package that the visit on this device is pinned to, or the current one. @param {Guide} guide */
async function openPackage(guide) {
  const { model, setting } = guide;
  const { store, durable } = await openStore();
  guide.store = store;
  model.record.durable = durable;
  const venue = new URL(setting.source, document.baseURI).pathname.split("/").filter(Boolean).at(-1) ?? "";
  const row = await store.current(venue);
  const opened = await VenuePackage.open(setting.source, row?.package ?? null, model.language, (poster) => {
    model.poster = poster;
    setting.changed();
  });
  model.texts = await opened.texts(model.language);
  const launch = waitingLaunch(venue);
  // Whoever is sent by a learning system goes on with what they were sent to before, and with nobody else's.
  const theirs = row?.package === opened.manifest.hash && (!launch || row.registration === launch.registration) ? row : null;
  const entries = theirs ? await store.entries(theirs.visit) : [];
  model.launched = launch !== null;
  model.resumable = entries.length > 0;
  model.consent = consentOf(theirs, model.resumable);
  model.room = roomOf(entries, opened.venue);
  model.poster = opened.poster;
  model.package = opened;
  setting.changed();
}

/** Whether the visitor of a visit has to be asked. @param {VisitRow | null} row @param {boolean} resumable */
function consentOf(row, resumable) {
  if (row?.token && row.consent === CONSENT) return "recorded";
  // A visit that the visitor stopped recording is theirs alone, and so is one that never was.
  return row && resumable && (row.token === "" || row.consent === 0) ? "unrecorded" : "ask";
}

/** Lets the poster have the line for itself. @param {Model} model */
async function posterSeen({ poster }) {
  if (!poster) return;
  const picture = new Image();
  picture.src = poster;
  // A poster that does not come keeps nobody out.
  const seen = picture.decode().catch(() => {});
  await Promise.race([seen, new Promise((resolve) => setTimeout(resolve, POSTER_FIRST_MILLIS))]);
}

/** The room in which a visit was left. @param {Entry[]} entries @param {Venue} venue */
function roomOf(entries, venue) {
  for (const { action } of entries.toReversed()) {
    const room = action.type === "enter" ? action.room : action.type === "arrive" && venue.stops.find((stop) => stop.id === action.stop)?.room;
    if (room) return room;
  }
  return venue.start.room;
}

/**
 * The module and, for the scene, the first room: once, unless that failed.
 * @param {Guide} guide
 */
function fetchFirst(guide) {
  const { mode } = guide.model;
  guide.first[mode] ??= download(guide);
  guide.first[mode]?.catch(() => delete guide.first[mode]);
  return guide.first[mode];
}

/** @param {Guide} guide */
async function download({ model, setting }) {
  const counted = new Download((bytes) => {
    Object.assign(model.loading, bytes);
    setting.changed("loading");
  });
  const opened = model.mode === "scene" ? model.package : null;
  const files = opened?.firstFiles(model.room ?? opened.venue.start.room) ?? [];
  const rest = files.map(async ({ address, bytes }) => (await counted.fetch(address, bytes)).read);
  await Promise.all([prepareModule(counted, opened !== null && model.headset !== "none"), ...rest]);
}

/**
 * Begins or resumes the visit and starts the module with it.
 * @param {Guide} guide @param {How} asked
 */
export async function enter(guide, asked) {
  const { model, setting } = guide;
  const kept = asked.fresh ? "ask" : model.consent;
  const unrecorded = asked.unrecorded || (kept === "unrecorded" && asked.consent !== CONSENT);
  const how = { ...asked, unrecorded };
  const opened = model.package;
  if (!opened) throw new Failure("PACKAGE_MISSING");
  const first = begin(guide);
  if (kept !== "recorded" && !unrecorded && how.consent !== CONSENT) return stay(guide, "consent");
  const holds = await holdVisit(opened.venue.id, { steal: how.steal ?? false, onLost: () => lose(guide) });
  if (!holds) return stay(guide, "other-tab");
  const visit = await visitFor(guide, how);
  if (!visit) return stay(guide, "no-server");
  guide.visit = visit;
  void joinClass(guide, visit);
  const beginning = await openVisit(guide, visit);
  if (!beginning) return stay(guide, guide.meant.fresh ? "consent" : "elsewhere");
  guide.model.learn(beginning.verdicts);
  await first;
  const app = await newInstance();
  guide.app = app;
  model.record.visit = visit.row.visit;
  model.record.seq = visit.seq;
  model.consent = visit.recorded ? "recorded" : "unrecorded";
  if (!visit.recorded) {
    guide.notify({ id: "unrecorded", word: "notice.unrecorded", actions: [{ word: "notice.record", run: () => intend(model, { enter: true, fresh: true }) }] });
  }
  const headset = model.mode === "scene" && model.headset !== "none";
  if (model.mode === "scene") setting.canvas.hidden = false;
  app.start(
    model.mode === "scene" ? setting.canvas : null,
    JSON.stringify({
      ...beginning,
      packageUrl: new URL(opened.base).pathname,
      reducedMotion: matchMedia("(prefers-reduced-motion: reduce)").matches,
      pixelRatioMax: PIXEL_RATIO_MAX,
      headset,
    }),
    (message) => {
      if (guide.app === app) guide.receive(message);
    },
  );
}

/** Back at the poster, with a question. @param {Guide} guide @param {"no-server" | "other-tab" | "elsewhere" | "consent"} gate */
function stay({ model }, gate) {
  Object.assign(model, { gate, entering: false, phase: "poster" });
}

/**
 * The visit that this device is on, or a new one; none when the server cannot be reached.
 * @param {Guide} guide @param {How} how
 */
async function visitFor(guide, how) {
  const { model, setting, store } = guide;
  if (!store || !model.package) throw new Failure("INTERNAL", "entered before anything was prepared");
  const { venue, manifest } = model.package;
  const launch = waitingLaunch(venue.id);
  if (launch && !how.unrecorded) return launchedVisit(guide, store, launch);
  if (launch) void decline(setting.api, launch);
  const kept = how.fresh ? null : await store.current(venue.id);
  const row = launch && kept?.registration !== launch.registration ? null : kept;
  if (row && row.package === manifest.hash && (row.token !== "" || how.unrecorded)) {
    if (how.back) return takenBack(row, store, setting.api);
    const agrees = how.unrecorded || (await agreed(row, store, setting.api, how));
    if (agrees) return new Visit(row, store, setting.api);
    if (agrees === null) return null;
  }
  const language = venue.languages.includes(model.language) ? model.language : (venue.languages[0] ?? model.language);
  const wish = { venue: venue.id, package: manifest.hash, language, consent: how.consent ?? 0 };
  if (how.unrecorded) return Visit.unrecorded(store, setting.api, wish);
  try {
    return await Visit.begin(store, setting.api, wish);
  } catch (cause) {
    if (cause instanceof ApiError) return null;
    throw cause;
  }
}

/**
 * The visit that a learning system has sent the visitor to, who agrees to its being recorded; none when
 * the server cannot be reached.
 * @param {Guide} guide @param {Store} store @param {import("./launch.js").Waiting} launch
 */
async function launchedVisit(guide, store, launch) {
  const { model, setting } = guide;
  try {
    const { row, launched } = await beginLaunch(setting.api, store, launch);
    model.launched = false;
    // In the language that they like best by what the system says, unless they have chosen one here.
    if (model.language === launch.language) await guide.speak(firstLanguage(launched.language));
    // It may be pinned to another version of the venue than the one that is open.
    if (row.package !== model.package?.manifest.hash) intend(model, { enter: true });
    return new Visit(row, store, setting.api);
  } catch (cause) {
    if (!(cause instanceof ApiError)) throw cause;
    if (!cause.passing || cause.code === "LAUNCH_FAILED") setting.announce("launch-failed", { code: cause.code });
    return null;
  }
}

/**
 * Tells the server that the visitor of an earlier visit agrees, if it does not know. `false` when there
 * is no such visit any more, `null` when the server cannot be reached.
 * @param {VisitRow} row @param {Store} store @param {Api} api @param {How} how
 */
async function agreed(row, store, api, how) {
  if (row.consent === CONSENT) return true;
  try {
    await api.consent(row, how.consent ?? 0);
  } catch (cause) {
    if (cause instanceof ApiError) return cause.status === 404 ? false : null;
    throw cause;
  }
  row.consent = CONSENT;
  await store.save(row);
  return true;
}

/**
 * The visit of this device, which went on elsewhere meanwhile.
 * @param {import("./record/store.js").VisitRow} row @param {import("./record/store.js").Store} store
 * @param {import("./record/api.js").Api} api
 */
async function takenBack(row, store, api) {
  try {
    return await Visit.adopt(store, api, await api.takeBack(row));
  } catch (cause) {
    if (cause instanceof ApiError) return null;
    throw cause;
  }
}

/**
 * What the session starts from; nothing if the visit goes on elsewhere.
 * @param {Guide} guide @param {Visit} visit
 */
async function openVisit(guide, visit) {
  /** @type {string[]} */
  const troubles = [];
  const beginning = await visit.open(listenerOf(guide, (problem) => void troubles.push(problem)));
  if (troubles.length === 0) return beginning;
  visit.stop();
  if (troubles.includes("elsewhere")) return null;
  // Whoever had it erased, or came back after its time was over, is asked whether there shall be another.
  guide.notify({ id: "unknown-visit", word: "notice.unknown-visit-new" });
  guide.visit = null;
  guide.meant = { ...guide.meant, fresh: true };
  return null;
}

/** @param {Guide} guide @param {(problem: string) => void} onUnknown while the visit is being opened @returns {OutboxListener} */
function listenerOf(guide, onUnknown) {
  const { model, setting } = guide;
  return {
    onVerdicts(verdicts) {
      model.learn(verdicts);
      tellWords(guide);
      guide.app?.learn(JSON.stringify(verdicts));
    },
    onStatus(status) {
      model.record.status = status;
      if (status === "offline") guide.notify({ id: "offline", word: "notice.offline", goesOn: true });
      else if (status === "saved") for (const id of ["offline", "package-gone"]) guide.over(id);
      setting.changed();
    },
    onProblem(problem) {
      if (problem === "store-full") return guide.notify({ id: problem, word: "notice.store-full", goesOn: true });
      if (problem === "package-gone") return tellPackageGone(guide);
      model.record.status = "none";
      const ended = problem === "no-consent" || problem === "limited";
      if (ended) model.consent = "unrecorded";
      if (ended) return guide.notify({ id: problem, word: `notice.${problem}`, lasting: true });
      if (!guide.app) return onUnknown(problem);
      if (problem === "elsewhere") return void wentOn(guide);
      const fresh = problem === "unknown-visit";
      return guide.notify({
        id: problem,
        word: `notice.${problem}`,
        lasting: true,
        actions: [{ word: fresh ? "notice.begin-new" : "notice.go-on-saved", run: () => intend(model, { enter: true, fresh }) }],
      });
    },
  };
}

/** The network is there, but this version of the venue is not: that is another sentence. @param {Guide} guide */
function tellPackageGone(guide) {
  guide.over("offline");
  guide.notify({
    id: "package-gone",
    word: "notice.package-gone",
    goesOn: true,
    actions: [{ word: "notice.begin-new", run: () => intend(guide.model, { enter: true, fresh: true }) }],
  });
}

/** Another tab has taken the visit: this one stops and says so. @param {Guide} guide */
function lose(guide) {
  const { model } = guide;
  if (model.passive || !guide.app) return;
  model.passive = true;
  guide.takeOff();
  guide.visit?.stop();
  guide.app.pause(true);
  guide.notify({
    id: "taken",
    word: "tab.taken",
    lasting: true,
    actions: [{ word: "tab.here", run: () => intend(model, { enter: true, steal: true }) }],
  });
}
