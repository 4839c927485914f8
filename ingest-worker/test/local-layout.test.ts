import { Session } from "chdb";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openPointStore, type PointStore } from "../src/local/clickhouse.ts";
import { createStatements, machineMetrics } from "../src/local/store-schema.ts";
import { makeScratch } from "./_local-command.ts";

let scratch: ReturnType<typeof makeScratch>;
let log: string[];

beforeEach(() => {
  scratch = makeScratch();
  log = [];
});

afterEach(() => scratch.remove());

const numbers = Array.from({ length: 20 }, (_, index) => index + 1);
/** The table as the first versions made it. */
const firstLayout =
  `CREATE TABLE ae.machine_metrics (dataset String, timestamp DateTime('UTC'), _sample_interval UInt32, ` +
  `index1 String, ${numbers.map((n) => `blob${n} String`).join(", ")}, ` +
  `${numbers.map((n) => `double${n} Float64`).join(", ")}) ENGINE = MergeTree ` +
  `ORDER BY (index1, blob8, blob4, blob5, blob6, blob7)`;

it("brings a store of the first layout into the newest, with every point, and keeps each once", async () => {
  prepare([
    "CREATE DATABASE ae",
    firstLayout,
    "INSERT INTO ae.machine_metrics (dataset, timestamp, _sample_interval, index1, blob4, blob7, blob8) " +
      "SELECT 'machine_metrics', toDateTime('2026-01-01 00:00:00', 'UTC') + number * 3600, 1, 'm', " +
      "'resource', 'boot', concat('j:', toString(number)) FROM numbers(2000)",
    // What a migration leaves that was killed before its end.
    "CREATE TABLE ae.machine_metrics_next (n UInt8) ENGINE = Memory",
  ]);
  const store = open();
  expect(log).toEqual(["store: machine_metrics is brought from layout 1 to 2."]);
  const blobs = ["", "", "", "resource", "", "", "boot"];
  const points = ["j:1999", "j:2000"].map((event) =>
    JSON.stringify({ index1: "m", blobs: [...blobs, event], doubles: [] }),
  );
  await store.append("machine_metrics", new TextEncoder().encode(points.join(",")));
  expect(await ask(store, "SELECT count() FROM ae.machine_metrics")).toBe("2001\n");
  expect(await ask(store, "SELECT name FROM system.tables WHERE database = 'ae'")).toBe(
    "machine_metrics\nmachine_metrics_staging\n",
  );
  await store.close();
  log = [];
  const again = open();
  expect(log).toEqual([]);
  expect(await ask(again, "SELECT count() FROM ae.machine_metrics")).toBe("2001\n");
  await again.close();
});

it("leaves a store alone that a newer version has written, and says so", () => {
  prepare([
    ...createStatements(machineMetrics),
    "ALTER TABLE ae.machine_metrics MODIFY COMMENT 'layout 3'",
  ]);
  expect(open).toThrow(/a newer version stored its points \(layout 3, this one knows 2\)/);
});

/** Makes a store behind the server's back. */
function prepare(statements: readonly string[]): void {
  const session = new Session(scratch.dir);
  for (const statement of statements) session.query(statement);
  session.close();
}

function open(): PointStore {
  return openPointStore({
    dir: scratch.dir,
    datasets: [machineMetrics],
    now: Date.now,
    log: (line) => log.push(line),
  });
}

function ask(store: PointStore, sql: string): Promise<string> {
  return store.query(sql, "TabSeparated");
}
