import { describe, expect, it } from "vitest";
import { catalogue } from "../../../catalogue/index.ts";
import { UsageError } from "../../errors.ts";
import { runSql } from "../sql.ts";
import { readAnswer, type SqlAnswer } from "./answer.ts";
import { chartOf } from "./chart.ts";
import { csvOf } from "./csv.ts";
import { formatCell } from "./format-cell.ts";
import { aboutText, listingJson, listingOf } from "./listing.ts";
import { tableOf } from "./table.ts";

const nowMs = Date.parse("2026-03-01T12:00:00Z");
const minute = 60_000;
const restarts = catalogue.get("restarts");

function answer(columns: Record<string, string>, ...data: object[]): SqlAnswer {
  const meta = Object.entries(columns).map(([name, type]) => ({ name, type }));
  const read = readAnswer(JSON.stringify({ meta, data, rows: data.length }), restarts);
  if (read === undefined) throw new Error("No answer.");
  return read;
}

const series = answer(
  { time_ms: "Float64", process: "String", restarts: "UInt64" },
  { time_ms: nowMs, process: "web", restarts: "4" },
  { time_ms: nowMs + 2 * minute, process: "web", restarts: "2" },
  { time_ms: nowMs + 2 * minute, process: "\u001b[2J", restarts: "1" },
);

describe("an answer", () => {
  it("has numbers as numbers, but for those that would lose digits", () => {
    const { rows } = answer(
      { n: "UInt64", big: "UInt64", x: "Float64", t: "String" },
      { n: "5", big: "18446744073709551615", x: null, t: "5" },
    );
    expect(rows).toEqual([[5, "18446744073709551615", null, "5"]]);
  });

  it("in another format is none", () => {
    expect(readAnswer('{"a":1}\n{"a":2}\n')).toBeUndefined();
    expect(readAnswer("1\t2\n")).toBeUndefined();
  });
});

describe("a table", () => {
  it("tells values in their units, and shows what would steer the terminal", () => {
    expect(tableOf(series)).toMatch(/2026-03-01 12:00:00 .* web .* +4 /);
    expect(tableOf(series)).toContain("\\u001b[2J");
    expect(tableOf(series)).toMatch(/\n3 rows$/);
  });

  it("is a list of each row's columns where the terminal is too narrow for it", () => {
    expect(tableOf(series, 30).split("\n").slice(0, 4)).toEqual([
      "time_ms   2026-03-01 12:00:00",
      "process   web",
      "restarts  4",
      "",
    ]);
    expect(tableOf(series, 30)).toMatch(/\n3 rows$/);
    expect(tableOf(answer({ n: "UInt8" }), 1)).toMatch(/\n0 rows$/);
  });

  it("formats by unit", () => {
    const told = [
      [0, "time", ""],
      [850, "ms", "850 ms"],
      [1500, "ms", "1.5 s"],
      [-90_000, "ms", "-1.5 min"],
      [7_200_000, "ms", "2 h"],
      [33.333, "percent", "33.33 %"],
      [512, "mb", "512 MB"],
      [3, "count", "3"],
      [0.1, undefined, "0.1"],
    ] as const;
    for (const [value, unit, text] of told) expect(formatCell(value, unit)).toBe(text);
  });
});

describe("CSV", () => {
  it("quotes what has to be quoted, and gives a spreadsheet no formula to run", () => {
    const { columns, rows } = answer(
      { name: "String", n: "Int64" },
      { name: 'say "hi", twice\n', n: "-5" },
      { name: '=HYPERLINK("x")', n: null },
      { name: "@x", n: "1" },
    );
    expect(csvOf({ columns, rows })).toBe(
      'name,n\r\n"say ""hi"", twice\n",-5\r\n"\'=HYPERLINK(""x"")",\r\n\'@x,1\r\n',
    );
  });
});

describe("a chart", () => {
  const steps = { fromMs: nowMs, toMs: nowMs + 4 * minute, stepMs: minute };

  it("is one a series, with zeros where nothing was counted", () => {
    expect(chartOf(series, { width: 40, steps })).toMatchInlineSnapshot(`
      "web: restarts, 2026-03-01 12:00:00 to 2026-03-01 12:03:00 UTC
         ▲
        4┤━━━━━━━━━━┓
         │          ┃
         │          ┃
        2┤          ┃         ┏━━━━━━━━━━┓
         │          ┃         ┃          ┃
         │          ┃         ┃          ┃
         │          ┃         ┃          ┃
        0┤          ┗━━━━━━━━━┛          ┗━
         └┬──────────┬─────────┬───────────▶
      12:00      12:01     12:02

      \\u001b[2J: restarts, 2026-03-01 12:00:00 to 2026-03-01 12:03:00 UTC
         ▲
        1┤                   ┏━━━━━━━━━┓
         │                   ┃         ┃
         │                   ┃         ┃
      0.5┤                   ┃         ┃
         │                   ┃         ┃
         │                   ┃         ┃
         │                   ┃         ┃
        0┤━━━━━━━━━━━━━━━━━━━┛         ┗━
         └┬─────────┬─────────┬──────────▶
      12:00     12:01     12:02"
    `);
  });

  it("is a line where it is no count, as wide as the terminal", () => {
    const rows = Array.from({ length: 30 }, (_, at) => ({
      h: `2026-03-01 ${String(at % 24).padStart(2, "0")}:00:00`,
      x: at === 4 ? null : at,
    }));
    const text = chartOf(answer({ h: "DateTime", x: "Float64" }, ...rows.slice(0, 24)), {
      width: 60,
    });
    expect(text).toMatch(/^x, 2026-03-01 00:00:00 to 2026-03-01 23:00:00 UTC\n/);
    expect(Math.max(...text.split("\n").map(({ length }) => length))).toBeLessThanOrEqual(60);
  });

  it("takes the columns asked for, and leaves out the seventh series", () => {
    const many = Array.from({ length: 8 }, (_, at) => ({
      time_ms: nowMs,
      process: `p${at}`,
      n: at,
    }));
    const wide = answer({ time_ms: "Float64", process: "String", n: "UInt64" }, ...many);
    expect(chartOf(wide, { width: 80 })).toMatch(/^p7: n, [^]*\n2 more series are left out\.$/);
    const both = answer(
      { time_ms: "Float64", a: "UInt8", b: "UInt8" },
      { time_ms: nowMs, a: 1, b: 2 },
    );
    expect(chartOf(both, { width: 80, columns: ["b"] })).toMatch(/^b, /);
    expect(chartOf(both, { width: 80, columns: ["b"] })).not.toMatch(/^a, /m);
    expect(() => chartOf(both, { width: 80, columns: ["c"] })).toThrow(UsageError);
  });

  it("says so where there is nothing to draw, or nothing to draw it over", () => {
    expect(chartOf(answer({ time_ms: "Float64", n: "UInt8" }), { width: 80 })).toMatch(
      /^There is nothing/,
    );
    const none = answer({ time_ms: "Float64", x: "Float64" }, { time_ms: nowMs, x: null });
    expect(chartOf(none, { width: 80 })).toMatch(/^There is nothing/);
    expect(() => chartOf(answer({ n: "UInt8" }, { n: 1 }), { width: 80 })).toThrow(UsageError);
    const names = answer({ time_ms: "Float64", name: "String" }, { time_ms: nowMs, name: "a" });
    expect(() => chartOf(names, { width: 80 })).toThrow(UsageError);
  });
});

it("lists every query, and says all about one", () => {
  const list = listingOf();
  for (const { name, question } of catalogue.values()) {
    expect(list).toMatch(new RegExp(`^  @${name} +`, "m"));
    expect(list).toContain(question);
  }
  expect(list).toMatch(/^ {2}@processes .*\(needs machine\)$/m);
  expect(JSON.parse(listingJson())).toHaveLength(catalogue.size);
  const exits = catalogue.get("exits");
  if (exits === undefined) throw new Error("There is no @exits.");
  const about = aboutText(exits);
  for (const said of [exits.question, exits.read, exits.template]) expect(about).toContain(said);
  expect(about).toMatch(/machine_type .* all /);
});

it("says which file it could not read", async () => {
  const asked = runSql(undefined, { url: "http://127.0.0.1:9", file: "/nowhere/x.sql" }, {});
  await expect(asked).rejects.toThrow(/--file "\/nowhere\/x\.sql" cannot be read: ENOENT/);
});
