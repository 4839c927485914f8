import { afterAll, beforeAll, expect, it } from "vitest";
import { openStore } from "./_sql-fixture.ts";
import type { Store } from "./_sql-fixture.ts";

let store: Store;
beforeAll(() => {
  store = openStore();
});
afterAll(() => store[Symbol.dispose]());

const day = "timestamp > NOW() - INTERVAL '24' HOUR";

/** The shapes of queries that dashboards, counters of visits and reports send to Analytics Engine. */
const shapes = [
  `SELECT intDiv(toUInt32(timestamp), 60) * 60 AS t, blob1 AS label, SUM(_sample_interval * double1) / SUM(_sample_interval) AS average_metric FROM machine_metrics WHERE timestamp <= NOW() AND timestamp > NOW() - INTERVAL '1' DAY GROUP BY blob1, t ORDER BY t`,
  `SELECT intDiv(toUInt32(timestamp), 60) * 60 AS t, blob1 AS label, SUM(_sample_interval * double1) / SUM(_sample_interval) AS average_metric FROM machine_metrics WHERE timestamp >= toDateTime(1790000000) AND timestamp <= toDateTime(1790003600) GROUP BY blob1, t ORDER BY t`,
  `SELECT (intDiv(toUnixTimestamp(timestamp) + 28800, 3600) * 3600 - 28800) * 1000 AS bucketMs, sumIf(_sample_interval, blob2 = 'bot') AS bots, sumIf(_sample_interval * double3, double3 > 0) AS total, quantileExactWeighted(0.95)(double3, if(double3 > 0, _sample_interval, 0)) AS p95 FROM machine_metrics WHERE ${day} GROUP BY bucketMs ORDER BY bucketMs`,
  `SELECT blob1 as decision, blob2 as block_reason, double1 as risk_score, timestamp FROM machine_metrics WHERE timestamp >= NOW() - INTERVAL '24' HOUR AND double1 > 0.6 ORDER BY timestamp DESC LIMIT 100`,
  `SELECT toStartOfHour(timestamp) as hour, blob1 as decision, SUM(_sample_interval) as count FROM machine_metrics WHERE ${day} GROUP BY hour, decision ORDER BY hour DESC`,
  `SELECT '2026-09-01' AS day, blob4 AS dim_value, SUM(_sample_interval * double2) AS pageviews, count() AS raw_count, AVG(_sample_interval) AS avg_interval FROM machine_metrics WHERE blob4 != '' GROUP BY blob4 ORDER BY pageviews DESC LIMIT 500`,
  `SELECT COUNT(DISTINCT index1) AS active_estimate FROM machine_metrics WHERE ${day} AND blob1 IN ('daily_active', 'app_active') LIMIT 1`,
  `SELECT blob1 AS value, COUNT(DISTINCT blob7) AS clients, SUM(_sample_interval) AS events FROM machine_metrics WHERE blob1 = 'a' AND blob2 != '' AND timestamp >= NOW() - INTERVAL '7' DAY GROUP BY value ORDER BY clients DESC, events DESC, value ASC LIMIT 50`,
  `SELECT blob1 AS kind, SUM(_sample_interval) AS events, AVG(double2) AS avg_duration_ms, MAX(double3) AS max_status, MIN(timestamp) AS first_seen FROM machine_metrics GROUP BY kind ORDER BY events DESC`,
  `SELECT SUM(_sample_interval) as count,
 /* interval start needs local timezone */
 toStartOfInterval(timestamp, INTERVAL '1' DAY, 'America/New_York') as _bucket,
 /* format output date as UTC */
 toDateTime(_bucket, 'Etc/UTC') as bucket
 FROM machine_metrics WHERE timestamp > toDateTime('2026-01-01 00:00:00', 'America/New_York') AND blob8 = '' GROUP BY _bucket ORDER BY _bucket ASC`,
  `SELECT toStartOfInterval(timestamp, INTERVAL '7' DAY) AS week, SUM(_sample_interval) AS visits FROM machine_metrics WHERE blob1 = 'pageview' AND blob2 = '/' AND timestamp > NOW() - INTERVAL '90' DAY GROUP BY week ORDER BY week`,
  `SELECT index1 AS endpoint, sum(if(double2 = 1, 1, 0)) AS hits, count() AS total, sum(if(double2 = 1, 1, 0)) / count() AS hit_rate FROM machine_metrics WHERE index1 IN ('cite_book', 'm-1') GROUP BY endpoint`,
  `SELECT toStartOfInterval(timestamp, INTERVAL '1' SECOND ) AS ts, index1 as tenant, blob1 AS path, sum(_sample_interval) as rps FROM machine_metrics WHERE timestamp > NOW() - INTERVAL '1' HOUR Group by tenant, path, ts order by ts`,
  `SELECT SUM(_sample_interval) AS n, SUM(IF(double3 = 1, 0, _sample_interval)) AS failures FROM machine_metrics GROUP BY blob2, blob3`,
  `SELECT sum(pageviews) AS total FROM (SELECT blob1 AS visitor, sum(_sample_interval) AS pageviews FROM machine_metrics GROUP BY visitor)`,
  `SELECT max(double1) AS m, argMax(blob1, double1) AS who FROM machine_metrics HAVING m > 1`,
  `SELECT blob1, topKWeighted(3)(blob2, _sample_interval) AS top FROM machine_metrics GROUP BY blob1`,
  `SELECT avgIf(double1, blob1 = 'a') AS a, countIf(double1 > 1 AND blob1 LIKE 'a%') AS n, sumIf(_sample_interval, NOT (blob1 = 'a')) AS s FROM machine_metrics`,
  `SELECT formatDateTime(timestamp, '%Y-%m-%d') AS day, sum(_sample_interval) AS n FROM machine_metrics GROUP BY day ORDER BY day DESC LIMIT 30;`,
  `select blob1 as b, sum(_sample_interval) as n from machine_metrics where blob1 not in ('x','y') and double1 between 1 and 3 group by b having n > 0 order by n desc limit 5 offset 0 format JSONEachRow`,
  `SELECT toHour(timestamp) AS h, toDayOfWeek(timestamp) AS d, sum(_sample_interval) AS n FROM machine_metrics GROUP BY h, d ORDER BY d, h`,
  `SELECT "blob1" AS "user agent", SUM("_sample_interval") AS n FROM "machine_metrics" GROUP BY "user agent" ORDER BY n`,
  `SELECT now() AS t, today() AS d, toYYYYMM(now()) AS m`,
  `SELECT 'Hello Workers Analytics Engine' AS message`,
  `SELECT position('T' IN blob2) AS p, substring(blob2, 1, position('T' IN blob2) - 1) AS day, count() AS n FROM machine_metrics WHERE p > 0 GROUP BY p, day`,
  `SELECT quantileWeighted(0.9, double1, _sample_interval) AS q, QUANTILEEXACTWEIGHTED(0.5)(double2, _sample_interval) AS r FROM machine_metrics`,
  `SELECT if(sum(_sample_interval) > 0, sum(_sample_interval * double1) / sum(_sample_interval), 0.0) AS a FROM machine_metrics`,
  `SELECT count() FROM machine_metrics WHERE timestamp >= toDateTime('2026-09-01T00:00:00') AND timestamp < toDateTime('2026-09-03 00:00:00')`,
  `SELECT blob1 AS c, count() AS n FROM machine_metrics WHERE timestamp > now() - toIntervalDay(90) GROUP BY c ORDER BY c`,
  `SELECT extract(HOUR FROM timestamp) AS h, bitAnd(toUInt32(double1), 1) AS odd, count() AS n FROM machine_metrics GROUP BY h, odd ORDER BY h`,
  `SELECT first_value(blob1) AS f, last_value(blob1) AS l FROM machine_metrics`,
  `SELECT blob1 AS a, double1 AS d FROM machine_metrics WHERE a = 'a' ORDER BY d DESC, a LIMIT ALL`,
];

it.each(shapes)("is answered, with the columns that were foretold: %s", (sql) => {
  expect(store.ask(sql).meta.length).toBeGreaterThan(0);
});
