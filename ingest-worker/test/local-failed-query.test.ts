import { afterAll, beforeAll, expect, it } from "vitest";
import { openPointStore, type PointStore } from "../src/local/clickhouse.ts";
import { answerStatement } from "../src/local/sql-api.ts";
import { machineMetrics } from "../src/local/store-schema.ts";
import { makeScratch } from "./_local-command.ts";

const scratch = makeScratch();
let store: PointStore;

beforeAll(async () => {
  store = openPointStore({ dir: scratch.dir, datasets: [machineMetrics], now: Date.now });
  const texts = [...Array.from({ length: 1000 }, () => "12"), "no number"];
  const lines = texts.map((text, seq) => {
    const blobs = [text, "", "", "process", "web", "running", "boot", `journal:${seq}`];
    return JSON.stringify({ index1: "machine", blobs, doubles: [seq] });
  });
  await store.append("machine_metrics", new TextEncoder().encode(lines.join("\n")));
});

afterAll(async () => {
  await store.close();
  scratch.remove();
});

/** Each fails only while it runs, when a part of the answer is written already. */
const failing = [
  "SELECT max(toUInt32(blob1)) AS high FROM machine_metrics",
  "SELECT toUInt32(blob1) AS number FROM machine_metrics",
  "SELECT toUInt32(blob2) AS number FROM machine_metrics",
  "SELECT intDiv(1, toUInt32(double1)) AS number FROM machine_metrics",
  "SELECT bitTest(_sample_interval, toUInt32(double1)) AS isSet FROM machine_metrics",
  "SELECT substring(blob1, 1 - 1) AS part FROM machine_metrics",
  "SELECT toUInt32(pow(10.0, 400)) AS number FROM machine_metrics",
];
const formats = ["JSON", "JSONEachRow", "TabSeparated"];
const clean = {
  JSON: '{"meta":[{"name":"one","type":"UInt8"}],\n"data":\n\t[\n\t\t{\n\t\t\t"one": 1\n\t\t}\n\t],\n\n\t"rows": 1\n}\n',
  JSONEachRow: '{"one":1}\n',
  TabSeparated: "1\n",
};

it("a query that fails while it runs is refused, and leaves nothing in front of the next answer", async () => {
  for (const sql of failing) {
    for (const failedIn of formats) {
      expect(await ask(`${sql} FORMAT ${failedIn}`), sql).toMatchObject({
        status: 422,
        body: expect.stringMatching(/^Input was invalid: /),
      });
      for (const [format, body] of Object.entries(clean)) {
        expect(await ask(`SELECT 1 AS one FORMAT ${format}`)).toMatchObject({ status: 200, body });
      }
    }
  }
});

it("such a query leaves nothing for the clients that ask at the same time either", async () => {
  const asked = Array.from({ length: 60 }, async (_, index) => {
    if (index % 2 === 0) return (await ask(failing[index % failing.length] ?? "")).status;
    return (await ask("SELECT 1 AS one")).body;
  });
  for (const [index, answer] of (await Promise.all(asked)).entries()) {
    expect(answer).toBe(index % 2 === 0 ? 422 : clean.JSON);
  }
});

function ask(sql: string): ReturnType<typeof answerStatement> {
  return answerStatement(sql, { store, log: () => {} });
}
