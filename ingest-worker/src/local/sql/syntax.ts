/** One documented piece of syntax, with a statement that shows it and the rows that answer it. */
export interface SyntaxExample {
  readonly group: "Statements and clauses" | "Literals" | "Operators";
  readonly name: string;
  readonly sql: string;
  /** The answer's rows over the tests' four rows; left out where it depends on the machine. */
  readonly rows?: readonly Readonly<Record<string, unknown>>[];
  readonly note?: string;
}

const from = "FROM machine_metrics";

const statements: readonly Omit<SyntaxExample, "group">[] = [
  { name: "SHOW TABLES", sql: "SHOW TABLES", note: "one column, `dataset`" },
  { name: "SHOW TIMEZONES", sql: "SHOW TIMEZONES", note: "one column, `timezone`" },
  { name: "SHOW TIMEZONE", sql: "SHOW TIMEZONE", rows: [{ timezone: "Etc/UTC" }] },
  { name: "SELECT without FROM", sql: "SELECT 'ready' AS state", rows: [{ state: "ready" }] },
  {
    name: "SELECT *",
    sql: `SELECT * ${from} LIMIT 1`,
    note: "dataset, timestamp, _sample_interval, index1, blob1 to blob20, double1 to double20",
  },
  {
    name: "AS, and an alias without it",
    sql: `SELECT max(double1) AS high, min(double1) low ${from}`,
    rows: [{ high: 4, low: 1.5 }],
  },
  {
    name: "an expression without an alias",
    sql: `SELECT COUNT(), double1 + 1 ${from} WHERE double1 > 3 GROUP BY double1`,
    rows: [{ "count()": "1", "plus(double1, 1)": 5 }],
    note: "is named as ClickHouse names it",
  },
  {
    name: 'FROM "dataset"',
    sql: 'SELECT count() AS n FROM "machine-metrics"',
    rows: [{ n: "4" }],
    note: "double quotes for names with other signs than letters, digits and _",
  },
  {
    name: "FROM (SELECT …)",
    sql: `SELECT sum(high) AS total FROM (SELECT blob1 AS host, max(double1) AS high ${from} GROUP BY host)`,
    rows: [{ total: 10 }],
    note: "one level, without an alias",
  },
  { name: "WHERE", sql: `SELECT count() AS n ${from} WHERE double1 > 2`, rows: [{ n: "3" }] },
  {
    name: "WHERE, by an alias",
    sql: `SELECT blob1 AS host, count() AS n ${from} WHERE host = 'a' GROUP BY host`,
    rows: [{ host: "a", n: "2" }],
  },
  {
    name: "GROUP BY",
    sql: `SELECT blob1 AS host, sum(_sample_interval) AS n ${from} GROUP BY blob1 ORDER BY host`,
    rows: [
      { host: "a", n: "3" },
      { host: "b", n: "4" },
      { host: "c", n: "1" },
    ],
    note: "names of columns and aliases only",
  },
  {
    name: "GROUP BY an alias",
    sql: `SELECT toStartOfHour(timestamp) AS hour, count() AS n ${from} GROUP BY hour ORDER BY hour LIMIT 1`,
    rows: [{ hour: "2026-09-01 10:00:00", n: "2" }],
  },
  {
    name: "HAVING",
    sql: `SELECT blob1 AS host, sum(_sample_interval) AS n ${from} GROUP BY host HAVING n > 3`,
    rows: [{ host: "b", n: "4" }],
  },
  {
    name: "HAVING without GROUP BY",
    sql: `SELECT count() AS n ${from} HAVING count() > 4`,
    rows: [],
  },
  {
    name: "ORDER BY … ASC, … DESC",
    sql: `SELECT double1 AS x, double2 AS y ${from} ORDER BY x ASC, y DESC LIMIT 3`,
    rows: [
      { x: 1.5, y: 10 },
      { x: 3, y: 20 },
      { x: 3, y: 10 },
    ],
    note: "by columns of the answer only",
  },
  {
    name: "LIMIT and OFFSET",
    sql: `SELECT double1 AS x ${from} ORDER BY x LIMIT 1 OFFSET 3`,
    rows: [{ x: 4 }],
  },
  {
    name: "LIMIT ALL",
    sql: `SELECT blob1 AS x ${from} WHERE blob1 = 'c' LIMIT ALL`,
    rows: [{ x: "c" }],
  },
  {
    name: "FORMAT",
    sql: "SELECT 1 AS one FORMAT JSONEachRow",
    rows: [{ one: 1 }],
    note: "JSON, JSONEachRow, TabSeparated",
  },
  {
    name: "comments and a closing semicolon",
    sql: "SELECT /* one */ 1 AS one -- two\n;",
    rows: [{ one: 1 }],
  },
  {
    name: "no row matches",
    sql: `SELECT count() AS n, sum(double1) AS s, avg(double1) AS a ${from} WHERE blob1 = 'none'`,
    rows: [{ n: "0", s: 0, a: null }],
    note: "an aggregate without GROUP BY still answers with one row",
  },
];

const literals: readonly Omit<SyntaxExample, "group">[] = [
  { name: "integer", sql: "SELECT 42 AS a, -42 AS b", rows: [{ a: 42, b: -42 }] },
  {
    name: "double",
    sql: "SELECT 4.2 AS a, -4.2 AS b, 0.0 AS c",
    rows: [{ a: 4.2, b: -4.2, c: 0 }],
  },
  {
    name: "string",
    sql: "SELECT 'so \"long\"' AS s",
    rows: [{ s: 'so "long"' }],
    note: "without any escape: no ' and no \\ inside",
  },
  {
    name: "boolean",
    sql: `SELECT count() AS n ${from} WHERE true AND NOT false`,
    rows: [{ n: "4" }],
  },
  {
    name: "interval",
    sql: "SELECT toDateTime('2026-03-01 00:00:00') - INTERVAL '1' DAY AS t",
    rows: [{ t: "2026-02-28 00:00:00" }],
    note: "YEAR, MONTH, DAY, HOUR, MINUTE, SECOND; the number in quotes",
  },
];

const operators: readonly Omit<SyntaxExample, "group">[] = [
  {
    name: "+ - * / %",
    sql: "SELECT 7 + 2 AS a, 7 - 9 AS b, 7 * 2 AS c, 7 / 2 AS d, 7 % 4 AS e",
    rows: [{ a: 9, b: -2, c: 14, d: 3.5, e: 3 }],
  },
  { name: "- (negation)", sql: "SELECT -(1 + 2) AS a", rows: [{ a: -3 }] },
  {
    name: "precedence",
    sql: "SELECT 1 + 2 * 3 - 4 / 2 AS a, (1 + 2) * 3 AS b, 10 - 3 - 2 AS c",
    rows: [{ a: 5, b: 9, c: 5 }],
  },
  {
    name: "DateTime + and - interval",
    sql: "SELECT toDateTime('2026-01-31 23:00:00') + INTERVAL '2' HOUR AS t",
    rows: [{ t: "2026-02-01 01:00:00" }],
  },
  ...(
    [
      ["=", "2"],
      ["<", "1"],
      [">", "1"],
      ["<=", "3"],
      [">=", "3"],
      ["<>", "2"],
      ["!=", "2"],
    ] as const
  ).map(([operator, n]) => ({
    name: operator,
    sql: `SELECT count() AS n ${from} WHERE double1 ${operator} 3`,
    rows: [{ n }],
  })),
  { name: "IN", sql: `SELECT count() AS n ${from} WHERE blob1 IN ('a', 'b')`, rows: [{ n: "3" }] },
  {
    name: "NOT IN",
    sql: `SELECT count() AS n ${from} WHERE double1 NOT IN (3, 4)`,
    rows: [{ n: "1" }],
  },
  {
    name: "BETWEEN",
    sql: `SELECT count() AS n ${from} WHERE double1 BETWEEN 3 AND 4`,
    rows: [{ n: "3" }],
  },
  {
    name: "NOT BETWEEN",
    sql: `SELECT count() AS n ${from} WHERE double1 NOT BETWEEN 3 AND 4`,
    rows: [{ n: "1" }],
  },
  {
    name: "LIKE",
    sql: `SELECT count() AS n ${from} WHERE blob2 LIKE '%01T1_'`,
    rows: [{ n: "3" }],
  },
  {
    name: "NOT LIKE",
    sql: `SELECT count() AS n ${from} WHERE index1 NOT LIKE 'M-%'`,
    rows: [{ n: "4" }],
  },
  {
    name: "ILIKE",
    sql: `SELECT count() AS n ${from} WHERE index1 ILIKE 'M-%'`,
    rows: [{ n: "4" }],
  },
  {
    name: "NOT ILIKE",
    sql: `SELECT count() AS n ${from} WHERE blob1 NOT ILIKE 'A'`,
    rows: [{ n: "2" }],
  },
  {
    name: "AND",
    sql: `SELECT count() AS n ${from} WHERE blob1 = 'a' AND double1 = 3`,
    rows: [{ n: "1" }],
  },
  {
    name: "OR",
    sql: `SELECT count() AS n ${from} WHERE blob1 = 'a' OR double1 = 3`,
    rows: [{ n: "3" }],
  },
  {
    name: "NOT",
    sql: `SELECT count() AS n ${from} WHERE NOT blob1 = 'a' AND NOT (double1 = 4)`,
    rows: [{ n: "1" }],
  },
];

/** Every documented statement, clause, literal and operator. */
export const syntaxExamples: readonly SyntaxExample[] = [
  ...statements.map((example) => ({ group: "Statements and clauses" as const, ...example })),
  ...literals.map((example) => ({ group: "Literals" as const, ...example })),
  ...operators.map((example) => ({ group: "Operators" as const, ...example })),
];
