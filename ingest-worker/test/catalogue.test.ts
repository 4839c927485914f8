import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { catalogue, fillQuery, parseQuery, type NamedQuery } from "../src/catalogue/index.ts";
import { queryTexts } from "../src/catalogue/queries.ts";
import { translateQuery } from "../src/local/sql/translate.ts";
import { withTables } from "../scripts/catalogue-docs.ts";
import { documentPath, readQueryFiles } from "../scripts/catalogue-files.ts";

const tables = new Map([["machine_metrics", "ae.machine_metrics"]]);
const nowMs = Date.parse("2026-03-01T12:00:01.500Z");
const head = "-- group: fleet\n-- question: a\n-- unit: b\n-- read: c\n";
const query = parseQuery(
  "example",
  `${head}-- parameter: from time = 6h
-- parameter: to time = now
-- parameter: org text = ''
-- parameter: machine text
-- parameter: step milliseconds = 60000
-- parameter: by dimension(org, machine) = org
-- parameter: limit count = 20
-- column: n count
SELECT {by}, {step}, {machine}, {org}, {from}, {to}, {limit}
`,
);
const fill = (values: Record<string, string>, viewerOrg?: string) =>
  fillQuery(query, new URLSearchParams(values), {
    nowMs,
    ...(viewerOrg !== undefined && { viewerOrg }),
  });

describe("filling in", () => {
  it("puts values in as literals of their type, and defaults for the rest", () => {
    const times = { from: "2026-03-01T00:00:00Z", to: "1772366400000" };
    expect(fill({ machine: "m", step: "5m", by: "machine", limit: "3", ...times })).toEqual({
      kind: "statement",
      sql: "SELECT index1, 300000, 'm', '', 1772323200000, 1772366400000, 3",
    });
    // Now is up to the next ten seconds, a time back down to the last.
    expect(fill({ machine: "m" })).toEqual({
      kind: "statement",
      sql: "SELECT blob1, 60000, 'm', '', 1772344800000, 1772366410000, 20",
    });
  });

  it("gives equal statements for equal questions within ten seconds", () => {
    const at = (ms: number) =>
      fillQuery(query, new Map([["machine", "m"]]), { nowMs: nowMs - 1500 + ms });
    expect(at(0)).toEqual(at(9999));
    expect(at(0)).not.toEqual(at(10_000));
  });

  it("puts a value in once, and does not look through it for parameters", () => {
    expect(fill({ machine: "{to} $& €" })).toMatchObject({
      sql: expect.stringContaining("'{to} $& €'"),
    });
  });

  it("refuses values that are not of their type, missing ones and strangers", () => {
    const wrong: [Record<string, string>, RegExp][] = [
      [{ machine: "x' OR '1'='1" }, /^machine must not hold a quote/],
      [{ machine: "x\\" }, /^machine must not hold/],
      [{ machine: "x".repeat(301) }, /^machine has more/],
      [{ machine: "m", from: "1 DAY" }, /^from must be/],
      [{ machine: "m", from: "0h" }, /^from must be/],
      [{ machine: "m", from: "2026-02-30T99:00:00Z" }, /^from must be/],
      [{ machine: "m", from: "99999999999999" }, /^from must be/],
      [{ machine: "m", from: "now" }, /^from must lie before to/],
      [{ machine: "m", step: "0" }, /^step must be/],
      [{ machine: "m", step: "1e3" }, /^step must be/],
      [{ machine: "m", by: "process" }, /^by must be one of org, machine/],
      [{ machine: "m", by: "blob1" }, /^by must be/],
      [{ machine: "m", by: "constructor" }, /^by must be/],
      [{ machine: "m", limit: "0" }, /^limit must be/],
      [{ machine: "m", limit: "1001" }, /^limit must be/],
      [{ machine: "m", other: "x" }, /^other is no parameter/],
      [{}, /^machine is missing/],
    ];
    for (const [values, reason] of wrong) {
      const said = expect.stringMatching(reason);
      expect(fill(values), JSON.stringify(values)).toEqual({ kind: "invalid", reason: said });
    }
  });
});

describe("a viewer's org", () => {
  it("takes the place of whatever org was asked for", () => {
    for (const org of [undefined, "", "mine", "other"]) {
      const given = { machine: "m", ...(org !== undefined && { org }) };
      expect(fill(given, "mine")).toMatchObject({ sql: expect.stringContaining("'m', 'mine',") });
    }
  });

  it("cannot be got around by a value, a parameter said twice, or an org that ends its text", () => {
    const invalid = { kind: "invalid" };
    expect(fill({ machine: "m" }, "")).toMatchObject(invalid);
    expect(fill({ machine: "m" }, "x' OR '1'='1")).toMatchObject(invalid);
    const twice = new URLSearchParams("machine=m&org=other&org=mine");
    expect(fillQuery(query, twice, { nowMs, viewerOrg: "mine" })).toMatchObject(invalid);
    const open = parseQuery("open", `${head}SELECT 1`);
    expect(fillQuery(open, new Map(), { nowMs, viewerOrg: "mine" })).toMatchObject(invalid);
  });
});

it("refuses a file whose head does not say what it is", () => {
  const wrong: [string, RegExp][] = [
    ["-- group: fleet\n-- question: a\n-- unit: b\nSELECT 1", /x\.sql.*"read"/],
    [`${head}-- read: d\nSELECT 1`, /"read" once/],
    [`${head}-- colour: d\nSELECT 1`, /says nothing/],
    [head.replace("fleet", "sky").concat("SELECT 1"), /sky is no group/],
    [`${head}SELECT {y}`, /\{y\} is not declared/],
    [`${head}-- parameter: y text\nSELECT 1`, /parameter y is not used/],
    [`${head}-- parameter: y colour\nSELECT {y}`, /y colour/],
    [`${head}-- parameter: y text\n-- parameter: y text\nSELECT {y}`, /twice/],
    [`${head}-- parameter: y dimension\nSELECT {y}`, /names its choices/],
    [`${head}-- parameter: y text(org)\nSELECT {y}`, /names its choices/],
    [`${head}-- parameter: y dimension(sky)\nSELECT {y}`, /sky is no dimension/],
    [`${head}-- column: n furlongs\nSELECT 1`, /n furlongs/],
  ];
  for (const [text, reason] of wrong) expect(() => parseQuery("x", text), text).toThrow(reason);
});

it("is up to date with its files (else run scripts/make-catalogue.ts)", () => {
  expect(new Map(Object.entries(queryTexts))).toEqual(readQueryFiles());
});

it("is up to date with its document (else run scripts/make-catalogue.ts)", () => {
  const document = readFileSync(documentPath, "utf8");
  expect(document).toBe(withTables(document, readQueryFiles()));
  expect(() => withTables("# Queries\n", readQueryFiles())).toThrow(/no place for the tables/);
});

it("has examples in its document that are of the dialect", () => {
  const blocks = [...readFileSync(documentPath, "utf8").matchAll(/^```sql\n([^]*?)^```$/gm)];
  expect(blocks.length).toBeGreaterThan(0);
  for (const [, sql = ""] of blocks)
    expect(translateQuery(sql, { tables })).toMatchObject({ ok: true });
});

it("has a test on known points of every query", () => {
  const files = readdirSync(import.meta.dirname)
    .filter((file) => /^catalogue-.*\.test\.ts$/.test(file))
    .map((file) => readFileSync(join(import.meta.dirname, file), "utf8"));
  const tested = new Set(
    Array.from(files.join("").matchAll(/^answers\("([\w-]+)"/gm), ([, name]) => name),
  );
  expect([...catalogue.keys()].filter((name) => !tested.has(name))).toEqual([]);
});

/** The least that a query has to be given. */
function valuesFor({ parameters }: NamedQuery): Map<string, string> {
  const needed = [...parameters.values()].filter((one) => one.default === undefined);
  return new Map(needed.map(({ name }) => [name, "m"]));
}

/** What the outer part of a statement can add up since its inner part has weighed or counted it. */
function innerColumnsOf(sql: string): string[] {
  const [, inner] = sql.split("FROM (\n");
  return Array.from(inner?.matchAll(/ AS (\w+)/g) ?? [], ([, name = ""]) => name);
}

describe.for([...catalogue.values()])("$name", (one) => {
  const filled = fillQuery(one, valuesFor(one), { nowMs });
  const sql = filled.kind === "statement" ? filled.sql : "";

  it("is a statement of the strict dialect, whose answer has the columns that its head names", () => {
    expect(filled).toMatchObject({ kind: "statement" });
    const translated = translateQuery(sql, { tables });
    if (!translated.ok) throw new Error(translated.message);
    expect(one.columns.map(({ name }) => name)).toEqual(
      translated.statement.columns.map(({ name }) => name),
    );
    expect(sql.length).toBeLessThan(5000);
  });

  it("takes a time range and the three parts of a fleet, all of them by default", () => {
    for (const name of ["org", "project", "machine_type"]) {
      expect(one.parameters.get(name)).toMatchObject({ type: "text", default: "" });
    }
    expect(one.parameters.get("from")).toMatchObject({
      type: "time",
      default: expect.stringMatching(/^\d+[hd]$/),
    });
    expect(one.parameters.get("to")).toMatchObject({ type: "time", default: "now" });
    expect(one.template).toContain("timestamp >= toDateTime(intDiv({from}, 1000))");
    expect(one.template).toContain("double5 >= {from} AND double5 < {to}");
    expect(one.template).toContain("({org} = '' OR blob1 = {org})");
    expect(one.template).toContain("({project} = '' OR blob2 = {project})");
    expect(one.template).toContain("({machine_type} = '' OR blob3 = {machine_type})");
  });

  it("keeps to a machine, a process and a boot, where it takes one", () => {
    for (const [name, column] of Object.entries({
      machine: "index1",
      process: "blob5",
      boot: "blob7",
    })) {
      const parameter = one.parameters.get(name);
      if (parameter === undefined) continue;
      const optional = new RegExp(
        `\\(\\{${name}\\} = '' OR (blob4 = 'resource' OR )?${column} = \\{${name}\\}\\)`,
      );
      const needed = new RegExp(`AND ${column} = \\{${name}\\}`);
      expect(one.template).toMatch(parameter.default === "" ? optional : needed);
    }
  });

  it("weighs what it adds up, and reads points of the kinds it names", () => {
    expect(sql).toMatch(/\bblob4 (?:=|IN) /);
    // Machines and processes are counted as what they are; points never without their weight.
    expect(sql).not.toMatch(/\bcount\s*\((?!DISTINCT )/i);
    expect(sql).not.toMatch(/\b(?:countIf|avg|avgIf|topK|first_value|last_value)\s*\(/i);
    for (const [, argument = ""] of sql.matchAll(/\bsum(?:If)?\s*\((\w+)/gi)) {
      expect(["_sample_interval", ...innerColumnsOf(sql)]).toContain(argument);
    }
    const quantiles = [...sql.matchAll(/\bquantile\w*\(0\.\d+\)\(/gi)];
    expect(sql.split(", _sample_interval) AS ")).toHaveLength(quantiles.length + 1);
    expect(sql).toMatch(/\b_sample_interval\b/);
  });
});
