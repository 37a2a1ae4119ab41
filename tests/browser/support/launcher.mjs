// A learning system that sends one learner to a tour by cmi5, and writes down what it is told. Whether
// what it is told keeps cmi5's rules is held by the server's own tests.

import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { verbOf } from "./told.mjs";

const SESSION = "https://w3id.org/xapi/cmi5/context/extensions/sessionid";

export class Launcher {
  /** The verbs that it was told, in order. @type {string[]} */
  told = [];
  /** And all that it was ever told. @type {object[]} */
  statements = [];
  /** How often it was asked for anything by a server. */
  asked = 0;
  registration = randomUUID();
  #given = new Set();

  /** @param {{learner?: string}} [how] by what name it knows its learner */
  static async begin({ learner = "1625378" } = {}) {
    const launcher = new Launcher();
    launcher.learner = learner;
    launcher.server = createServer((request, response) => launcher.#answer(request, response));
    await new Promise((resolve) => launcher.server.listen(0, "127.0.0.1", () => resolve(undefined)));
    const { port } = /** @type {import("node:net").AddressInfo} */ (launcher.server.address());
    launcher.origin = `http://127.0.0.1:${port}`;
    return launcher;
  }

  end() {
    this.server.closeAllConnections();
    this.server.close();
  }

  /** Where the learner is sent: a tour's address with a new session in it. @param {string} tour */
  address(tour) {
    const address = new URL(tour);
    const actor = { objectType: "Agent", account: { homePage: this.origin, name: this.learner } };
    const launch = {
      endpoint: `${this.origin}/lrs/`,
      fetch: `${this.origin}/token?session=${randomUUID()}`,
      actor: JSON.stringify(actor),
      registration: this.registration,
      activityId: `${this.origin}/units/7`,
    };
    for (const [name, value] of Object.entries(launch)) address.searchParams.set(name, value);
    return address.href;
  }

  /** @param {(told: string[]) => boolean} is */
  async until(is) {
    for (let look = 0; look < 200; look += 1) {
      if (is(this.told)) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`never became so: ${is}; it was told ${this.told}`);
  }

  /** @param {import("node:http").IncomingMessage} request @param {import("node:http").ServerResponse} response */
  async #answer(request, response) {
    const { pathname, searchParams } = new URL(request.url ?? "/", this.origin);
    let body = "";
    for await (const part of request) body += part;
    const say = (status, json) => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(json === undefined ? "" : JSON.stringify(json));
    };
    const session = searchParams.get("session") ?? "";
    if (pathname === "/course") {
      response.writeHead(200, { "content-type": "text/html" });
      return response.end("<!doctype html><title>course</title><link rel=icon href=data:,><h1>Course</h1>");
    }
    if (pathname === "/token") {
      this.asked += 1;
      const used = this.#given.has(session);
      this.#given.add(session);
      return say(200, used ? { "error-code": "1", "error-text": "used" } : { "auth-token": session });
    }
    this.asked += 1;
    const token = request.headers.authorization?.replace("Basic ", "") ?? "";
    if (!this.#given.has(token)) return say(401);
    if (pathname === "/lrs/activities/state") {
      return say(200, {
        contextTemplate: { extensions: { [SESSION]: token } },
        launchMode: "Normal",
        moveOn: "CompletedAndPassed",
        masteryScore: 0.6,
        returnURL: `${this.origin}/course`,
      });
    }
    if (pathname === "/lrs/agents/profile") return say(200, { languagePreference: "en-US,zh-CN", audioPreference: "on" });
    if (pathname !== "/lrs/statements") return say(404);
    const statement = JSON.parse(body);
    this.statements.push(statement);
    this.told.push(verbOf(statement));
    return say(204);
  }
}
