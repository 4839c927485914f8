import fc from "fast-check";
import { expect, it } from "vitest";
import { catalogue, fillQuery } from "../src/catalogue/index.ts";
import { translateQuery } from "../src/local/sql/translate.ts";

const tables = new Map([["machine_metrics", "ae.machine_metrics"]]);
const nowMs = Date.parse("2026-03-01T12:00:00Z");

/** What may break out of a text, beside what else a name can be. */
const hostile = fc.constantFrom(
  "'",
  "\\",
  "''",
  "\\'",
  "' OR '1' = '1",
  "--",
  "/*",
  "{org}",
  "$&",
  "\n",
  "\0",
);
const text = fc
  .array(fc.oneof(fc.string({ unit: "binary", maxLength: 8 }), hostile), { maxLength: 4 })
  .map((parts) => parts.join(""));
const value = fc.oneof(text, fc.constantFrom("1", "6h", "now", "5m", "org", "machine"));
const names = fc.constantFrom(
  "from",
  "to",
  "org",
  "project",
  "machine",
  "process",
  "boot",
  "step",
  "by",
  "limit",
);

it("says what it was made to say, whatever it is asked with", () => {
  const queries = fc.constantFrom(...catalogue.values());
  const asked = fc.array(fc.tuple(names, value), { maxLength: 6 });
  fc.assert(
    fc.property(queries, asked, fc.option(text, { nil: undefined }), (query, pairs, org) => {
      const given = new URLSearchParams(pairs.filter(([name]) => query.parameters.has(name)));
      const filled = fillQuery(query, given, {
        nowMs,
        ...(org !== undefined && { viewerOrg: org }),
      });
      if (filled.kind === "invalid") return;
      const translated = translateQuery(filled.sql, { tables });
      if (!translated.ok) throw new Error(`${translated.message}\n${filled.sql}`);
      expect(shapeOf(filled.sql)).toBe(shapeOf(plain(query.name)));
      const kept = org ?? given.get("org") ?? "";
      expect(filled.sql).toContain(`('${kept}' = '' OR blob1 = '${kept}')`);
    }),
    { numRuns: 300 },
  );
});

/** The same query, asked with nothing that could do harm. */
function plain(name: string): string {
  const query = catalogue.get(name);
  const needed = [...(query?.parameters.values() ?? [])].filter((one) => one.default === undefined);
  const values = new Map(needed.map((one) => [one.name, "m"]));
  const filled = query && fillQuery(query, values, { nowMs });
  return filled?.kind === "statement" ? filled.sql : "";
}

/** What is left of a statement without its values: the same for all of one query's. */
function shapeOf(sql: string): string {
  return sql
    .replaceAll(/'[^']*'/g, "''")
    .replaceAll(/\b\d+\b/g, "0")
    .replaceAll(/\b(?:blob|double|index)\d+ AS (name|value)\b/g, "column AS $1")
    .replaceAll(/\b(?:blob|index)\d+ != ''/g, "column != ''");
}
