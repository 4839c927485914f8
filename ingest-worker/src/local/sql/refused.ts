/**
 * Where sightings of production contradict each other, or nobody has seen what it does: refused by
 * default, taken with `strict: false`.
 */
export const doubtfulExamples: readonly { readonly what: string; readonly sql: string }[] = [
  {
    what: "a quote or backslash in a string: one project was refused, others send both",
    sql: "SELECT count() AS n FROM machine_metrics WHERE blob1 = 'o''hara'",
  },
  {
    what: "a dataset that was never written to: an error, or an answer without rows",
    sql: "SELECT count() AS n FROM never_written",
  },
  {
    what: "count(DISTINCT) of an expression",
    sql: "SELECT count(DISTINCT lower(blob1)) AS n FROM machine_metrics",
  },
  { what: "toDate()", sql: "SELECT toDate(timestamp) AS day FROM machine_metrics LIMIT 1" },
  { what: "an interval without quotes", sql: "SELECT now() - INTERVAL 1 DAY AS t" },
  { what: "an alias of the table", sql: "SELECT m.blob1 FROM machine_metrics AS m LIMIT 1" },
  {
    what: "a position in ORDER BY",
    sql: "SELECT blob1, count() AS n FROM machine_metrics GROUP BY blob1 ORDER BY 2 DESC",
  },
  { what: "a DateTime and a number of seconds", sql: "SELECT now() - 3600 AS t" },
  {
    what: "the difference of two DateTimes",
    sql: "SELECT max(timestamp) - min(timestamp) AS seconds FROM machine_metrics",
  },
  {
    what: "a large double without a fraction, which one project saw typed as an integer",
    sql: "SELECT min(if(double1 > 0, double1, 99999999999999.0)) AS low FROM machine_metrics",
  },
  { what: "a format in another spelling", sql: "SELECT 1 AS one FORMAT json" },
];

/** What is refused whatever the setting, one statement each; the refusal says what to write. */
export const refusedExamples: readonly string[] = [
  "SELECT DISTINCT blob1 FROM machine_metrics",
  "SELECT count(*) FROM machine_metrics",
  "SELECT sum(CASE WHEN blob1 = 'a' THEN 1 ELSE 0 END) FROM machine_metrics",
  "SELECT CAST(double1 AS String) FROM machine_metrics",
  "SELECT double1::Int64 FROM machine_metrics",
  "SELECT blob1 || blob2 FROM machine_metrics",
  "SELECT blob1 FROM machine_metrics WHERE blob1 IS NOT NULL",
  "SELECT blobs[1] FROM machine_metrics",
  "SELECT NULL",
  "SELECT if(blob1 = 'a', double1, 0) FROM machine_metrics",
  "SELECT if(blob1 = 'a', blob2, NULL) FROM machine_metrics",
  "SELECT max(blob1) FROM machine_metrics",
  "SELECT sum(double1 > 2) FROM machine_metrics",
  "SELECT sum(_sample_interval * count()) FROM machine_metrics",
  "SELECT count() AS n, n / 2 AS half FROM machine_metrics",
  "SELECT blob1, count() FROM machine_metrics",
  "SELECT blob1 FROM machine_metrics WHERE timestamp > '2026-09-01 00:00:00'",
  "SELECT blob1 FROM machine_metrics WHERE blob1 = 5",
  "SELECT blob1 FROM machine_metrics WHERE double1",
  "SELECT blob1 FROM machine_metrics WHERE count() > 2",
  "SELECT blob1 FROM machine_metrics WHERE blob1 IN (SELECT blob2 FROM machine_metrics)",
  "SELECT count() FROM machine_metrics GROUP BY substring(blob1, 1, 2)",
  "SELECT blob1 AS host FROM machine_metrics ORDER BY blob1",
  "SELECT blob1 FROM machine_metrics ORDER BY timestamp",
  "SELECT nosuch FROM machine_metrics",
  'SELECT blob1 FROM machine_metrics WHERE blob1 = "a"',
  "SELECT a.blob1 FROM machine_metrics AS a JOIN machine_metrics AS b ON a.blob1 = b.blob1",
  "SELECT blob1 FROM machine_metrics UNION ALL SELECT blob2 FROM machine_metrics",
  "WITH hosts AS (SELECT blob1 FROM machine_metrics) SELECT * FROM hosts",
  "SELECT x FROM (SELECT y AS x FROM (SELECT blob1 AS y FROM machine_metrics))",
  "SELECT row_number() OVER (ORDER BY timestamp) FROM machine_metrics",
  "SELECT now() + INTERVAL '-1' DAY",
  "SELECT toDateTime('2026-09-01T00:00:00Z')",
  "SELECT `blob1` FROM machine_metrics",
  "SELECT count() FROM machine-metrics",
  "SELECT count() FROM system.tables",
  "SELECT * FROM file('/etc/passwd')",
  "SELECT blob1 FROM machine_metrics LIMIT 5 ORDER BY blob1",
  "SELECT blob1 FROM machine_metrics FORMAT CSV",
  "SELECT $timeSeries AS t FROM machine_metrics",
  "DROP TABLE machine_metrics",
  '{"query": "SELECT 1"}',
];
