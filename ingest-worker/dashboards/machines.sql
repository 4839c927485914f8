-- question: Which machines have reported, and how have they been?
-- parameter: since duration
-- unit: last_event_ms in ms since the epoch; points and restarts are counts
-- read: One row a machine, the one heard of last first. A machine that is missing has said nothing in the time looked at.
SELECT
  index1 AS machine,
  argMax(blob1, double5) AS org,
  argMax(blob2, double5) AS project,
  argMax(blob3, double5) AS machine_type,
  max(double5) AS last_event_ms,
  sum(_sample_interval) AS points,
  sumIf(_sample_interval, blob4 = 'process' AND blob6 IN ('restarting', 'crash-loop-backoff')) AS restarts
FROM machine_metrics
WHERE timestamp >= now() - {since}
  AND double5 >= toUnixTimestamp(now() - {since}) * 1000
  AND blob4 IN ('resource', 'process', 'startup', 'journal')
GROUP BY machine
ORDER BY last_event_ms DESC
LIMIT 500
