import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fillQuery, readCatalogue, type NamedQuery } from "../src/local/catalogue.ts";
import { openPointStore, type PointStore } from "../src/local/clickhouse.ts";
import { dashboardsFolder } from "../src/local/package-files.ts";
import { Sampler } from "../src/local/sampler.ts";
import { answerStatement } from "../src/local/sql-api.ts";
import { machineMetrics } from "../src/local/store-schema.ts";
import { makeScratch } from "./local-command.ts";

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
  it.for([...readCatalogue(dashboardsFolder).values()])("$name", async (query) => {
    const whole = totalsOf(query, await askFor(query, "whole"));
    const sampled = totalsOf(query, await askFor(query, "sampled"));
    expect([...whole.keys()].length).toBeGreaterThan(0);
    for (const [column, total] of whole) {
      expect(total, column).toBeGreaterThan(0);
      expect(shareOff(sampled.get(column) ?? 0, total), column).toBeLessThan(0.2);
    }
  });

  it("by no aggregate that takes a stored row for a point", () => {
    for (const { name } of readCatalogue(dashboardsFolder).values()) {
      const sql = readFileSync(join(dashboardsFolder, `${name}.sql`), "utf8");
      expect(sql, name).not.toMatch(/\b(?:count|countIf|avg|avgIf|topK)\s*\(/i);
      expect(sql, name).not.toMatch(/\bsum(?:If)?\s*\((?!_sample_interval\b)/i);
    }
  });
});

/** Columns that count points, added up over the rows; each query has one at least. */
const counts = new Set(["points", "restarts", "changes", "samples", "exits", "weight"]);
/** Columns that are means over points: the largest row has to be near. */
const means = new Set(["mean_run_ms", "cpu_percent", "memory_used_mb", "disk_used_percent"]);

function totalsOf(
  { name }: NamedQuery,
  rows: readonly Record<string, unknown>[],
): ReadonlyMap<string, number> {
  const totals = new Map<string, number>();
  for (const [column] of Object.entries(rows[0] ?? {})) {
    // Of the table of processes this one is what pidnap counted, not a number of points.
    if (name === "processes" && column === "restarts") continue;
    const values = rows.map((row) => Number(row[column]));
    if (counts.has(column))
      totals.set(
        column,
        values.reduce((sum, value) => sum + value, 0),
      );
    if (means.has(column)) totals.set(column, Math.max(...values));
  }
  return totals;
}

async function askFor(query: NamedQuery, machine: string): Promise<Record<string, unknown>[]> {
  const given = { machine, since: "1d", step: "3600000" };
  const values = Object.entries(given).filter(([name]) => query.parameters.has(name));
  const filled = fillQuery(query, new URLSearchParams(values));
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
  return new TextEncoder().encode(points.map((point) => JSON.stringify(point)).join("\n"));
}
