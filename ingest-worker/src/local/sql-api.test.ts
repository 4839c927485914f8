import { expect, it } from "vitest";
import { QueueTimeoutError, StoreError } from "./errors.ts";
import { answerStatement } from "./sql-api.ts";

/** What a client is told when the store fails so. */
async function toldOf(cause: unknown, busy = false): Promise<{ status: number; body: string }> {
  const query = () => Promise.reject(cause);
  const store = { query, busy, tables: new Map<string, string>() };
  return answerStatement("SELECT 1 AS one", { store, log: () => {} });
}

const failed = (code: number | undefined) => new StoreError("The query failed.", code);

it("says in production's words which limit a query met", async () => {
  const told = [
    [await toldOf(failed(159)), 429, /Your query timed out/],
    [await toldOf(failed(241)), 429, /requires too much memory/],
    [await toldOf(failed(396)), 429, /result is too large/],
    [await toldOf(failed(undefined), true), 429, /Too many queries queued/],
    [await toldOf(new QueueTimeoutError(60_000)), 503, /^Query timed out waiting in queue/],
  ] as const;
  for (const [{ status, body }, expected, words] of told) {
    expect(status).toBe(expected);
    expect(body).toMatch(words);
  }
});

it("takes values for the query's fault, and what it does not know for its own", async () => {
  for (const code of [6, 12, 36, 69, 135, 153]) {
    expect((await toldOf(failed(code))).status).toBe(422);
  }
  expect(await toldOf(failed(999))).toMatchObject({
    status: 500,
    body: "Sorry, we were unable to evaluate your query. Please try again later.",
  });
});
