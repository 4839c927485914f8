import fc from "fast-check";
import { functions } from "../src/local/sql/functions/index.ts";

/** The kinds of values that a random expression can have. */
type Kind = "integer" | "double" | "string" | "datetime" | "condition";

const column = {
  integer: fc.constantFrom("_sample_interval"),
  double: fc.constantFrom("double1", "double2", "double3"),
  string: fc.constantFrom("blob1", "blob2", "index1", "dataset"),
  datetime: fc.constantFrom("timestamp"),
};

const literal = {
  integer: fc
    .oneof(
      fc.nat(300),
      fc.maxSafeNat(),
      fc.nat(300).map((n) => -n),
    )
    .map(String),
  double: fc.oneof(
    fc.integer({ min: 0, max: 1000 }).map((n) => (n / 8).toFixed(3)),
    fc.constantFrom("0.0", "1.", ".5", "1e3", "2.5E-3"),
  ),
  string: fc
    .string({ unit: "grapheme", maxLength: 6 })
    .filter((text) => !/['\\]/.test(text))
    .map((text) => `'${text}'`),
  datetime: fc.constantFrom("now()", "toDateTime('2026-09-01 10:00:00')", "toDateTime(1788220800)"),
};

const unit = fc.constantFrom("YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND");
const zone = fc.constantFrom("Etc/UTC", "America/New_York", "Asia/Kolkata");
const startOf = fc.constantFrom("Year", "Month", "Week", "Day", "Hour", "FifteenMinutes", "Minute");
const partOf = fc.constantFrom(
  "Year",
  "Month",
  "DayOfMonth",
  "DayOfWeek",
  "Hour",
  "Minute",
  "Second",
);
const comparison = fc.constantFrom("=", "<", ">", "<=", ">=", "<>", "!=");

/** Joins templates and arbitraries: `sql` for text that is built from random parts. */
function sql(
  parts: TemplateStringsArray,
  ...values: readonly fc.Arbitrary<string>[]
): fc.Arbitrary<string> {
  return fc
    .tuple(...values)
    .map((texts) => parts.reduce((whole, part, index) => whole + (texts[index - 1] ?? "") + part));
}

type Kinds = Readonly<Record<Kind, fc.Arbitrary<string>>>;
const depth = { depthSize: "small", maxDepth: 4 } as const;
const arithmetic = fc.constantFrom("+", "-", "*");

const integers = ({ integer, double, string, datetime, condition }: Kinds): fc.Arbitrary<string> =>
  fc.oneof(
    depth,
    literal.integer,
    column.integer,
    sql`(${integer} ${arithmetic} ${integer})`,
    sql`${integer} % 7`,
    sql`intDiv(${integer}, 3)`,
    sql`-(${integer})`,
    sql`if(${condition}, ${integer}, ${integer})`,
    sql`length(${string})`,
    sql`position(${string} IN ${string})`,
    sql`to${partOf}(${datetime})`,
    sql`toUnixTimestamp(${datetime})`,
    sql`toUInt32(${column.double})`,
    sql`toUInt8(${integer})`,
    sql`bitAnd(${integer}, ${integer})`,
    sql`bitXor(${integer}, ${integer})`,
    sql`bitNot(${integer})`,
    sql`bitCount(${double})`,
    sql`bitShiftLeft(${integer}, 1)`,
    sql`bitRotateRight(_sample_interval, 2)`,
    sql`extract(${unit} FROM ${datetime})`,
    sql`toYYYYMM(${datetime})`,
    sql`round(${integer})`,
  );

const doubles = ({ integer, double, condition }: Kinds): fc.Arbitrary<string> =>
  fc.oneof(
    depth,
    literal.double,
    column.double,
    sql`(${double} ${arithmetic} ${integer})`,
    sql`(${integer} / ${double})`,
    sql`${double} % 3`,
    sql`-(${double})`,
    sql`if(${condition}, ${double}, ${double})`,
    sql`pow(${double}, ${integer})`,
    sql`log(${integer})`,
    sql`round(${double}, 2)`,
    sql`ceil(${double})`,
  );

const strings = ({ integer, double, string, datetime, condition }: Kinds): fc.Arbitrary<string> =>
  fc.oneof(
    depth,
    literal.string,
    column.string,
    sql`if(${condition}, ${string}, ${string})`,
    sql`lower(${string})`,
    sql`toUpper(${string})`,
    sql`substring(${string}, 2, 3)`,
    sql`format('{}/{}', ${string}, ${double})`,
    sql`format('{} {}', ${integer}, ${datetime})`,
    sql`hex(${string})`,
    sql`bin(${integer})`,
    sql`formatDateTime(${datetime}, '%Y-%m-%d %H')`,
  );

const datetimes = ({ datetime, condition }: Kinds): fc.Arbitrary<string> =>
  fc.oneof(
    depth,
    literal.datetime,
    column.datetime,
    sql`(${datetime} - INTERVAL '3' ${unit})`,
    sql`(INTERVAL '2' ${unit} + ${datetime})`,
    sql`(${datetime} - toIntervalDay(1))`,
    sql`if(${condition}, ${datetime}, ${datetime})`,
    sql`toStartOf${startOf}(${datetime})`,
    sql`toStartOfInterval(${datetime}, INTERVAL '2' ${unit})`,
    sql`toStartOfInterval(${datetime}, INTERVAL '1' ${unit}, '${zone}')`,
    sql`toDateTime(toUnixTimestamp(${datetime}), '${zone}')`,
  );

const conditions = ({
  integer,
  double,
  string,
  datetime,
  condition,
}: Kinds): fc.Arbitrary<string> =>
  fc.oneof(
    depth,
    fc.constantFrom("true", "1 = 0"),
    sql`${integer} ${comparison} ${double}`,
    sql`${string} ${comparison} ${string}`,
    sql`${datetime} ${comparison} ${datetime}`,
    sql`(${condition} AND ${condition})`,
    sql`(${condition} OR ${condition} OR ${condition})`,
    sql`NOT ${condition}`,
    sql`${string} IN (${literal.string}, ${string})`,
    sql`${double} NOT IN (1, 2.5)`,
    sql`${integer} BETWEEN ${integer} AND ${double}`,
    sql`${string} LIKE '%a_'`,
    sql`${string} NOT ILIKE ${string}`,
    sql`empty(${string})`,
    sql`startsWith(${string}, ${string})`,
  );

/** Random expressions over a row, by kind, at most some levels deep. */
const scalar: Kinds = fc.letrec<Record<Kind, string>>((tie) => {
  const kinds: Kinds = {
    integer: tie("integer"),
    double: tie("double"),
    string: tie("string"),
    datetime: tie("datetime"),
    condition: tie("condition"),
  };
  return {
    integer: integers(kinds),
    double: doubles(kinds),
    string: strings(kinds),
    datetime: datetimes(kinds),
    condition: conditions(kinds),
  };
});

/** Random expressions over a group of rows. */
const aggregate = fc.oneof(
  fc.constantFrom("count()", "count(DISTINCT blob1)", "topK(2)(blob1)", "sum(DISTINCT double1)"),
  sql`sum(${scalar.integer})`,
  sql`sum(_sample_interval * ${scalar.double}) / sum(_sample_interval)`,
  sql`avg(${scalar.double})`,
  sql`max(${scalar.datetime})`,
  sql`min(${scalar.integer})`,
  sql`countIf(${scalar.condition})`,
  sql`sumIf(${scalar.double}, ${scalar.condition})`,
  sql`argMax(${scalar.string}, ${scalar.datetime})`,
  sql`quantileExactWeighted(0.9)(${scalar.double}, _sample_interval)`,
  sql`if(count() > 2, max(${scalar.double}), 0.0)`,
);

/** Random queries that are valid: what is translated must run, and have the foretold columns. */
export const validQuery = fc.oneof(
  fc
    .tuple(
      fc.array(
        fc.oneof(scalar.integer, scalar.double, scalar.string, scalar.datetime, scalar.condition),
        {
          minLength: 1,
          maxLength: 4,
        },
      ),
      scalar.condition,
    )
    .map(([columns, condition]) => {
      const list = columns.map((text, index) => `${text} AS c${index}`).join(", ");
      return `SELECT ${list} FROM machine_metrics WHERE ${condition} ORDER BY c0 LIMIT 3`;
    }),
  fc
    .tuple(
      fc.oneof(scalar.string, scalar.datetime, scalar.integer),
      fc.array(aggregate, { maxLength: 4 }),
    )
    .map(([key, columns]) => {
      const list = [`${key} AS k`, ...columns.map((text, index) => `${text} AS c${index}`)].join(
        ", ",
      );
      return `SELECT ${list} FROM machine_metrics GROUP BY k HAVING count() > 0 ORDER BY k DESC`;
    }),
);

/** Literals at the edges of what functions take, and columns whose values are tame. */
const edges = fc.constantFrom(
  "0",
  "1",
  "-1",
  "2",
  "8",
  "20",
  "64",
  "300",
  "65536",
  "4294967296",
  "18446744073709551615",
  "-9223372036854775808",
  "-128",
  "0.0",
  "0.5",
  "-1.5",
  "1e300",
  "1e-300",
  "''",
  "'a'",
  "'12'",
  "'-1'",
  "'1e5'",
  "'%'",
  "'%Y%'",
  "'%Y-%m'",
  "'%é'",
  "'{}'",
  "'Etc/UTC'",
  "'Nowhere'",
  "'2026-02-30'",
  "'2026-09-01 10:00:00'",
  "now()",
  "today()",
  "timestamp",
  "double1",
  "_sample_interval",
  "true",
  "INTERVAL '0' SECOND",
  "INTERVAL '1' MONTH",
  "INTERVAL '999999999' YEAR",
  "toDateTime(0)",
);

const operator = fc.constantFrom(..."+ - * / % = < >= <> LIKE ILIKE IN".split(" "));

/** One function or operator of literals, most of which it does not take. */
export const callOfLiterals = fc.oneof(
  fc
    .tuple(
      fc.constantFrom(...functions),
      fc.option(fc.constantFrom("0", "1", "0.5", "-1", "65536", "65537", "1e300")),
      fc.array(edges, { minLength: 3, maxLength: 3 }),
      fc.nat(3),
    )
    .map(([{ name, parameter, parameters }, level, args, more]) => {
      const needed = parameters.filter(({ optional }) => optional !== true).length;
      const given = args.slice(0, Math.min(needed + (more % 2), 3));
      const lead = parameter === undefined || level === null ? "" : `(${level})`;
      return `${name}${lead}(${given.join(name === "position" ? " IN " : ", ")})`;
    }),
  sql`${edges} ${operator} ${edges}`,
  sql`${edges} NOT IN (${edges}, ${edges})`,
);
