/** What every part of the staff page works with: the words, whoever is signed in, and the server. */

import { el } from "../dom.js";

/** @import { Child } from "../dom.js" */
/** @import { Words } from "../words.js" */

/**
 * @typedef {{name: string, role: string, rights: string[], proof: string}} Me
 */

/** An answer that is no success. */
export class Refusal extends Error {
  /** @param {number} status @param {string} code @param {string} wait seconds to wait, if any */
  constructor(status, code, wait) {
    super(`${code} (${status})`);
    this.status = status;
    this.code = code;
    this.wait = wait;
  }
}

const STAFF = "/api/v1/staff/";

export class Desk {
  /** @type {Me | null} */
  me = null;
  /** What is left to do once everything is drawn anew. @type {(() => void) | null} */
  after = null;

  /** @param {Words} t @param {string} language @param {() => void} redraw */
  constructor(t, language, redraw) {
    this.t = t;
    this.language = language;
    this.redraw = redraw;
    const date = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
    /** @param {number | null} millis */
    this.date = (millis) => (millis === null ? "" : date.format(millis));
    const share = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 0 });
    /** @param {number} of */
    this.share = (of) => share.format(of);
    this.told = el("p", { class: "note wrong", role: "alert", hidden: true });
  }

  /** @param {string} right */
  may(right) {
    return this.me?.rights.includes(right) ?? false;
  }

  /**
   * Asks the server. What the page was told at sign-in goes along, so that it is known to be ours.
   * @param {string} method @param {string} path below `/api/v1/staff/` @param {unknown} [body]
   * @returns {Promise<any>}
   */
  async ask(method, path, body) {
    /** @type {Record<string, string>} */
    const headers = { accept: "application/json" };
    if (this.me) headers["x-xinghuo-proof"] = this.me.proof;
    if (body !== undefined) headers["content-type"] = "application/json";
    const request = { method, headers, body: body === undefined ? null : JSON.stringify(body) };
    /** @type {Response} */
    let answer;
    try {
      answer = await fetch(STAFF + path, { ...request, cache: "no-store", credentials: "same-origin" });
    } catch {
      throw new Refusal(0, "UNREACHABLE", "");
    }
    if (answer.status === 204) return null;
    const told = await answer.json().catch(() => ({}));
    if (answer.ok) return told;
    throw new Refusal(answer.status, told?.error?.code ?? "INTERNAL", answer.headers.get("retry-after") ?? "");
  }

  /**
   * Does what a person asked for, and says what went wrong.
   * @param {() => Promise<void>} work
   */
  async attempt(work) {
    this.told.hidden = true;
    try {
      await work();
    } catch (cause) {
      if (!(cause instanceof Refusal)) throw cause;
      if (cause.code === "SIGN_IN" && this.me) {
        this.me = null;
        this.redraw();
      }
      this.complain(`problem.${cause.code}`, { wait: cause.wait });
    }
  }

  /** @param {string} word @param {Record<string, string>} [values] */
  complain(word, values) {
    const known = this.t(word, values) !== word;
    this.told.textContent = this.t(known ? word : "problem.INTERNAL", values);
    this.told.hidden = false;
    this.told.scrollIntoView({ block: "nearest" });
  }

  /**
   * A button that does something, and cannot be pressed twice meanwhile.
   * @param {string} word @param {() => Promise<void>} work @param {Record<string, unknown>} [props]
   */
  button(word, work, props = {}) {
    const button = el("button", { type: "button", ...props }, this.t(word));
    button.addEventListener("click", async () => {
      button.disabled = true;
      await this.attempt(work);
      button.disabled = false;
    });
    return button;
  }

  /**
   * A form that does something with what was written into it.
   * @param {Record<string, unknown>} props @param {Child[]} fields @param {string} word
   * @param {(given: FormData, form: HTMLFormElement) => Promise<void>} work
   */
  form(props, fields, word, work) {
    const send = el("button", { type: "submit", class: "primary" }, this.t(word));
    const form = el("form", props, ...fields, send);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      send.disabled = true;
      await this.attempt(() => work(new FormData(form), form));
      send.disabled = false;
    });
    return form;
  }

  /** @param {string} word @param {Record<string, unknown>} props */
  field(word, props) {
    return el("label", {}, el("span", {}, this.t(word)), el("input", { required: true, ...props }));
  }

  /** @param {string} word @param {Record<string, unknown>} props @param {[string, string][]} options */
  choice(word, props, options) {
    const all = options.map(([value, shown]) => el("option", { value }, shown));
    return el("label", {}, el("span", {}, this.t(word)), el("select", props, ...all));
  }

  /**
   * @param {string} word names the table for those who do not see it @param {string[]} heads words
   * @param {Child[][]} rows
   */
  table(word, heads, rows) {
    const head = el("tr", {}, ...heads.map((one) => el("th", { scope: "col" }, one === "" ? el("span", { class: "unseen" }, this.t("doing")) : this.t(one))));
    const body = rows.map((row) => el("tr", {}, ...row.map((cell) => el("td", {}, cell))));
    const table = el("table", {}, el("caption", { class: "unseen" }, this.t(word)), el("thead", {}, head), el("tbody", {}, ...body));
    // What may be scrolled can be scrolled by keys.
    return el("div", { class: "scrolls", tabIndex: 0, role: "region", "aria-label": this.t(word) }, table);
  }

  /** @param {string} word @param {...Child} children */
  section(word, ...children) {
    const id = `section-${word}`.replace(/\W/g, "-");
    return el("section", { "aria-labelledby": id }, el("h2", { id, tabIndex: -1 }, this.t(word)), ...children);
  }

  /** Something that is shown this once. @param {string} word @param {Child[]} secrets */
  once(word, secrets) {
    return el("div", { class: "note", role: "status" }, el("p", {}, this.t(word)), ...secrets);
  }
}
