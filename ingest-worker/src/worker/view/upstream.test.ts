import { expect, it } from "vitest";
import { maxViewAnswerChars } from "../limits.ts";
import { cloudflareUpstream, type Fetch } from "./upstream.ts";

const account = { origin: "https://api.example", accountId: "a/b", apiToken: "secret-token" };

const ask = (fetch: Fetch) => cloudflareUpstream(account, fetch).ask("SELECT 1");

it("asks the account's address, and follows nowhere else", async () => {
  const asked: [string, RequestInit][] = [];
  const answer = await ask((url, init) => {
    asked.push([url, init]);
    return Promise.resolve(new Response('{"meta":[],"data":[]}'));
  });
  expect(answer).toEqual({ kind: "rows", json: '{"meta":[],"data":[]}' });
  expect(asked).toMatchObject([
    [
      "https://api.example/client/v4/accounts/a%2Fb/analytics_engine/sql",
      { method: "POST", body: "SELECT 1", redirect: "manual" },
    ],
  ]);
});

it("gives up on what does not answer, breaks off or never ends, and says so without the token", async () => {
  const failing = (why: Error) => ask(() => Promise.reject(why));
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new Uint8Array(maxViewAnswerChars / 4).fill(32)),
  });
  const broken = new ReadableStream<Uint8Array>({
    start: (controller) => controller.error(new Error("reset by secret-token")),
  });
  const reasons = await Promise.all([
    failing(new DOMException("timed out", "TimeoutError")),
    failing(new TypeError("secret-token")),
    ask(() => Promise.resolve(new Response(endless))),
    ask(() => Promise.resolve(new Response(broken))),
  ]);
  expect(reasons).toEqual(
    [
      "Cloudflare's SQL API did not answer in time",
      "Cloudflare's SQL API could not be reached",
      "Cloudflare's SQL API sent more than is taken",
      "Cloudflare's SQL API could not be reached",
    ].map((reason) => ({ kind: "analytics-unavailable", reason })),
  );
});

it("hands on the words of a refusal that are Analytics Engine's own, and no token in them", async () => {
  const refused = (status: number, body: string, headers = {}) =>
    ask(() => Promise.resolve(new Response(body, { status, headers })));
  expect(await refused(422, "Input was invalid: no secret-token here")).toEqual({
    kind: "analytics-query-refused",
    reason: "no … here",
  });
  expect(await refused(422, "<html>")).toMatchObject({ reason: "" });
  const limit = {
    kind: "analytics-limit",
    reason: "Your query timed out.",
    retryAfterSeconds: undefined,
  };
  expect(await refused(429, "Resource limit: Your query timed out.")).toEqual(limit);
  for (const [given, taken] of [
    ["12", 12],
    ["0.5", 1],
    ["-1", undefined],
    ["99999", undefined],
    ["soon", undefined],
  ] as const) {
    const { retryAfterSeconds } = (await refused(429, "", { "retry-after": given })) as {
      retryAfterSeconds: number | undefined;
    };
    expect([given, retryAfterSeconds]).toEqual([given, taken]);
  }
});
