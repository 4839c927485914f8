import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { catalogue, fillQuery, type NamedQuery } from "../src/catalogue/index.ts";
import { openPointStore, type PointStore } from "../src/local/clickhouse.ts";
import { Sampler } from "../src/local/sampler.ts";
import { answerStatement } from "../src/local/sql-api.ts";
import { machineMetrics } from "../src/local/store-schema.ts";
import { makeScratch } from "./_local-command.ts";

const scratch = makeScratch();
const now = Date.now();
/** Fewer than the rows that a query answers with at most. */
const perKind = 900;
const journal = "6d0b6f0e-6f3b-4c51-9a43-0d6a3c1f2b7e";
const kinds = ["resource", "process", "startup"] as const;
let store: PointStore;

// The same history twice: of one machine all of it, of the other what sampling leaves.
beforeAll(async () => {
  store = openPointStore({ dir: scratch.dir, datasets: [machineMetrics], now: Date.now });
  const sampler = new Sampler({ maxPerSecond: 540, now: () => now });
  await store.append("machine_metrics", historyOf("whole"));
  await store.append("machine_metrics", sampler.sample(machineMetrics, historyOf("sampled")));
});

afterAll(async () => {
  await store.close();
  scratch.remove();
});

it("leaves out most of what is written too fast, and weighs the rest", async () => {
  const [row] = await rowsOf(
    "SELECT count() AS stored, sum(_sample_interval) AS points FROM machine_metrics WHERE index1 = 'sampled'",
  );
  const written = perKind * kinds.length;
  expect(Number(row?.["stored"])).toBeLessThan(written / 4);
  expect(shareOff(Number(row?.["points"]), written)).toBeLessThan(0.2);
});

describe("each named query answers about the same when its points are sampled", () => {
  it.for([...catalogue.values()])("$name", async (query) => {
    const whole = totalsOf(query, await askFor(query, "whole"));
    const sampled = totalsOf(query, await askFor(query, "sampled"));
    for (const [column, total] of whole) {
      expect(shareOff(sampled.get(column) ?? 0, total), column).toBeLessThan(0.2);
    }
  });

  it("of which most have something to compare", async () => {
    const compared = await Promise.all(
      [...catalogue.values()].map(async (query) => totalsOf(query, await askFor(query, "whole"))),
    );
    expect(compared.filter(({ size }) => size > 0).length).toBeGreaterThan(catalogue.size / 2);
  });
});

/** Fewer than this are too few for what sampling leaves of them to be near. */
const many = 100;
/** The highest limit of a query. */
const maxRows = 1000;

/** The columns that count points, added up over the rows. */
function totalsOf(
  { columns }: NamedQuery,
  rows: readonly Record<string, unknown>[],
): ReadonlyMap<string, number> {
  // Cut at the limit, the rows are no longer all there is.
  if (rows.length >= maxRows) return new Map();
  const counts = columns.filter(({ unit }) => unit === "count");
  const totals = counts.map(({ name }) => {
    return [name, rows.reduce((sum, row) => sum + Number(row[name]), 0)] as const;
  });
  return new Map(totals.filter(([, total]) => total >= many));
}

async function askFor(query: NamedQuery, machine: string): Promise<Record<string, unknown>[]> {
  const about = { machine, process: "web", boot: "boot" };
  const given = { ...about, from: "1d", step: "3600000", limit: String(maxRows) };
  const values = Object.entries(given).filter(([name]) => query.parameters.has(name));
  const filled = fillQuery(query, new URLSearchParams(values), { nowMs: now + 1 });
  if (filled.kind !== "statement") throw new Error(filled.reason);
  const rows = await rowsOf(filled.sql);
  return rows.filter((row) => row["machine"] === undefined || row["machine"] === machine);
}

async function rowsOf(sql: string): Promise<Record<string, unknown>[]> {
  const answer = await answerStatement(sql, { store, log: () => {} });
  if (answer.status !== 200) throw new Error(answer.body);
  return (JSON.parse(answer.body) as { data: Record<string, unknown>[] }).data;
}

function shareOff(value: number, expected: number): number {
  return Math.abs(value / expected - 1);
}

function historyOf(machine: string): Uint8Array {
  const points = Array.from({ length: perKind * kinds.length }, (_, at) => {
    const kind = kinds[at % kinds.length] ?? "resource";
    const state = kind === "process" ? "restarting" : "ready";
    const blobs = ["o", "p", "t", kind, "web", state, "boot", `${journal}:${at}`, "running"];
    const figures = [50 + (at % 20), 1000 + (at % 100), 4000, 10 + (at % 5), now];
    return { index1: machine, blobs, doubles: [...figures, ...Array(14).fill(0), at + 1] };
  });
  return new TextEncoder().encode(points.map((point) => JSON.stringify(point)).join(","));
}
