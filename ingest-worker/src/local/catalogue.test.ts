import { expect, it } from "vitest";
import { fillQuery, parseQuery, readCatalogue } from "./catalogue.ts";
import { dashboardsFolder } from "./package-files.ts";
import { translateQuery } from "./sql/translate.ts";

const query = parseQuery(
  "example",
  `-- question: What?
-- parameter: machine text
-- parameter: since duration
-- parameter: step milliseconds
-- unit: none
-- read: by eye
SELECT floor(double5 / {step}) AS t FROM machine_metrics WHERE index1 = {machine} AND timestamp > now() - {since}
`,
);
const fill = (values: Record<string, string>) => fillQuery(query, new URLSearchParams(values));
const given = { machine: "m", since: "6h", step: "60000" };

it("puts values in as literals of their type", () => {
  expect(fill(given)).toEqual({
    kind: "statement",
    sql: "SELECT floor(double5 / 60000) AS t FROM machine_metrics WHERE index1 = 'm' AND timestamp > now() - INTERVAL '6' HOUR",
  });
  // A value is put in once, and is not itself looked through for parameters.
  expect(fill({ ...given, machine: "{since} $& €" })).toMatchObject({
    sql: expect.stringContaining("index1 = '{since} $& €'"),
  });
});

it("refuses values that are not of their type, missing ones and strangers", () => {
  const wrong: Record<string, string>[] = [
    { ...given, machine: "x' OR '1'='1" },
    { ...given, machine: "x\\" },
    { ...given, machine: "x".repeat(301) },
    { ...given, since: "1 DAY" },
    { ...given, since: "0h" },
    { ...given, step: "0" },
    { ...given, step: "1e3" },
    { ...given, other: "x" },
    { since: "1h", step: "1" },
  ];
  for (const values of wrong)
    expect(fill(values), JSON.stringify(values)).toMatchObject({ kind: "invalid" });
});

it("refuses a file whose head does not say what it is", () => {
  expect(() => parseQuery("x", "-- question: a\n-- unit: b\nSELECT 1")).toThrow(/x\.sql.*"read"/);
  const head = "-- question: a\n-- unit: b\n-- read: c\n";
  expect(() => parseQuery("x", `${head}SELECT {y}`)).toThrow(/\{y\} is not declared/);
  expect(() => parseQuery("x", `${head}-- parameter: y colour\nSELECT 1`)).toThrow(/colour/);
});

const samples = { text: "m", duration: "1h", milliseconds: "60000" };
it.for([...readCatalogue(dashboardsFolder).values()])(
  "$name is a statement of the dialect, weighed, of one kind of point",
  (one) => {
    const values = new URLSearchParams();
    for (const [name, type] of one.parameters) values.set(name, samples[type]);
    const filled = fillQuery(one, values);
    if (filled.kind !== "statement") throw new Error(filled.reason);
    const tables = new Map([["machine_metrics", "ae.machine_metrics"]]);
    expect(translateQuery(filled.sql, { tables })).toMatchObject({ ok: true });
    expect(filled.sql).toMatch(/_sample_interval/);
    expect(filled.sql).toMatch(/\bblob4 (=|IN)/);
    expect(filled.sql).toMatch(/\btimestamp >= now\(\)/);
    expect(filled.sql).toMatch(/\bdouble5 >= /);
  },
);
