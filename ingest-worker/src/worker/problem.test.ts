import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { problemResponse } from "./problem.ts";
import type { Refusal, RefusalOf } from "./refusal.ts";

/** One of each kind: a new refusal without an entry here does not compile. */
const refusals: { readonly [Kind in Refusal["kind"]]: RefusalOf<Kind> } = {
  "not-found": { kind: "not-found" },
  "method-not-allowed": { kind: "method-not-allowed", allow: "GET" },
  "no-token": { kind: "no-token" },
  "bad-token": { kind: "bad-token", reason: "why" },
  "expired-token": { kind: "expired-token" },
  "revoked-token": { kind: "revoked-token" },
  "wrong-audience": { kind: "wrong-audience", needed: "view" },
  "rate-limited": { kind: "rate-limited" },
  "unsupported-content-type": { kind: "unsupported-content-type" },
  "unsupported-content-encoding": { kind: "unsupported-content-encoding" },
  "too-large": { kind: "too-large", maxEvents: 1, maxBytes: 2 },
  "not-gzip": { kind: "not-gzip" },
  "incomplete-body": { kind: "incomplete-body" },
  "not-ndjson": { kind: "not-ndjson", line: 3, reason: "is empty" },
  "bad-previous-line": { kind: "bad-previous-line" },
  gap: { kind: "gap", expected: 4 },
  fork: { kind: "fork" },
  "not-gapless": { kind: "not-gapless", rejected: [] },
  "invalid-events": { kind: "invalid-events", rejected: [] },
  "too-many-journals": { kind: "too-many-journals" },
  "points-owed": { kind: "points-owed" },
  "newer-state": { kind: "newer-state" },
  unavailable: { kind: "unavailable" },
  misconfigured: { kind: "misconfigured" },
  "dashboard-not-configured": { kind: "dashboard-not-configured", missing: ["A", "B"] },
  "bad-parameter": { kind: "bad-parameter", reason: "why" },
  "query-budget": { kind: "query-budget", retryAfterSeconds: 5 },
  "analytics-limit": { kind: "analytics-limit", reason: "", retryAfterSeconds: undefined },
  "analytics-query-refused": { kind: "analytics-query-refused", reason: "why" },
  "analytics-token-refused": { kind: "analytics-token-refused", status: 403 },
  "analytics-unavailable": { kind: "analytics-unavailable", reason: "why" },
  internal: { kind: "internal" },
};

/** The table's rows, without the reasons and cures: slug, status, title. */
function documented(): string[][] {
  const text = readFileSync(new URL("../../../docs/errors.md", import.meta.url), "utf8");
  const rows = text.split("\n").filter((line) => line.startsWith("| `"));
  return rows.map((row) => {
    const [slug = "", status = "", title = "", means = "", cure = ""] = row
      .split(" | ")
      .map((cell) => cell.replaceAll(/^\| |\||`/g, "").trim());
    expect([slug, means.length > 10, cure.length > 5]).toEqual([slug, true, true]);
    return [slug, status, title];
  });
}

it("docs/errors.md names every problem with its status and title, and no other", async () => {
  const sent = await Promise.all(
    Object.values(refusals).map(async (refusal) => {
      const { type, status, title } = (await problemResponse(refusal).json()) as Record<
        string,
        unknown
      >;
      return [type, status, title].map(String);
    }),
  );
  const bySlug = ([a = ""]: string[], [b = ""]: string[]) => (a < b ? -1 : 1);
  expect(documented().toSorted(bySlug)).toEqual(sent.toSorted(bySlug));
});

it("only what is worth another try says when, and every refusal is a problem", () => {
  for (const refusal of Object.values(refusals)) {
    const { status, headers } = problemResponse(refusal);
    expect(headers.get("content-type")).toBe("application/problem+json");
    expect([refusal.kind, headers.has("retry-after")]).toEqual([
      refusal.kind,
      status === 429 || status === 503,
    ]);
  }
});
