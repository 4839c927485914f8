import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { catalogue } from "../src/catalogue/index.ts";
import { pageFiles } from "../src/local/package-files.ts";
import { startFakeCloudflare, type FakeCloudflare } from "./_cloudflare.ts";
import { runWorker, type RunningWorker } from "./_run-worker.ts";

const apiToken = "cf-secret-token-0123456789";
const account = "0123456789abcdef0123456789abcdef";
const packageRoot = fileURLToPath(new URL("..", import.meta.url));

let cloudflare: FakeCloudflare;
let worker: RunningWorker;
let viewer: string;

beforeAll(async () => {
  execFileSync(process.execPath, [join(packageRoot, "build.mjs"), "--page"]);
  cloudflare = await startFakeCloudflare();
  worker = await runWorker({
    assets: join(packageRoot, "dist", "web"),
    variables: {
      CLOUDFLARE_ACCOUNT_ID: account,
      ANALYTICS_API_TOKEN: apiToken,
      ANALYTICS_API_URL: cloudflare.url,
      // Long enough for every test to fall into one interval.
      VIEW_REFRESH_MS: "3600000",
    },
  });
  viewer = await viewerToken("acme");
});
afterAll(async () => {
  await worker[Symbol.asyncDispose]();
  await cloudflare[Symbol.asyncDispose]();
});

let processes = 0;
/** A question that nobody has asked before. */
let question: string;
beforeEach(() => {
  processes += 1;
  question = `/api/queries/exits?process=p${processes}`;
  cloudflare.asked.length = 0;
  cloudflare.answer = () => ({});
});

const viewerToken = (org: string) => worker.sign({ org, aud: "view" });

/** Asks the Worker; every answer is looked through for the account's token. */
async function ask(path: string, token: string | undefined = viewer, url = worker.url) {
  const response = await fetch(`${url}${path}`, {
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  });
  const text = await response.text();
  expect(text + JSON.stringify([...response.headers])).not.toContain(apiToken);
  const body: unknown = text.startsWith("{") || text.startsWith("[") ? JSON.parse(text) : text;
  return {
    status: response.status,
    headers: response.headers,
    body: body as Record<string, unknown>,
  };
}

describe("the deployed page", () => {
  it("has the files that the local one has, under a strict policy", async () => {
    for (const [path, file] of pageFiles()) {
      const response = await fetch(`${worker.url}${path}`);
      expect({ path, status: response.status }).toEqual({ path, status: 200 });
      expect(await response.text()).toBe(readFileSync(file, "utf8"));
      const policy = response.headers.get("content-security-policy");
      expect(policy).toMatch(/^default-src 'none'; script-src 'self';/);
      expect(policy).not.toContain("unsafe");
      expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    }
    expect((await ask("/assets/none.js")).body).toMatchObject({ type: "not-found" });
    expect((await ask("/assets/../wrangler.jsonc")).status).toBe(404);
    const posted = await fetch(worker.url, { method: "POST" });
    expect(posted.status).toBe(405);
    expect(posted.headers.get("allow")).toBe("GET, HEAD");
    expect((await fetch(worker.url, { method: "HEAD" })).status).toBe(200);
  });

  it("leaves the machines' addresses as they were", async () => {
    expect(await (await fetch(`${worker.url}/health`)).json()).toEqual({ status: "ok" });
    expect((await ask("/v1/machines/none")).body).toMatchObject({ type: "not-found" });
  });
});

describe("who may ask", () => {
  it("a viewer and nobody else", async () => {
    const machine = await worker.machineToken();
    const old = await worker.sign({ org: "acme", aud: "view" }, { expiresIn: "-1h" });
    for (const path of ["/api/view", "/api/queries", "/api/queries/exits", "/api/queries/none"]) {
      for (const [token, status, type] of [
        [undefined, 401, "no-token"],
        ["x.y.z", 401, "bad-token"],
        [old, 401, "expired-token"],
        [machine, 403, "wrong-audience"],
        [apiToken, 401, "bad-token"],
      ] as const) {
        const response = await fetch(`${worker.url}${path}`, {
          headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
        });
        expect({ path, status: response.status }).toEqual({ path, status });
        expect(await response.json()).toMatchObject({ type });
      }
    }
    expect(cloudflare.asked).toEqual([]);
  });

  it("is told what there is to be asked", async () => {
    expect((await ask("/api/view")).body).toEqual({
      org: "acme",
      refreshMs: 3_600_000,
      signIn: true,
    });
    const { body } = await ask("/api/queries");
    const list = body as unknown as readonly { name: string; parameters: { name: string }[] }[];
    expect(list.map(({ name }) => name)).toEqual([...catalogue.keys()]);
    for (const { name, parameters } of list) {
      const names = parameters.map((one) => one.name);
      expect({ name, names }).toEqual({ name, names: expect.arrayContaining(["from", "org"]) });
    }
  });
});

describe("a named query", () => {
  it("goes to the account's API with its token, and comes back as it is", async () => {
    const rows = '{"meta":[{"name":"exits","type":"UInt64"}],"data":[{"exits":"3"}],"rows":1}';
    cloudflare.answer = () => ({ body: rows });
    const answer = await ask(question);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual(JSON.parse(rows));
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(cloudflare.asked).toMatchObject([
      {
        method: "POST",
        path: `/client/v4/accounts/${account}/analytics_engine/sql`,
        authorization: `Bearer ${apiToken}`,
      },
    ]);
    expect(cloudflare.asked[0]?.sql).toContain(`'p${processes}'`);
  });

  it("is kept to the viewer's org, whatever org is asked for", async () => {
    await ask(`${question}&org=rival`);
    await ask(question, await viewerToken("*"));
    await ask(`${question}&org=rival`, await viewerToken("*"));
    const [own, all, chosen] = cloudflare.asked.map(({ sql }) => sql);
    expect(own).toContain("'acme' = '' OR blob1 = 'acme'");
    expect(own).not.toContain("rival");
    expect(all).toContain("'' = '' OR blob1 = ''");
    expect(chosen).toContain("'rival' = '' OR blob1 = 'rival'");
    for (const name of catalogue.keys()) {
      const answer = await ask(`/api/queries/${name}?org=rival`);
      expect({ name, status: answer.status }).toEqual({
        name,
        status: answer.body["type"] === "bad-parameter" ? 400 : 200,
      });
    }
    for (const { sql } of cloudflare.asked.slice(3)) {
      expect(sql).toContain("blob1 = 'acme'");
      expect(sql).not.toContain("rival");
    }
  });

  it("of a viewer whose org cannot be said in SQL is not asked at all", async () => {
    for (const org of ["a'b", "a\\b"]) {
      expect(await ask(question, await viewerToken(org))).toMatchObject({ status: 400 });
    }
    expect((await ask(question, await viewerToken(""))).status).toBe(401);
    expect(cloudflare.asked).toEqual([]);
  });

  it("is the only thing that can be asked", async () => {
    for (const [path, status, type] of [
      ["/api/queries/none", 404, "not-found"],
      ["/api/queries/..%2Fexits", 404, "not-found"],
      ["/api/queries/__proto__", 404, "not-found"],
      ["/api/queries/exits/more", 404, "not-found"],
      ["/api/sql?query=SELECT%201", 404, "not-found"],
      ["/api/queries/exits?query=SELECT%201", 400, "bad-parameter"],
      ["/api/queries/exits?process=a%27%20OR%201%3D1", 400, "bad-parameter"],
      ["/api/queries/exits?from=yesterday", 400, "bad-parameter"],
      ["/api/queries/exits?from=1h&from=2h", 400, "bad-parameter"],
      ["/api/queries/exits?limit=1%20OFFSET%205", 400, "bad-parameter"],
    ] as const) {
      expect(await ask(path), path).toMatchObject({ status, body: { type } });
    }
    expect((await fetch(`${worker.url}/api/queries/exits`, { method: "POST" })).status).toBe(405);
    expect(cloudflare.asked).toEqual([]);
  });

  it("is asked once in an interval, however many want it and when", async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    cloudflare.answer = async () => {
      await held;
      return {};
    };
    const crowd = Array.from({ length: 20 }, () => ask(question));
    while (cloudflare.asked.length === 0) await new Promise((resolve) => setImmediate(resolve));
    release();
    for (const { status } of await Promise.all(crowd)) expect(status).toBe(200);
    expect((await ask(question)).status).toBe(200);
    expect(cloudflare.asked).toHaveLength(1);
    // Another org's viewer gets an answer of his own.
    await ask(question, await viewerToken("rival"));
    expect(cloudflare.asked).toHaveLength(2);
  });
});

describe("what goes wrong at Cloudflare", () => {
  it.each([
    [
      { status: 422, body: "Input was invalid: unknown function call: X" },
      502,
      "analytics-query-refused",
    ],
    [{ status: 401, body: `{"errors":["${apiToken}"]}` }, 503, "analytics-token-refused"],
    [{ status: 403, body: "Authorization error" }, 503, "analytics-token-refused"],
    [{ status: 400, body: '{"errors":[{"code":9106}]}' }, 503, "analytics-token-refused"],
    [{ status: 500, body: `<html>${apiToken}</html>` }, 503, "analytics-unavailable"],
    [{ status: 504, body: "Gateway Timeout" }, 503, "analytics-unavailable"],
    [{ status: 302, headers: { location: "https://example.com/" } }, 503, "analytics-unavailable"],
    [{ body: "<html>" }, 503, "analytics-unavailable"],
    [{ body: '{"success":true}' }, 503, "analytics-unavailable"],
  ])("%j is said in words of the Worker's own", async (answer, status, type) => {
    cloudflare.answer = () => answer;
    const refused = await ask(question);
    expect(refused).toMatchObject({ status, body: { type, status } });
    expect(refused.headers.get("content-type")).toBe("application/problem+json");
    const waits = Number(refused.headers.get("retry-after")) > 0;
    expect(waits).toBe(status === 503);
    expect(JSON.stringify(refused.body)).not.toContain("html");
    // It is tried again, and not kept.
    cloudflare.answer = () => ({});
    expect((await ask(question)).status).toBe(200);
  });
});

it("asks nothing for as long as Cloudflare says that it is too much", async () => {
  await using own = await runWorker({
    variables: {
      CLOUDFLARE_ACCOUNT_ID: account,
      ANALYTICS_API_TOKEN: apiToken,
      ANALYTICS_API_URL: cloudflare.url,
    },
  });
  const token = await own.sign({ org: "acme", aud: "view" });
  cloudflare.answer = () => ({
    status: 429,
    body: "Resource limit: Too many queries queued for this account.",
    headers: { "retry-after": "120" },
  });
  const first = await ask(question, token, own.url);
  expect(first).toMatchObject({
    status: 429,
    body: { type: "analytics-limit", detail: "Too many queries queued for this account." },
  });
  expect(first.headers.get("retry-after")).toBe("120");
  const next = await ask(`${question}x`, token, own.url);
  expect(next).toMatchObject({ status: 429, body: { type: "analytics-limit" } });
  expect(Number(next.headers.get("retry-after"))).toBeLessThanOrEqual(120);
  expect(cloudflare.asked).toHaveLength(1);
  // No files are deployed with this one.
  expect((await ask("/", token, own.url)).body).toMatchObject({ type: "not-found" });
});

it("says what is missing where nothing is configured, and what cannot be used", async () => {
  await using own = await runWorker({ variables: { ANALYTICS_API_TOKEN: apiToken } });
  const token = await own.sign({ org: "acme", aud: "view" });
  for (const path of ["/api/view", "/api/queries/exits"]) {
    expect(await ask(path, token, own.url)).toMatchObject({
      status: 503,
      body: { type: "dashboard-not-configured", missing: ["CLOUDFLARE_ACCOUNT_ID"] },
    });
  }
  await using wrong = await runWorker({
    variables: {
      CLOUDFLARE_ACCOUNT_ID: account,
      ANALYTICS_API_TOKEN: apiToken,
      ANALYTICS_API_URL: "http://example.com",
    },
  });
  expect(await ask("/api/view", token, wrong.url)).toMatchObject({
    status: 503,
    body: { type: "misconfigured" },
  });
  expect((await fetch(`${wrong.url}/health`)).status).toBe(200);
});
