import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startDev, type Dev, type DevOptions } from "../src/local/dev.ts";
import { askSql, makeScratch, rowsOf } from "./_local-command.ts";
import { journalPoints, standInScripts } from "./_local-stand-in.ts";

const scratch = makeScratch();
const log: string[] = [];
let dev: Dev;

beforeAll(async () => {
  dev = await start();
});

afterAll(async () => {
  await dev.close();
  scratch.remove();
});

function start(more: Partial<DevOptions> = {}): Promise<Dev> {
  return startDev({
    port: 0,
    dataDir: scratch.dir,
    silentAfterMs: 3_600_000,
    now: Date.now,
    log: (line) => log.push(line),
    scripts: standInScripts(),
    ...more,
  });
}

describe("the local binding", () => {
  it("has stored what a write's promise says is stored", async () => {
    expect(await write("/", journalPoints("stored", 1, 250))).toEqual({
      stored: 250,
      lost: 0,
      refused: [],
    });
    expect(await countOf("stored")).toBe(250);
  });

  it("takes 250 points of each invocation and says what it drops", async () => {
    for (const path of ["/", "/direct"]) {
      const answer = await write(path, journalPoints(`much${path.slice(1)}`, 1, 253));
      expect(answer).toMatchObject({ stored: 250, lost: 0 });
      expect(answer.refused).toHaveLength(3);
      expect(answer.refused[0]).toMatch(/this invocation has written its 250 points/);
    }
    expect(log.some((line) => line.includes("has written its 250 points"))).toBe(true);
  });

  it("keeps a point once that an object writes again", async () => {
    await write("/", journalPoints("again", 1, 100));
    await write("/", journalPoints("again", 51, 100));
    expect(await countOf("again")).toBe(150);
  });

  it("refuses a point that breaks a rule, and stores the others", async () => {
    const good = journalPoints("rules", 1, 1);
    const bad = [
      { indexes: ["a", "b"] },
      { indexes: ["x".repeat(97)] },
      { indexes: ["€".repeat(33)] },
      { blobs: Array.from({ length: 21 }, () => "") },
      { blobs: ["x".repeat(8001), "x".repeat(8000)] },
      { blobs: [7] },
      { doubles: Array.from({ length: 21 }, () => 1) },
      { doubles: ["1"] },
    ];
    const answer = await write("/", [...bad, ...good]);
    expect(answer.stored).toBe(1);
    expect(answer.refused).toHaveLength(bad.length);
    for (const message of answer.refused) expect(message).toMatch(/^writeDataPoint\(\): /);
    expect(await countOf("rules")).toBe(1);
  });
});

describe("the SQL API", () => {
  beforeAll(() => write("/", journalPoints("sql", 1, 3)));

  it("answers in production's encoding", async () => {
    const sql =
      "SELECT index1, sum(_sample_interval) AS n, max(double5) AS last, min(timestamp) AS first " +
      "FROM machine_metrics WHERE index1 = 'machine-of-sql' GROUP BY index1";
    const { status, type, body } = await askSql(dev.sqlUrl, sql);
    expect({ status, type }).toEqual({ status: 200, type: "application/json" });
    const answer = JSON.parse(body) as { data: { first: string }[] };
    expect(answer).toEqual({
      meta: [
        { name: "index1", type: "String" },
        { name: "n", type: "UInt64" },
        { name: "last", type: "Float64" },
        { name: "first", type: "DateTime" },
      ],
      data: [
        {
          index1: "machine-of-sql",
          n: "3",
          last: 1_700_000_000_003,
          first: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
        },
      ],
      rows: 1,
    });
  });

  it("gives rows as lines, or separated by tabs, without a header", async () => {
    const sql =
      "SELECT blob8, double1 FROM machine_metrics WHERE index1 = 'machine-of-sql' ORDER BY blob8 LIMIT 1";
    expect(await askSql(dev.sqlUrl, `${sql} FORMAT JSONEachRow`)).toMatchObject({
      status: 200,
      body: '{"blob8":"sql:1","double1":1.5}\n',
    });
    expect(await askSql(dev.sqlUrl, `${sql} FORMAT TabSeparated`)).toMatchObject({
      status: 200,
      body: "sql:1\t1.5\n",
    });
  });

  it("refuses in production's words, as text", async () => {
    const refused = await askSql(dev.sqlUrl, "SELECT uniq(blob1) FROM machine_metrics");
    expect(refused).toMatchObject({ status: 422, type: "text/plain; charset=utf-8" });
    expect(refused.body).toMatch(/^Input was invalid: unknown function call: UNIQ/);
    const outside = await askSql(dev.sqlUrl, "SELECT name FROM system.tables");
    expect(outside.status).toBe(422);
    expect(outside.body).toMatch(/^Input was invalid: /);
  });

  it("refuses a body that no statement is as long as", async () => {
    for (const length of [10_001, 30_000_000]) {
      const refused = await askSql(dev.sqlUrl, " ".repeat(length));
      expect(refused.status).toBe(422);
      expect(refused.body).toMatch(/SQL was excessively long, exceeded maximum length: 10000/);
    }
    expect((await askSql(dev.sqlUrl, "SELECT 'é€😀' AS text")).body).toContain("é€😀");
  });

  it("takes any bearer token, and none is 401", async () => {
    const ask = (headers: Record<string, string>) =>
      fetch(dev.sqlUrl, { method: "POST", body: "SELECT 1 AS one", headers });
    expect((await ask({ authorization: "Bearer x" })).status).toBe(200);
    for (const headers of [{}, { authorization: "Bearer " }, { authorization: "Basic eDp4" }]) {
      const response = await ask(headers);
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({ success: false });
    }
  });

  it("takes the statement as a query as well", async () => {
    const headers = { authorization: "Bearer x" };
    const asked = await fetch(`${dev.sqlUrl}?query=${encodeURIComponent("SELECT 1 AS one")}`, {
      headers,
    });
    expect(await asked.json()).toMatchObject({ rows: 1 });
    const missing = await fetch(dev.sqlUrl, { headers });
    expect(missing.status).toBe(400);
    expect(await missing.text()).toBe("Query string error: missing field `query`");
    expect((await fetch(dev.sqlUrl, { method: "PUT", headers, body: "" })).status).toBe(405);
    expect((await fetch(`${dev.url}/client/v4/else`, { headers })).status).toBe(404);
  });
});

describe("a local server", () => {
  it("is there again after a stop, with its points, its objects and its keys", async () => {
    const before = await total("kept");
    await dev.close();
    dev = await start();
    expect(await countOf("kept")).toBe(5);
    expect(await total("kept")).toBe(before + 5);
  });

  it("samples writes and takes doubtful SQL where it was told to", async () => {
    const doubtful = "SELECT now() - 3600 AS t";
    expect((await askSql(dev.sqlUrl, doubtful)).status).toBe(422);
    await dev.close();
    dev = await start({ sampleAbove: 10, lenientSql: true });
    expect((await askSql(dev.sqlUrl, doubtful)).status).toBe(200);
    // One write, so that all of it falls into one second: one in 25 is kept.
    expect(await write("/", journalPoints("fast", 1, 250))).toMatchObject({ stored: 250, lost: 0 });
    const [row] = await rowsOf(
      dev.sqlUrl,
      "SELECT count() AS kept, max(_sample_interval) AS one_in FROM machine_metrics WHERE index1 = 'machine-of-fast'",
    );
    expect(row).toMatchObject({ one_in: 25 });
    expect(Number(row?.["kept"])).toBeLessThan(30);
  });
});

/** Writes five points and gives the object's own count of all it ever wrote. */
async function total(journal: string): Promise<number> {
  const body = JSON.stringify(journalPoints(journal, 1, 5));
  const response = await fetch(`${dev.url}/points/`, { method: "POST", body });
  return Number(response.headers.get("x-total"));
}

async function write(
  path: string,
  points: readonly object[],
): Promise<{ stored: number; lost: number; refused: string[] }> {
  const body = JSON.stringify(points);
  const response = await fetch(`${dev.url}/points${path}`, { method: "POST", body });
  return (await response.json()) as { stored: number; lost: number; refused: string[] };
}

async function countOf(journal: string): Promise<number> {
  const found = await rowsOf(
    dev.sqlUrl,
    `SELECT sum(_sample_interval) AS n FROM machine_metrics WHERE index1 = 'machine-of-${journal}'`,
  );
  return Number(found[0]?.["n"]);
}
