/** The staff page: signing in, and then what one's role includes. */

import { el } from "../dom.js";
import { fetchTable, firstLanguage, keepLanguage, LANGUAGES, loadWords, lookUp } from "../words.js";
import { accountsSection } from "./accounts.js";
import { classesSection } from "./classes.js";
import { credentialsSection } from "./credentials.js";
import { Desk, Refusal } from "./desk.js";
import { roomsSection } from "./rooms.js";
import { passwordSection, sessionsSection, signInSection } from "./signing.js";
import { stateSection } from "./state.js";
import { statisticsSection } from "./statistics.js";

/** @import { Me } from "./desk.js" */
/** @import { Words } from "../words.js" */

/** Each part with the right that it needs. @type {[string, (desk: Desk) => Promise<HTMLElement>][]} */
const PARTS = [
  ["teach", classesSection],
  ["run-rooms", roomsSection],
  ["see-statistics", statisticsSection],
  ["see-accounts", accountsSection],
  ["see-credentials", credentialsSection],
  ["see-state", stateSection],
];

/** What stands behind the `#` is taken out of the address at once: it may be a link's secret. */
const asked = new URLSearchParams(location.hash.slice(1));
history.replaceState(null, "", location.pathname);

/** The words of this page, else those of the tour. @param {string} language @returns {Promise<Words>} */
async function words(language) {
  const [t, own] = await Promise.all([loadWords(language), fetchTable(new URL(`text/${language}.json`, import.meta.url).href)]);
  const ours = lookUp(own);
  return (key, values) => (key in own ? ours(key, values) : t(key, values));
}

/** @param {Desk} desk @returns {Promise<Me | null>} */
async function whoAmI(desk) {
  try {
    return await desk.ask("GET", "me");
  } catch (cause) {
    if (cause instanceof Refusal && cause.code === "SIGN_IN") return null;
    throw cause;
  }
}

/** @param {string} language */
async function begin(language) {
  const t = await words(language);
  document.documentElement.lang = language;
  document.title = `${t("staff.title")} · ${t("product")}`;
  const host = el("div", { class: "desk" });
  const head = el("header", { class: "site-head" });
  const desk = new Desk(t, language, () => void desk.attempt(draw));

  async function draw() {
    head.replaceChildren(...headOf());
    const link = asked.get("set");
    if (link) return set(passwordSection(desk, link, () => {
      asked.delete("set");
      void desk.attempt(draw).then(() => desk.complain("password.done"));
    }));
    desk.me ??= await whoAmI(desk);
    head.replaceChildren(...headOf());
    if (!desk.me) {
      const { provider } = await desk.ask("GET", "ways");
      return set(signInSection(desk, provider, draw));
    }
    const parts = PARTS.filter(([right]) => desk.may(right)).map(([, part]) => part(desk));
    set(...(await Promise.all([...parts, sessionsSection(desk)])));
    desk.after?.();
    desk.after = null;
  }

  /** @param {...HTMLElement} sections */
  function set(...sections) {
    host.replaceChildren(desk.told, ...sections);
  }

  function headOf() {
    const other = LANGUAGES.find((one) => one !== language) ?? language;
    const mark = el("img", { src: "../mark.svg", alt: "", width: 40, height: 40 });
    const { me } = desk;
    return [
      el("a", { class: "site-name", href: "/staff/" }, mark, el("span", {}, t("staff.title"))),
      ...(me ? [
        el("p", { class: "who", "data-who": "" }, t("staff.who", { name: me.name, role: t(`role.${me.role}`) })),
        desk.button("sign-out", async () => {
          await desk.ask("POST", "sign-out");
          desk.me = null;
          await draw();
        }),
      ] : [el("span", { class: "who" })]),
      el("button", {
        type: "button", class: "language", lang: other,
        onclick() {
          keepLanguage(other);
          void begin(other);
        },
      }, t("language.other")),
    ];
  }

  document.body.replaceChildren(head, el("main", {}, el("h1", { class: "unseen" }, t("staff.title")), host));
  set();
  await desk.attempt(draw);
  const trouble = asked.get("trouble");
  if (trouble) desk.complain(`trouble.${trouble}`);
  asked.delete("trouble");
}

await begin(firstLanguage(null));
