// What others call themselves and their things is shown as they wrote it, and does nothing on a page:
// a learning system's learner, another record store, a provider's people, a deployment, a venue.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createServer } from "node:http";
import { test } from "node:test";
import { promisify } from "node:util";
import { VENUE } from "./support/keys.mjs";
import { Launcher } from "./support/launcher.mjs";
import { Provider } from "./support/provider.mjs";
import { freePort, setting } from "./support/server.mjs";
import { stage } from "./support/stage.mjs";
import { publish, Tampered } from "./support/tampered.mjs";
import { Visitor } from "./support/visitor.mjs";

const EVIL = `<img src=x onerror="window.hacked = 1"><script>window.hacked = 1</script>`;
const TIMEOUT = { timeout: 300_000 };

/** That it is there to be read, and only that. @param {import("playwright-core").Locator} place */
async function isShown(place, words = EVIL) {
  // Looked for again and again: what was there first may have been put in again since, with more in it.
  const said = place.filter({ hasText: words }).first();
  await said.waitFor();
  assert.ok((await said.textContent())?.includes(words));
  const page = place.page();
  assert.equal(await page.evaluate(() => window.hacked), undefined);
  assert.equal(await page.locator("img[src=x]").count(), 0);
}

test("a learner, a record store and a deployment of any name do nothing on a visitor's pages", TIMEOUT, async (t) => {
  const launcher = await Launcher.begin({ learner: EVIL });
  const elsewhere = createServer((_request, response) => response.writeHead(200, { "content-type": "application/json" }).end("[]"));
  const port = await freePort();
  await new Promise((resolve) => elsewhere.listen(port, "127.0.0.1", () => resolve(undefined)));
  t.after(() => {
    launcher.end();
    elsewhere.closeAllConnections();
    elsewhere.close();
  });
  const options = ["--lms-origin", launcher.origin, "--responsible", EVIL];
  const { server, page } = await stage(t, { draws: false, options });
  const forward = ["forward", "add", "--data", server.data, "--label", EVIL, "--to", `http://127.0.0.1:${port}/xapi`, "--key", "k"];
  await promisify(execFile)(setting("XINGHUO_SERVER"), forward, { env: { ...process.env, XINGHUO_FORWARD_SECRET: "s" } });
  const visitor = new Visitor(page, server.origin);
  await page.goto(launcher.address(`${server.origin}/?venue=${VENUE}&mode=text`));
  await page.locator(".door details.consent > summary").click();
  await isShown(page.locator(".door .consent-text"));
  await visitor.enter();
  await visitor.visitInText(visitor.requiredStops[0]);
  await visitor.saved();

  await page.goto(`${server.origin}/?mine`);
  await isShown(page.locator(".mine-facts"));
  const passedOn = page.locator(".mine-accesses", { hasText: "window.hacked" });
  for (let look = 0; (await passedOn.count()) === 0; look += 1) {
    assert.ok(look < 30, "it was never passed on");
    await page.waitForTimeout(1000);
    await page.reload();
    await page.locator(".mine-accesses").waitFor();
  }
  await isShown(passedOn);
  await page.locator("[data-key=stored] summary").click();
  await isShown(page.locator(".mine-stored"));
});

test("a provider and its people of any name do nothing on the staff's page", TIMEOUT, async (t) => {
  // As much as a name may be long.
  const name = EVIL.slice(0, 46);
  const provider = await Provider.begin({ sub: "person-1", preferred_username: name, groups: "keepers" });
  t.after(() => provider.end());
  const oidc = ["--oidc-issuer", provider.issuer, "--oidc-client-id", "xinghuo", "--oidc-name", EVIL, "--oidc-role", "keepers=administrator"];
  const { server, page } = await stage(t, { draws: false, options: oidc, expected: [/status of 401/] });
  await page.goto(`${server.origin}/staff/`);
  const way = page.locator("a[href='/api/v1/staff/oidc']");
  await isShown(way);
  await way.click();
  await isShown(page.locator("[data-who]"), name.toLowerCase());
});

test("a venue of any name does nothing where it is offered, entered and visited", TIMEOUT, async (t) => {
  const one = new Tampered("named");
  for (const path of [...one.files.keys()].filter((path) => path.startsWith("text/"))) {
    const words = JSON.parse(String(one.files.get(path)));
    for (const key of Object.keys(words)) words[key] = `${words[key]} ${EVIL}`;
    one.files.set(path, Buffer.from(JSON.stringify(words)));
  }
  one.listed.title = Object.fromEntries(one.listed.languages.map((language) => [language, EVIL]));
  // A browser may say of a handler that it refused it as soon as it parses one, though what was parsed
  // is in no page: a story is taken apart by such a parser. Whether anything got further, `isShown` tells.
  const expected = [/404/, /^Executing inline event handler violates/];
  const { server, page } = await stage(t, { draws: false, ...publish(t, [one]), expected });
  const visitor = new Visitor(page, server.origin);
  await page.goto(server.origin);
  await isShown(page.locator(".venue h2"));
  await page.goto(`${server.origin}/?venue=named&mode=text`);
  await isShown(page.locator(".poster h1"));
  await page.locator(".door [data-key=without]").click();
  await visitor.until((state) => state.phase === "ready");
  const [stop] = one.venue.stops;
  await isShown(page.locator(`.text-route [data-stop="${stop.id}"]`));
  await page.locator(`.text-route [data-stop="${stop.id}"]`).click();
  await isShown(page.locator(".textwalk, main"));
});
