import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { functions } from "../src/local/sql/functions/index.ts";
import { doubtfulExamples, refusedExamples } from "../src/local/sql/refused.ts";
import { syntaxExamples } from "../src/local/sql/syntax.ts";
import { translateQuery } from "../src/local/sql/translate.ts";
import { openStore, tables } from "./_sql-fixture.ts";
import type { Store } from "./_sql-fixture.ts";

interface CorpusEntry {
  readonly sql: string;
  readonly expect: "ok" | "refuse";
  /** The start of production's text, where it is known. */
  readonly error: string | null;
}

const corpusUrl = new URL("data/ae-sql-corpus.json", import.meta.url);
const corpus = JSON.parse(readFileSync(corpusUrl, "utf8")) as readonly CorpusEntry[];

let store: Store;
beforeAll(() => {
  store = openStore();
});
afterAll(() => store[Symbol.dispose]());

describe("statements with a verdict of production", () => {
  test.each(corpus.filter((entry) => entry.expect === "ok"))("answers: $sql", ({ sql }) => {
    const result = translateQuery(sql, { tables });
    if (!result.ok) throw new Error(result.message);
    expect(store.run(result.statement).meta).toEqual(result.statement.columns);
  });

  test.each(corpus.filter((entry) => entry.expect === "refuse"))("refuses: $sql", (entry) => {
    const result = translateQuery(entry.sql, { tables });
    if (result.ok) throw new Error(`was not refused: ${result.statement.clickhouseSql}`);
    expect(result.status).toBe(422);
    expect(result.message).toMatch(/^Input was invalid: [^\n]+\n[^\n]+$/);
    expect(result.message).toContain(entry.error ?? "");
  });
});

describe("every function answers its examples", () => {
  const examples = functions.flatMap(({ aggregate, status, examples }) =>
    examples.map((example) => ({
      ...example,
      from: aggregate === true ? " FROM machine_metrics" : "",
      strict: status !== "disputed",
    })),
  );
  test.each(examples)("$sql is $value", ({ sql, from, strict, value, type }) => {
    const answer = store.ask(`SELECT ${sql} AS answer${from}`, strict);
    expect(answer.data).toEqual([{ answer: value }]);
    expect(answer.meta[0]?.type).toBe(type ?? answer.meta[0]?.type);
  });
});

describe("every documented piece of syntax", () => {
  test.each(syntaxExamples)("$group: $name", ({ sql, rows }) => {
    const { data } = store.ask(sql);
    expect(data).toEqual(rows ?? data);
  });

  test("SHOW TABLES lists the datasets, SHOW TIMEZONES the zones", () => {
    expect(store.ask("SHOW TABLES").data).toEqual([
      { dataset: "machine-metrics" },
      { dataset: "machine_metrics" },
    ]);
    expect(store.ask("SHOW TIMEZONES").data).toContainEqual({ timezone: "Europe/London" });
  });
});

describe("what is doubtful is refused by default only", () => {
  test.each(doubtfulExamples)("$what", ({ sql }) => {
    expect(translateQuery(sql, { tables })).toMatchObject({ ok: false, status: 422 });
    expect(store.ask(sql, false).rows).toBeGreaterThan(0);
  });

  test("a dataset that was never written to is empty then", () => {
    expect(store.ask("SELECT * FROM never_written", false)).toMatchObject({ data: [], rows: 0 });
    expect(store.ask("SELECT count() AS n FROM never_written", false).data).toEqual([{ n: "0" }]);
  });
});

test.each(refusedExamples)("refused whatever the setting: %s", (sql) => {
  expect(translateQuery(sql, { tables })).toMatchObject({ ok: false, status: 422 });
  expect(translateQuery(sql, { tables, strict: false })).toMatchObject({ ok: false, status: 422 });
});
