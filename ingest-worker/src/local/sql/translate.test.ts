import { describe, expect, test } from "vitest";
import { maxNestingDepth } from "./limits.ts";
import { translateQuery } from "./translate.ts";
import type { TranslatedStatement } from "./translate.ts";

const tables: ReadonlyMap<string, string> = new Map([["machine_metrics", "store.points"]]);

function translated(sql: string, strict = true): TranslatedStatement {
  const result = translateQuery(sql, { tables, strict });
  if (!result.ok) throw new Error(result.message);
  return result.statement;
}

function refusal(sql: string, strict = true): string {
  const result = translateQuery(sql, { tables, strict });
  if (result.ok) throw new Error(`was not refused: ${result.statement.clickhouseSql}`);
  return result.message;
}

describe("what reaches ClickHouse is printed, not passed on", () => {
  test("columns are qualified, so that an alias of their name cannot hide them", () => {
    expect(
      translated(
        "SELECT toStartOfHour(timestamp) AS timestamp, blob1 AS blob2 FROM machine_metrics WHERE blob2 = 'x'",
      ).clickhouseSql,
    ).toBe(
      `SELECT toStartOfHour(_e1."timestamp") AS "timestamp", _e1."blob1" AS "blob2" FROM store.points AS _e1 WHERE _e1."blob1" = 'x'`,
    );
  });

  test("an expression that is used by its alias is printed once", () => {
    expect(
      translated(
        "SELECT substring(blob1, 1, 2) AS part, count() AS n FROM machine_metrics GROUP BY part ORDER BY n DESC",
      ).clickhouseSql,
    ).toBe(
      `WITH substringUTF8(_e1."blob1", 1, 2) AS _e2, count() AS _e3 SELECT _e2 AS "part", _e3 AS "n" FROM store.points AS _e1 GROUP BY _e2 ORDER BY _e3 DESC`,
    );
  });

  test("inner names step aside for a client's", () => {
    expect(
      translated('SELECT blob1 AS _e1, blob2 AS "__e9" FROM machine_metrics').clickhouseSql,
    ).toBe(`SELECT ___e1."blob1" AS "_e1", ___e1."blob2" AS "__e9" FROM store.points AS ___e1`);
  });

  test("strings, aliases and control characters are escaped", () => {
    expect(translated(`SELECT 'a\u0000b\n"' AS "x\\"`).clickhouseSql).toBe(
      String.raw`SELECT 'a\x00b\x0a"' AS "x\\"`,
    );
    expect(translated(String.raw`SELECT 'o''hara \\ \'' AS x`, false).clickhouseSql).toBe(
      String.raw`SELECT 'o\'hara \\ \'' AS "x"`,
    );
  });

  test("long chains print without parentheses, whose depth ClickHouse bounds", () => {
    const sum = Array.from({ length: 200 }, () => "double1").join(" + ");
    expect(translated(`SELECT ${sum} AS s FROM machine_metrics`).clickhouseSql).not.toContain("(");
  });

  test("a dataset's name is looked up exactly", () => {
    expect(refusal("SELECT count() FROM Machine_Metrics")).toContain(
      "unknown table: Machine_Metrics",
    );
  });
});

describe("the answer's columns", () => {
  test("have the types that ClickHouse gives them", () => {
    const { columns } = translated(
      "SELECT _sample_interval, count(), sum(double1) AS s, avg(_sample_interval) AS a, max(timestamp) AS t, topK(3)(blob1) AS top, intDiv(toUInt32(timestamp), 60) * 60 AS b, double1 > 1 AS c, toDateTime(timestamp, 'Asia/Tokyo') AS z FROM machine_metrics GROUP BY _sample_interval, timestamp, double1",
    );
    expect(columns.map(({ name, type }) => `${name} ${type}`)).toEqual([
      "_sample_interval UInt32",
      "count() UInt64",
      "s Float64",
      "a Float64",
      "t DateTime",
      "top Array(String)",
      "b UInt64",
      "c UInt8",
      "z DateTime('Asia/Tokyo')",
    ]);
  });

  test("are named as ClickHouse names them where there is no alias", () => {
    const { columns } = translated(
      "SELECT COUNT(), SUM(double1 * 2) / 3, -double1, blob1 NOT LIKE 'a', NOT double1 BETWEEN 1 AND 2, now() - INTERVAL '1' DAY FROM machine_metrics GROUP BY double1, blob1",
    );
    expect(columns.map(({ name }) => name)).toEqual([
      "count()",
      "divide(sum(multiply(double1, 2)), 3)",
      "negate(double1)",
      "notLike(blob1, 'a')",
      "not(and(greaterOrEquals(double1, 1), lessOrEquals(double1, 2)))",
      "minus(now(), toIntervalDay(1))",
    ]);
  });

  test("come in the format that was asked for, JSON by default", () => {
    expect(translated("SELECT 1").format).toBe("JSON");
    expect(translated("SELECT 1 FORMAT TabSeparated;").format).toBe("TabSeparated");
    expect(translated("SHOW TABLES FORMAT JSONEachRow")).toMatchObject({
      kind: "show-tables",
      format: "JSONEachRow",
    });
  });
});

describe("a refusal", () => {
  test("says production's words, the place, and the cure", () => {
    expect(refusal("SELECT blob1,\n  multiIf(1 = 1, 2, 3)\nFROM machine_metrics")).toBe(
      "Input was invalid: unknown function call: MULTIIF\n" +
        "at line 2:3: write instead: nested if(condition, then, else)",
    );
  });

  test("stays on two short lines, whatever it quotes", () => {
    const message = refusal(`SELECT "${"a\n".repeat(3000)}" FROM machine_metrics`);
    expect(message.split("\n")).toHaveLength(2);
    expect(message.length).toBeLessThan(1500);
  });

  test("of a COUNT with an argument comes before one of GROUP BY", () => {
    expect(refusal("SELECT count(*) FROM machine_metrics GROUP BY length(blob1)")).toContain(
      "COUNT() function must have 0 arguments: 1",
    );
  });

  test("names an expression as production does, columns in double quotes", () => {
    expect(
      refusal("SELECT if(blob2 in ('a', 'b') and double1 > 0, double1, null) FROM machine_metrics"),
    ).toContain(
      `but instead had Double and Null: if("blob2" IN ('a', 'b') AND "double1" > 0, "double1", NULL)`,
    );
  });
});

describe("a query without end", () => {
  const within = "(".repeat(maxNestingDepth);
  test.each([
    ["parentheses", `SELECT ${"(".repeat(5000)}1${")".repeat(4900)}`],
    ["calls", `SELECT ${"if(".repeat(3000)}`],
    ["brackets", `SELECT blob1${"[".repeat(5000)}`],
    ["CASEs", `SELECT ${"CASE ".repeat(1900)}`],
    ["NOTs", `SELECT ${"NOT ".repeat(2400)}true`],
    ["signs", `SELECT ${"- ".repeat(4900)}1`],
    ["sums", `SELECT 1${" + 1".repeat(2400)}`],
    ["comparisons", `SELECT 1${" = 1".repeat(2400)}`],
    ["one level more than it may have", `SELECT ${within}(1)${")".repeat(maxNestingDepth)}`],
  ])("of %s is refused, not overflowed by", (_, sql) => {
    expect(refusal(sql)).toMatch(/^Input was invalid: .*maximum depth: \d+\n/);
  });

  test("of as many levels as there may be is parsed", () => {
    expect(translated(`SELECT ${within}1${")".repeat(maxNestingDepth)} AS x`).clickhouseSql).toBe(
      'SELECT 1 AS "x"',
    );
  });

  test.each([
    ["that each double the one before", (n: number) => `a${n} + a${n} AS a${n + 1}`],
    ["in a row", (n: number) => `a${n} + 1 AS a${n + 1}`],
  ])("of aliases %s is refused before ClickHouse has to write it out", (_, next) => {
    const aliases = Array.from({ length: 400 }, (_, n) => next(n));
    const columns = ["double1 AS a0", ...aliases].join(", ");
    const message = "the expression is too large once its aliases are written out";
    expect(refusal(`SELECT ${columns} FROM machine_metrics`)).toContain(message);
    const backwards = ["double1 AS a0", ...aliases].reverse().join(", ");
    expect(refusal(`SELECT ${backwards} FROM machine_metrics`)).toContain(message);
  });

  test("of ORs is as long as it likes", () => {
    const conditions = Array.from({ length: 500 }, (_, index) => `double1 = ${index}`);
    const sql = `SELECT count() AS n FROM machine_metrics WHERE ${conditions.join(" OR ")}`;
    expect(translated(sql).clickhouseSql).toContain("= 499)");
  });
});

describe("the length of a query", () => {
  const message = "SQL was excessively long, exceeded maximum length: 10000";
  const padded = (length: number, filler = "x"): string => `SELECT '${filler.repeat(length)}' AS s`;

  test("is at most 10,000", () => {
    expect(translated(padded(10_000 - padded(0).length)).kind).toBe("select");
    expect(refusal(padded(10_001 - padded(0).length))).toContain(message);
  });

  test("counts in bytes when strict, else in characters", () => {
    expect(refusal(padded(6000, "é"))).toContain(message);
    expect(translated(padded(6000, "é"), false).kind).toBe("select");
  });
});
