import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openBrowser, settled, type OpenBrowser } from "./_browser.ts";
import { startFakeCloudflare, type FakeCloudflare } from "./_cloudflare.ts";
import { runWorker, type RunningWorker } from "./_run-worker.ts";

const packageRoot = fileURLToPath(new URL("..", import.meta.url));
const assets = join(packageRoot, "dist", "web");
const apiToken = "cf-secret-token-0123456789";

let cloudflare: FakeCloudflare;
let worker: RunningWorker;
let browser: OpenBrowser;
let page: Page;

beforeAll(async () => {
  execFileSync(process.execPath, [join(packageRoot, "build.mjs"), "--page"]);
  cloudflare = await startFakeCloudflare();
  const variables = {
    CLOUDFLARE_ACCOUNT_ID: "account",
    ANALYTICS_API_TOKEN: apiToken,
    ANALYTICS_API_URL: cloudflare.url,
    VIEW_REFRESH_MS: "1000",
  };
  worker = await runWorker({ assets, variables });
  browser = await openBrowser();
  page = browser.page;
  // A dataset that has one machine.
  cloudflare.answer = ({ sql }) =>
    sql.includes("AS last_event_ms") && sql.includes("AS boots")
      ? { body: JSON.stringify({ meta: [], data: [machineRow], rows: 1 }) }
      : {};
});
afterAll(async () => {
  await browser[Symbol.asyncDispose]();
  await worker[Symbol.asyncDispose]();
  await cloudflare[Symbol.asyncDispose]();
});

const machineRow = {
  machine: "m1",
  org: "acme",
  project: "web",
  machine_type: "vm",
  last_event_ms: Date.now(),
  points: 5,
  restarts: 0,
  boots: 1,
  lost_events: 0,
  version: "0.5.1",
  cpu_percent: 12,
  memory_percent: 50,
  disk_percent: null,
};

const kept = () => page.evaluate("sessionStorage.getItem('viewer-token')");
const machine = () => page.getByRole("link", { name: "m1" });

it("asks for a token, refuses a wrong one, and takes a right one", async () => {
  await page.goto(`${worker.url}/?from=6h&to=now`);
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  expect(await page.locator(":focus").getAttribute("id")).toBe("token");
  expect(await page.getByRole("alert").count()).toBe(0);
  await page.keyboard.type(await worker.machineToken());
  await page.keyboard.press("Enter");
  await page.getByText('This address takes a token for "view".').waitFor();
  expect(await kept()).toBeNull();
  expect(cloudflare.asked).toEqual([]);
  const token = await worker.sign({ org: "acme", aud: "view" });
  await page.getByLabel("Viewer token").fill(token);
  await page.getByRole("button", { name: "Sign in" }).click();
  await machine().waitFor();
  expect(new URL(page.url()).search).toBe("?from=6h&to=now");
  for (const { sql, authorization } of cloudflare.asked) {
    expect(sql).toContain("blob1 = 'acme'");
    expect(authorization).toBe(`Bearer ${apiToken}`);
  }
});

it("takes a token from the address, and takes it out of there at once", async () => {
  await page.evaluate("sessionStorage.clear()");
  const token = await worker.sign({ org: "acme", aud: "view" });
  await page.goto(`about:blank`);
  await page.goto(`${worker.url}/?view=resources#token=${token}`);
  await page.getByRole("heading", { name: "Resources" }).waitFor();
  await settled(page);
  expect(page.url()).toBe(`${worker.url}/?view=resources`);
  expect(await kept()).toBe(token);
  // It is in no address that was asked, and in no place that outlives the tab.
  expect(await page.evaluate("JSON.stringify([localStorage, document.cookie])")).not.toContain(
    token,
  );
  expect(
    await page.evaluate("performance.getEntriesByType('resource').map(({ name }) => name).join()"),
  ).not.toContain(token);
});

it("asks again when a token has expired, and goes on where one was", async () => {
  await page.goto(`${worker.url}/?from=6h&to=now`);
  await machine().waitFor();
  // Another clock than the test's would have to run out.
  await page.route("**/api/queries/**", (route) =>
    route.fulfill({ status: 401, json: { type: "expired-token", detail: "Fetch a new token." } }),
  );
  await page.getByText("Fetch a new token.").waitFor();
  await page.unrouteAll({ behavior: "wait" });
  expect(await kept()).toBeNull();
  await page.getByLabel("Viewer token").fill(await worker.sign({ org: "acme", aud: "view" }));
  await page.keyboard.press("Enter");
  await machine().waitFor();
  expect(new URL(page.url()).search).toBe("?from=6h&to=now");
});

it("forgets the token of whoever signs out, and what it showed", async () => {
  const token = await page.evaluate<string>("sessionStorage.getItem('viewer-token')");
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  expect(await kept()).toBeNull();
  expect(await machine().count()).toBe(0);
  await page.getByLabel("Viewer token").fill(token);
  await page.keyboard.press("Enter");
  await machine().waitFor();
});

it("says what Cloudflare does not do, and recovers", async () => {
  const before = cloudflare.answer;
  cloudflare.answer = () => ({ status: 403, body: "Authorization error" });
  const panel = page.locator("section#machines");
  await panel.getByText(/^Not up to date: .*ANALYTICS_API_TOKEN has to allow/).waitFor();
  await machine().waitFor();
  cloudflare.answer = before;
  await panel.getByText(/^Not up to date/).waitFor({ state: "hidden" });
  await page.getByText("Live", { exact: true }).waitFor();
});

it("says that it is not configured, and how it is", async () => {
  await using own = await runWorker({ assets });
  const token = await own.sign({ org: "acme", aud: "view" });
  await page.goto(`${own.url}/#token=${token}`);
  await page.getByRole("heading", { name: "This dashboard is not configured" }).waitFor();
  expect(await page.getByRole("alert").innerText()).toContain(
    "set CLOUDFLARE_ACCOUNT_ID and ANALYTICS_API_TOKEN",
  );
  await page.getByText("npx wrangler secret put ANALYTICS_API_TOKEN").waitFor();
  // Before its server goes, whose end it would complain of.
  await page.goto("about:blank");
});

it("complained of nothing but what was refused", () => {
  const refused = /Failed to load resource: .* status of (?:401|403|503)/;
  expect(browser.complaints.filter((text) => !refused.test(text))).toEqual([]);
});
