// An OpenID provider that knows one person, and lets whoever is sent to it in as that one.

import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { createServer } from "node:http";

const part = (value) => Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");

export class Provider {
  /** What it says of that person. @type {Record<string, unknown>} */
  claims = {};
  #keys = generateKeyPairSync("ed25519");
  /** @type {Map<string, {challenge: string, nonce: string}>} */
  #codes = new Map();

  /** @param {Record<string, unknown>} claims */
  static async begin(claims) {
    const provider = new Provider();
    provider.claims = claims;
    provider.server = createServer((request, response) => provider.#answer(request, response));
    await new Promise((resolve) => provider.server.listen(0, "127.0.0.1", () => resolve(undefined)));
    const { port } = /** @type {import("node:net").AddressInfo} */ (provider.server.address());
    provider.issuer = `http://127.0.0.1:${port}`;
    return provider;
  }

  end() {
    this.server.closeAllConnections();
    this.server.close();
  }

  /** @param {import("node:http").IncomingMessage} request @param {import("node:http").ServerResponse} response */
  async #answer(request, response) {
    const { pathname, searchParams } = new URL(request.url ?? "/", this.issuer);
    let body = "";
    for await (const piece of request) body += piece;
    const say = (status, json) => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(json));
    };
    switch (pathname) {
      case "/.well-known/openid-configuration":
        return say(200, {
          issuer: this.issuer,
          authorization_endpoint: `${this.issuer}/authorize`,
          token_endpoint: `${this.issuer}/token`,
          jwks_uri: `${this.issuer}/keys`,
          response_types_supported: ["code"],
          subject_types_supported: ["public"],
          id_token_signing_alg_values_supported: ["EdDSA"],
        });
      case "/keys":
        return say(200, { keys: [{ ...this.#keys.publicKey.export({ format: "jwk" }), kid: "k", alg: "EdDSA", use: "sig" }] });
      case "/authorize": {
        const code = `code-${this.#codes.size}`;
        const asked = (name) => searchParams.get(name) ?? "";
        this.#codes.set(code, { challenge: asked("code_challenge"), nonce: asked("nonce") });
        const back = new URL(asked("redirect_uri"));
        back.search = String(new URLSearchParams({ code, state: asked("state") }));
        response.writeHead(302, { location: back.href });
        return response.end();
      }
      case "/token": {
        const given = new URLSearchParams(body);
        const known = this.#codes.get(given.get("code") ?? "");
        const challenge = createHash("sha256").update(given.get("code_verifier") ?? "").digest("base64url");
        if (known?.challenge !== challenge) return say(400, { error: "invalid_grant" });
        return say(200, { access_token: "a", token_type: "Bearer", id_token: this.#token(known.nonce) });
      }
      default:
        return say(404, {});
    }
  }

  #token(nonce) {
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: this.issuer, aud: "xinghuo", iat: now, exp: now + 300, nonce, ...this.claims };
    const signed = `${part({ alg: "EdDSA", kid: "k" })}.${part(claims)}`;
    return `${signed}.${sign(null, Buffer.from(signed), this.#keys.privateKey).toString("base64url")}`;
  }
}
