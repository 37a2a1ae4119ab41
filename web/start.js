/** The start page: the venues of this server, and the tour in the full window once one is chosen. */

import { el } from "./dom.js";
import { keepWaiting, leave, takeLaunch } from "./launch.js";
import { Model } from "./model.js";
import { listVenues, VenuePackage } from "./package.js";
import { provenanceBadge } from "./panels/badge.js";
import { Api } from "./record/api.js";
import { firstLanguage, keepLanguage, LANGUAGES, loadWords } from "./words.js";

/** @import { Listed } from "./package.js" */
/** @import { Words } from "./words.js" */

const api = new Api(new URL("/api/v1", location.href).href);
const asked = new URLSearchParams(location.hash.startsWith("#venue=") ? location.hash.slice(1) : location.search);

/** How long the page's first picture is waited for, milliseconds. */
const PAINT_MILLIS = 100;

/** What a tour needs as soon as it is there. */
const SOON = [["fetch", "app/version.json"], ...["tour", "panels", "question", "text"].map((name) => ["style", `style/${name}.css`])];

/** @param {string} language @param {string} [venue] */
function addressOf(language, venue) {
  const address = new URLSearchParams(venue ? { venue, lang: language } : { lang: language });
  const classCode = asked.get("class");
  if (classCode) address.set("class", classCode);
  return `?${address}`;
}

/** @param {string} venue @param {string} language */
async function showTour(venue, language) {
  // The name of what is to come is seen first: putting the tour together keeps the page busy.
  const seen = new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve));
    // A page that nobody sees gets no frames.
    setTimeout(resolve, PAINT_MILLIS);
  });
  // Asked for while the tour itself is on its way.
  for (const [as, href] of SOON) document.head.append(el("link", { rel: "preload", as, href, crossorigin: as === "fetch" ? "" : null }));
  loadWords(language).catch(() => {});
  await seen;
  await import("./tour.js");
  const tour = document.createElement("xinghuo-tour");
  tour.className = "full-window";
  tour.lang = language;
  tour.setAttribute("src", `/packages/${venue}`);
  tour.setAttribute("class-code", asked.get("class") ?? "");
  tour.setAttribute("mode", asked.get("mode") ?? "auto");
  tour.addEventListener("leave", async () => {
    const home = await leave(api);
    location.assign(home?.returnUrl ?? addressOf(tour.lang));
  });
  tour.addEventListener("launch-failed", (event) => {
    const { code } = /** @type {CustomEvent<{code: string}>} */ (event).detail;
    void showNoLaunch(venue, tour.lang, code);
  });
  tour.addEventListener("language", (event) => {
    const { language: spoken } = /** @type {CustomEvent<{language: string}>} */ (event).detail;
    document.documentElement.lang = spoken;
    asked.set("lang", spoken);
    history.replaceState(null, "", `?${asked}`);
  });
  // What the page began with stays until there is something else to see.
  const opening = [...document.body.children];
  tour.addEventListener("poster", () => opening.forEach((one) => one.remove()));
  document.body.append(tour);
}

/** @param {Words} t @param {string} language @param {Listed} venue */
async function venueCard(t, language, venue) {
  const card = el("article", { class: "venue" });
  const title = venue.title[language] ?? Object.values(venue.title)[0] ?? venue.id;
  document.title = `${title} · ${t("product")}`;
  const link = { href: addressOf(language, venue.id) };
  const poster = new URL(venue.poster, new URL("/packages/", location.href)).href;
  const label = el("div", { class: "venue-label" });
  card.append(el("a", { ...link, class: "venue-poster", tabIndex: -1, "aria-hidden": "true" }, el("img", { src: poster, alt: "" })), label);
  const heading = el("h2", {}, el("a", link, title));
  const visit = el("p", {}, el("a", { ...link, class: "button primary" }, t("start.visit")));
  label.append(heading, visit);
  const model = new Model();
  try {
    model.package = await VenuePackage.open(`/packages/${venue.id}`, venue.hash, language);
    model.texts = await model.package.texts(language);
  } catch {
    return card;
  }
  heading.before(el("p", { class: "eyebrow" }, venue.draft ? t("start.draft") : t("start.venue")));
  heading.after(
    el("p", { class: "place" }, model.text("venue.place")),
    el("p", { class: "summary" }, model.text("venue.summary")),
  );
  visit.after(
    el("p", { class: "provenance" }, provenanceBadge(t, model.provenance), el("span", { class: "soft" }, model.optional("venue.provenance"))),
  );
  return card;
}

/** @param {string} language */
async function showVenues(language) {
  const t = await loadWords(language);
  document.documentElement.lang = language;
  document.title = t("product");
  const list = el("div", { class: "venues" });
  const other = LANGUAGES.find((one) => one !== language) ?? language;
  const mark = el("img", { src: "mark.svg", alt: "", width: 40, height: 40 });
  document.body.replaceChildren(
    el("header", { class: "site-head" },
      el("a", { class: "site-name", href: addressOf(language) }, mark, el("span", {}, t("product"))),
      el("p", { class: "site-line" }, t("start.line")),
      el("button", {
        type: "button", class: "language", lang: other,
        onclick() {
          keepLanguage(other);
          history.replaceState(null, "", addressOf(other));
          void showVenues(other);
        },
      }, t("language.other"))),
    el("main", {}, list),
    el("footer", { class: "site-foot" }, el("p", {}, t("start.evidence")),
      el("p", {}, t("start.private"), " ", el("a", { href: `?mine&lang=${language}` }, t("mine.link")))),
  );
  try {
    const venues = await listVenues();
    list.replaceChildren(...(await Promise.all(venues.map((venue) => venueCard(t, language, venue)))));
    if (venues.length === 0) list.append(el("p", { class: "note" }, t("start.none")));
  } catch {
    list.replaceChildren(el("p", { class: "note", role: "alert" }, t("start.unreachable")),
      el("button", { type: "button", class: "primary", onclick: () => location.reload() }, t("retry")));
  }
}

/** Says that a launch is no good, and where to go. @param {string} venue @param {string} language @param {string} code */
async function showNoLaunch(venue, language, code) {
  const t = await loadWords(language);
  document.documentElement.lang = language;
  document.title = t("product");
  document.body.replaceChildren(
    el("main", { class: "lost" },
      el("h1", {}, t("launch.failed")),
      el("p", { role: "alert" }, code === "LAUNCH_REFUSED" ? t("launch.refused") : t("launch.again")),
      el("p", {}, el("a", { class: "button", href: addressOf(language, venue) }, t("launch.without")))),
  );
}

const language = firstLanguage(asked.get("lang"));
const venue = asked.get("venue");
const launch = takeLaunch(asked);
if (asked.has("mine")) await (await import("./mine.js")).showMine(language);
else if (!venue || !/^[a-z0-9-]+$/.test(venue)) await showVenues(language);
else {
  if (launch) {
    // The launch is nobody else's business, and the visitor is asked before the server hears of it.
    keepWaiting({ ...launch, venue, language });
    history.replaceState(null, "", `?${asked}`);
  }
  await showTour(venue, language);
}
