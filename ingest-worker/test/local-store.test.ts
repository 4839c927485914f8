import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openPointStore, type PointStore } from "../src/local/clickhouse.ts";
import { machineMetrics } from "../src/local/store-schema.ts";
import { makeScratch } from "./_local-command.ts";

interface StoredPoint {
  readonly index1: string;
  readonly blobs: readonly string[];
  readonly doubles: readonly number[];
}

const now = Date.UTC(2026, 10, 24, 12, 0, 0, 999);
let scratch: ReturnType<typeof makeScratch>;
let store: PointStore;

beforeEach(() => {
  scratch = makeScratch();
  store = open();
});

afterEach(async () => {
  await store.close();
  scratch.remove();
});

describe("the point store", () => {
  it("keeps a point once, however often it comes and with whatever it comes", async () => {
    const first = Array.from({ length: 300 }, (_, index) => point(index));
    await append(first);
    await append(first.slice(100, 200));
    await append([...first.slice(250), ...first.slice(250), point(300)]);
    expect(await count()).toBe(301);
  });

  it("keeps a point once when equal batches come at the same time", async () => {
    const batch = Array.from({ length: 50 }, (_, index) => point(index));
    await Promise.all(Array.from({ length: 20 }, () => append(batch)));
    expect(await count()).toBe(50);
  });

  it("tells points of one event apart by each part of their identity", async () => {
    const parts = [3, 4, 5, 6, 7];
    const changed = parts.map((part) => point(1, { blob: part, value: `other-${part}` }));
    await append([point(1), ...changed, { ...point(1), index1: "another" }]);
    await append([point(1), ...changed]);
    expect(await count()).toBe(parts.length + 2);
  });

  it("does not take figures or other blobs for identity: the first delivery counts", async () => {
    await append([point(1)]);
    await append([{ ...point(1), doubles: [99] }, point(1, { blob: 0, value: "other-org" })]);
    expect(await rows("SELECT blob1, double1 FROM ae.machine_metrics")).toEqual([
      { blob1: "org", double1: 1.5 },
    ]);
  });

  it("fills what was not written with nothing and stamps the time of the write", async () => {
    await append([{ index1: "m", blobs: ['ü€\u{1F600}\u0000"\\'], doubles: [-0.1] }]);
    const [row] = await rows("SELECT * FROM ae.machine_metrics");
    expect(row).toMatchObject({
      dataset: "machine_metrics",
      timestamp: "2026-11-24 12:00:00",
      _sample_interval: 1,
      index1: "m",
      blob1: 'ü€\u{1F600}\u0000"\\',
      blob2: "",
      blob20: "",
      double1: -0.1,
      double2: 0,
      double20: 0,
    });
  });

  it("goes on, with everything it had, after it was closed and opened", async () => {
    await append([point(1), point(2)]);
    await store.close();
    store = open();
    await append([point(2), point(3)]);
    expect(await count()).toBe(3);
  });

  it("lets a query neither write nor read files, nor take off its own limits", async () => {
    for (const sql of [
      "INSERT INTO ae.machine_metrics (index1) VALUES ('x')",
      "DROP TABLE ae.machine_metrics",
      "SELECT * FROM file('/etc/passwd', 'LineAsString')",
      "SET readonly = 0",
      "SELECT 1 SETTINGS max_execution_time = 0",
    ]) {
      await expect(store.query(sql, "JSON"), sql).rejects.toMatchObject({ clickhouseCode: 164 });
    }
  });

  it("takes points while the heaviest queries run, and closes without waiting for them", async () => {
    const endless = "SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 1";
    const queries = [store.query(endless, "JSON"), store.query(endless, "JSON")];
    const outcomes = Promise.allSettled(queries);
    await append([point(1)]);
    await store.close();
    for (const outcome of await outcomes) expect(outcome.status).toBe("rejected");
    store = open();
    expect(await count()).toBe(1);
  });

  it("rejects what belongs to no dataset", async () => {
    await expect(store.append("other", encode([point(1)]))).rejects.toMatchObject({
      code: "STORE",
    });
  });
});

function open(): PointStore {
  return openPointStore({ dir: scratch.dir, datasets: [machineMetrics], now: () => now });
}

function append(points: readonly StoredPoint[]): Promise<void> {
  return store.append("machine_metrics", encode(points));
}

function encode(points: readonly StoredPoint[]): Uint8Array {
  return new TextEncoder().encode(points.map((one) => JSON.stringify(one)).join("\n"));
}

function point(seq: number, change?: { blob: number; value: string }): StoredPoint {
  const blobs = ["org", "project", "type", "process", "web", "running", "boot", `journal:${seq}`];
  if (change !== undefined) blobs[change.blob] = change.value;
  return { index1: "machine", blobs, doubles: [1.5, 2] };
}

async function count(): Promise<number> {
  const [row] = await rows("SELECT toInt32(count()) AS n FROM ae.machine_metrics");
  return Number(row?.["n"]);
}

async function rows(sql: string): Promise<Record<string, unknown>[]> {
  const text = await store.query(sql, "JSONEachRow");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
