// The staff page as those who work with it see it, with names that try to be more than names.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";
import { AXE_COMPLAINS, isAccessible } from "./support/axe.mjs";
import { setting } from "./support/server.mjs";
import { PHONE, stage } from "./support/stage.mjs";
import { Visitor } from "./support/visitor.mjs";

const EVIL = `<img src=x onerror="window.hacked = 1"><script>window.hacked = 1</script>`;
const PASSWORD = "a boat on the southern lake";
/** Nobody is signed in at first, and the browser says so on its console. */
const expected = [AXE_COMPLAINS, /status of 401/];

/** The link that the command line prints for a new account. */
async function hired(server, name, role) {
  const options = ["--data", server.data, "--origin", server.origin];
  const { stdout } = await promisify(execFile)(setting("XINGHUO_SERVER"), ["staff", "add", ...options, "--name", name, "--role", role]);
  return stdout.trim();
}

/** Sets a password by a link, and signs in with it. */
async function enters(page, link, name) {
  await page.goto("about:blank");
  await page.goto(link);
  const secret = link.split("#set=")[1];
  await page.locator("input[name=again]").waitFor();
  assert.ok(!page.url().includes(secret), "the secret does not stay in the address");
  await page.locator("input[name=password]").fill(PASSWORD);
  await page.locator("input[name=again]").fill(PASSWORD);
  await page.locator("form [type=submit]").click();
  await page.locator("input[name=name]").fill(name);
  await page.locator("input[name=password]").fill(PASSWORD);
  await page.locator("form [type=submit]").click();
  await page.locator("[data-who]").waitFor();
}

async function isHarmless(page) {
  assert.equal(await page.evaluate(() => window.hacked), undefined);
  assert.equal(await page.locator("img[src=x]").count(), 0);
}

for (const [where, screen] of [["at a desk", undefined], ["on a phone", PHONE]]) {
  test(`an administrator keeps accounts and keys ${where}`, { timeout: 120_000 }, async (t) => {
    const { server, page } = await stage(t, { draws: false, expected, ...(screen && { screen }) });
    await page.goto(`${server.origin}/staff/`);
    await page.locator("input[name=name]").waitFor();
    await isAccessible(page, "signing in");
    await page.locator("input[name=name]").fill("boss");
    await page.locator("input[name=password]").fill("not the password");
    await page.locator("form [type=submit]").click();
    await page.locator("[role=alert]:visible").waitFor();
    const link = await hired(server, "boss", "administrator");
    await enters(page, link, "boss");
    await isAccessible(page, "the desk");

    const accounts = page.locator("section", { has: page.locator("input[name=name]") });
    await accounts.locator("input[name=name]").fill(EVIL.slice(0, 60));
    await accounts.locator("form select").selectOption("auditor");
    await accounts.locator("form [type=submit]").click();
    const made = await page.locator("[data-links] .secret").textContent();
    assert.ok(made?.startsWith(`${server.origin}/staff/#set=`), made ?? "");
    await accounts.locator("td", { hasText: EVIL.slice(0, 60).toLowerCase() }).waitFor();

    const keys = page.locator("section", { has: page.locator("input[name=label]") });
    await keys.locator("input[name=label]").fill(EVIL);
    await keys.locator("input[value='statements/read']").check();
    await keys.locator("form [type=submit]").click();
    await page.locator("[data-secret] .secret").first().waitFor();
    const [key, secret] = await page.locator("[data-secret] .secret").allTextContents();
    const authorization = `Basic ${btoa(`${key}:${secret}`)}`;
    const statements = () => fetch(`${server.origin}/xapi/statements`, { headers: { authorization, "x-experience-api-version": "2.0.0" } });
    assert.equal((await statements()).status, 200);
    await isAccessible(page, "with a new key");
    page.once("dialog", (dialog) => void dialog.accept());
    await keys.locator("tbody button").click();
    await keys.locator("tbody button").waitFor({ state: "detached" });
    assert.equal((await statements()).status, 401);
    await isHarmless(page);

    // A second visit of the link is of no use, and signing out ends it all.
    await page.locator(".site-head button:not(.language)").click();
    await page.locator("input[name=name]").waitFor();
    assert.equal((await page.context().cookies()).filter((one) => one.name.includes("xinghuo-staff")).length, 0);
    await page.goto("about:blank");
    await page.goto(link);
    await page.locator("input[name=again]").fill(PASSWORD);
    await page.locator("input[name=password]").fill(PASSWORD);
    await page.locator("form [type=submit]").click();
    await page.locator("[role=alert]:visible").waitFor();
  });
}

test("an instructor sees the visits of her class under the names that the visitors were told", { timeout: 240_000 }, async (t) => {
  const { server, page, context } = await stage(t, { draws: false, expected });
  await enters(page, await hired(server, "liu", "instructor"), "liu");
  await page.locator(".language").click();
  await page.locator("html[lang=en] [data-who]").waitFor();
  assert.match(await page.locator("[data-who]").textContent(), /liu, instructor/);
  await page.locator("input[name=name]").fill(EVIL.slice(0, 80));
  await page.locator("form [type=submit]").click();
  const link = await page.locator("[data-class] .secret").textContent();
  const code = new URL(link ?? "").searchParams.get("class");
  assert.match(code ?? "", /^[2-9A-Z]{8}$/);
  await isAccessible(page, "a class");

  const tour = await context.newPage();
  const visitor = new Visitor(tour, server.origin);
  await tour.goto(link ?? "");
  const href = await tour.locator(".venue a.button").first().getAttribute("href");
  assert.ok(href?.includes(`class=${code}`), "the start page keeps the class");
  await tour.goto(`${server.origin}/${href}&lang=en&mode=text`);
  await tour.locator(".poster h1").waitFor();
  await visitor.enter();
  const notice = tour.locator("[data-notice=class]");
  await notice.locator("button").first().waitFor();
  const told = await notice.locator("p").textContent();
  const name = told?.match(/under the name (\w+ \w+ \d\d)/)?.[1];
  assert.ok(name, told ?? "");
  assert.equal(await tour.evaluate(() => window.hacked), undefined);
  await isAccessible(tour, "the notice of the class");

  await page.locator("tbody button").first().click();
  await page.locator("[data-class] td", { hasText: name ?? "" }).waitFor();
  await isHarmless(page);
  await isAccessible(page, "the visits of a class");

  await notice.locator("button").first().click();
  await tour.waitForFunction(() => {
    const notice = document.querySelector("xinghuo-tour")?.shadowRoot?.querySelector("[data-notice=class] p");
    return /no class/.test(notice?.textContent ?? "");
  });
  await page.locator("tbody button").first().click();
  await page.locator("[data-class] td").first().waitFor({ state: "detached" });

  await hired(server, "wang", "instructor");
  await page.locator("input[name=leader]").fill("wang");
  await page.locator("[data-key=leader] [type=submit]").click();
  const leaders = page.locator("[data-key=leaders] li");
  await leaders.nth(1).waitFor();
  assert.deepEqual(await leaders.evaluateAll((all) => all.map((one) => one.firstChild?.textContent)), ["liu (you)", "wang"]);
  await isAccessible(page, "who leads a class");
  await leaders.nth(1).locator("button").click();
  await leaders.nth(1).waitFor({ state: "detached" });
});

test("where there is staff, a lab of headsets is opened by an instructor who is signed in", { timeout: 120_000 }, async (t) => {
  const { server, page } = await stage(t, { draws: false, expected: [AXE_COMPLAINS, /status of (401|403)/] });
  const open = () => page.locator("[data-key=open]:enabled").click();
  const link = await hired(server, "liu", "instructor");
  await page.goto(`${server.origin}/lab/`);
  await open();
  const way = page.locator("[role=alert] [data-key=sign-in]");
  await way.waitFor();
  await isAccessible(page, "asking to sign in");
  await way.click();
  await page.locator("input[name=name]").waitFor();
  await enters(page, link, "liu");
  await page.locator("[data-key=lab]").click();
  await open();
  await page.locator(".join-code").waitFor();
});

test("a curator is told that labs are not theirs to open", { timeout: 120_000 }, async (t) => {
  const { server, page } = await stage(t, { draws: false, expected: [/status of (401|403)/] });
  await enters(page, await hired(server, "wang", "curator"), "wang");
  assert.equal(await page.locator("[data-key=lab]").count(), 0);
  await page.goto(`${server.origin}/lab/?lang=en`);
  await page.locator("[data-key=open]:enabled").click();
  await page.locator("[role=alert]", { hasText: "instructors and administrators" }).waitFor();
  assert.equal(await page.locator(".join-code").count(), 0);
});
