import { readFileSync } from "node:fs";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { functions } from "../src/local/sql/functions/index.ts";
import { translateQuery } from "../src/local/sql/translate.ts";
import { callOfLiterals, validQuery } from "./_sql-arbitraries.ts";
import { openStore, tables } from "./_sql-fixture.ts";
import type { Store } from "./_sql-fixture.ts";

const corpusUrl = new URL("data/ae-sql-corpus.json", import.meta.url);
const statements = (JSON.parse(readFileSync(corpusUrl, "utf8")) as { readonly sql: string }[]).map(
  (entry) => entry.sql,
);

/** Pieces that queries are made of, to be strung together without sense. */
const pieces = [
  ...new Set(statements.flatMap((sql) => sql.match(/\w+|'[^']*'|[^\s\w']/g) ?? [])),
  ...functions.map((definition) => definition.name),
  ..."SELECT FROM WHERE GROUP BY HAVING ORDER LIMIT OFFSET FORMAT AS IN ( ) , . ' \" ` \\ ; -- /* */ :: || [ ]".split(
    " ",
  ),
];

/** How many times the usual number of runs: `FUZZ_FACTOR=100` searches for minutes. */
const factor = Number(process.env["FUZZ_FACTOR"] ?? "1");

/** Errors that only a row's value can cause, which no translation can foresee. */
const causedByValues =
  /CANNOT_PARSE|ATTEMPT_TO_READ_AFTER_EOF|ILLEGAL_DIVISION|DECIMAL_OVERFLOW|VALUE_IS_OUT_OF_RANGE|ARGUMENT_OUT_OF_BOUND|PARAMETER_OUT_OF_BOUND|ZERO_ARRAY_OR_TUPLE_INDEX|Unexpected inf or nan/;

let store: Store;
beforeAll(() => {
  store = openStore();
});
afterAll(() => store[Symbol.dispose]());

/** Translates, and runs what was translated; it may fail in the ways that are `excused`. */
function translateAndRun(sql: string, strict: boolean, excused = causedByValues): void {
  const result = translateQuery(sql, { tables, strict });
  if (!result.ok) {
    if (!result.message.startsWith("Input was invalid: ")) throw new Error(result.message);
    return;
  }
  try {
    expect(store.run(result.statement).meta).toEqual(result.statement.columns);
  } catch (error) {
    if (!excused.test(String(error)))
      throw new Error(`${sql}\n${result.statement.clickhouseSql}`, { cause: error });
  }
}

describe("whatever the text is", () => {
  test("random characters are refused or answered, never thrown at", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), fc.boolean(), (sql, strict) =>
        translateAndRun(sql, strict),
      ),
      { numRuns: 300 * factor },
    );
  });

  test("pieces of queries strung together are refused, or run", () => {
    const soup = fc
      .array(fc.constantFrom(...pieces), { maxLength: 25 })
      .map((words) => `SELECT ${words.join(" ")}`);
    fc.assert(
      fc.property(soup, fc.boolean(), (sql, strict) => translateAndRun(sql, strict)),
      { numRuns: 500 * factor },
    );
  });

  test("known statements with pieces exchanged are refused, or run", () => {
    const mutant = fc
      .tuple(
        fc.constantFrom(...statements),
        fc.array(fc.tuple(fc.nat(60), fc.constantFrom(...pieces)), { minLength: 1, maxLength: 3 }),
      )
      .map(([sql, changes]) => {
        const words = sql.match(/\w+|'[^']*'|[^\s\w']/g) ?? [];
        for (const [place, word] of changes) words[place % Math.max(words.length, 1)] = word;
        return words.join(" ");
      });
    fc.assert(
      fc.property(mutant, fc.boolean(), (sql, strict) => translateAndRun(sql, strict)),
      { numRuns: 700 * factor },
    );
  });
});

test("whatever a function or operator is given as literals is refused, or runs", () => {
  fc.assert(
    fc.property(callOfLiterals, fc.boolean(), (expression, strict) => {
      const sql = `SELECT ${expression} AS x FROM machine_metrics`;
      // No row's value is to blame here: nothing may fail while it runs.
      translateAndRun(sql, strict, /^never$/);
    }),
    { numRuns: 1500 * factor },
  );
});

test("random valid queries are translated, run, and have the foretold columns", () => {
  fc.assert(
    fc.property(validQuery, (sql) => {
      try {
        store.ask(sql);
      } catch (error) {
        if (!causedByValues.test(String(error))) throw error;
      }
    }),
    { numRuns: 150 * factor },
  );
});
