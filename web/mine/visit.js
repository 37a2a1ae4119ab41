/** One visit: what is kept of it and where, until when, and what its visitor can do about it. */

import { el } from "../dom.js";
import { consentText } from "../panels/consent.js";
import { VenuePackage } from "../package.js";
import { ApiError } from "../record/api.js";
import { CONSENT } from "../record/consent.js";
import { Visit } from "../record/visit.js";
import { accessesPart } from "./accesses.js";
import { filesPart } from "./files.js";
import { limitationPart } from "./limitation.js";
import { logPart } from "./log.js";
import { objectionsPart } from "./objections.js";
import { storedPart } from "./stored.js";

/** @import { Setting } from "../mine.js" */
/** @import { Held, Kept } from "../record/api.js" */
/** @import { VisitRow } from "../record/store.js" */

/** @param {Setting} setting */
const moment = ({ language }) => new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });

/** A date and time as people read it. @param {Setting} setting @param {string | number} at */
export const told = (setting, at) => moment(setting).format(new Date(at));

/** The day as people read it. @param {Setting} setting @param {string} at */
const day = ({ language }, at) => new Intl.DateTimeFormat(language, { dateStyle: "long" }).format(new Date(at));

/** The venue's words, as far as they can be had. @param {Setting} setting @param {VisitRow} row */
async function wordsOf({ language }, row) {
  try {
    return await (await VenuePackage.open(`/packages/${row.venue}`, row.package, language)).texts(language);
  } catch {
    return {};
  }
}

/**
 * What the server has of the visit: everything, or why not.
 * @param {Setting} setting @param {VisitRow} row
 * @returns {Promise<{held: Held, kept: Kept} | "local" | "gone" | "elsewhere" | "unreachable">}
 */
async function atServer({ api }, row) {
  if (row.token === "") return "local";
  try {
    const kept = await api.visit(row);
    return { held: await api.held(row), kept };
  } catch (cause) {
    if (!(cause instanceof ApiError)) throw cause;
    if (cause.code === "VISIT_ELSEWHERE") return "elsewhere";
    return cause.status === 404 ? "gone" : "unreachable";
  }
}

/** @param {Setting} setting @param {VisitRow} row */
export async function visitSection(setting, row) {
  const { t, store } = setting;
  const [texts, server, entries] = await Promise.all([wordsOf(setting, row), atServer(setting, row), store.entries(row.visit)]);
  const title = texts["venue.title"] ?? row.venue;
  const heading = el("h2", { id: `visit-${row.visit}` }, title);
  const section = el("section", { class: "mine-visit paper", "aria-labelledby": heading.id, "data-visit": row.visit },
    heading, el("p", { class: "soft" }, t("mine.begun", { when: told(setting, row.startedAt) })));
  const onDevice = el("p", {}, t("mine.device", { count: entries.length }));
  if (typeof server === "string") {
    section.append(el("p", { class: "note" }, t(`mine.${server}`)), onDevice);
    if (server !== "unreachable") section.append(el("div", { class: "buttons" }, forget(setting, row)));
    return section;
  }
  const { held, kept } = server;
  section.append(
    facts(setting, row, held),
    onDevice,
    ...logPart(setting, kept, texts),
    ...accessesPart(setting, held),
    storedPart(setting, row),
    ...objectionsPart(setting, row, held),
    el("h3", {}, t("mine.take")),
    filesPart(setting, row),
    ...limitationPart(setting, row, held),
    el("h3", {}, t("mine.stop")),
    decisions(setting, row, held));
  return section;
}

/** Whether the visitor agrees now. @param {Held} held */
const agrees = ({ consents }) => consents.some(({ version, withdrawn }) => version === CONSENT && !withdrawn);

/** What there is, in figures and dates. @param {Setting} setting @param {VisitRow} row @param {Held} held */
function facts(setting, row, held) {
  const { t } = setting;
  const { record, goes } = held;
  const given = held.consents.at(-1);
  /** @param {string} name @param {...(Node | string)} words */
  const fact = (name, ...words) => el("div", {}, el("dt", {}, t(name)), el("dd", {}, ...words));
  const result = record.passed ? "passed" : record.failed ? "failed" : record.completed ? "completed" : "under-way";
  return el("dl", { class: "mine-facts" },
    fact("mine.consent", given
      ? t(given.withdrawn ? "mine.consent-withdrawn" : "mine.consent-given", { when: told(setting, given.withdrawn ?? given.given), version: given.version })
      : t("mine.consent-none")),
    given ? fact("mine.consent-text", el("details", {}, el("summary", {}, t("mine.consent-read")), consentText(t, given.version, null))) : null,
    ...held.launches.slice(-1).map(({ system, learner }) => fact("mine.launched", t("mine.launched-by", {
      count: held.launches.length,
      system: new URL(system).host,
      learner: [learner.name, learner.account?.name, learner.account?.homePage].filter(Boolean).join(" · "),
    }))),
    held.limited ? fact("mine.limited", t("mine.limited-since", { when: told(setting, held.limited) })) : null,
    fact("mine.number", el("code", {}, held.visit)),
    fact("mine.counts", t("mine.counted", { entries: held.entries, verdicts: held.verdicts, statements: held.statements, documents: held.documents })),
    fact("mine.result", t(`mine.result.${result}`)),
    fact("mine.language", languageChoice(setting, row, held)),
    fact("mine.goes-evidence", goes.evidence ? day(setting, goes.evidence) : t("mine.gone-evidence", { when: day(setting, held.evidenceGone ?? goes.records) })),
    fact("mine.goes-records", day(setting, goes.records)),
    fact("mine.goes-accesses", t("mine.days", { days: goes.accessesDays })));
}

/** The language that the visit is told in, which can be corrected. @param {Setting} setting @param {VisitRow} row @param {Held} held */
function languageChoice(setting, row, held) {
  const { t, api } = setting;
  const choice = el("select", { "aria-label": t("mine.language"), "data-key": "language-of-visit" },
    ["zh-Hans", "en"].map((one) => el("option", { value: one, selected: one === held.language }, t(`mine.language.${one}`))));
  choice.addEventListener("change", () => {
    void carryOut(setting, () => api.correctLanguage(row, choice.value), "mine.corrected");
  });
  return choice;
}

/** Stops the record, or erases it. @param {Setting} setting @param {VisitRow} row @param {Held} held */
function decisions(setting, row, held) {
  const { t, api, store } = setting;
  const withdraw = async () => {
    await api.withdrawConsent(row);
    await store.save({ ...row, consent: 0 });
  };
  // Also when it goes on elsewhere: it is its visitor's to erase.
  const erase = () => new Visit(row, store, api).erase();
  return el("div", { class: "buttons" },
    agrees(held) && el("button", {
      type: "button", "data-key": "withdraw",
      onclick: () => setting.ask(t("mine.withdraw"), t("mine.withdraw-sure"), t("mine.withdraw-yes"), () => carryOut(setting, withdraw, "mine.withdrawn")),
    }, t("mine.withdraw")),
    el("button", {
      type: "button", "data-key": "erase",
      onclick: () => setting.ask(t("mine.erase"), t("mine.erase-sure"), t("mine.erase-yes"), () => carryOut(setting, erase, "mine.erased")),
    }, t("mine.erase")),
    forget(setting, row));
}

/** Takes the visit off this device, where others may sit tomorrow. @param {Setting} setting @param {VisitRow} row */
function forget(setting, row) {
  const { t, store } = setting;
  return el("button", {
    type: "button", "data-key": "forget",
    onclick: () => setting.ask(t("mine.forget"), t(row.token === "" ? "mine.forget-local-sure" : "mine.forget-sure"), t("mine.forget-yes"),
      () => carryOut(setting, () => store.forget(row), "mine.forgotten")),
  }, t("mine.forget"));
}

/**
 * Does it, says so, and shows everything anew; or says that it could not be done.
 * @param {Setting} setting @param {() => Promise<unknown>} work @param {string} done
 */
export async function carryOut(setting, work, done) {
  try {
    await work();
  } catch {
    return setting.say(setting.t("mine.failed"));
  }
  await setting.again();
  setting.say(setting.t(done));
}
