-- question: When did which process of a machine restart?
-- parameter: machine text
-- parameter: since duration
-- parameter: step milliseconds
-- unit: restarts in each step; time_ms is the step's begin, in ms since the epoch
-- read: A step without a row had no restart. A process in a crash loop restarts once more when its backoff is over.
SELECT
  floor(double5 / {step}) * {step} AS time_ms,
  blob5 AS process,
  sum(_sample_interval) AS restarts
FROM machine_metrics
WHERE timestamp >= now() - {since}
  AND double5 >= toUnixTimestamp(now() - {since}) * 1000
  AND blob4 = 'process'
  AND blob6 IN ('restarting', 'crash-loop-backoff')
  AND index1 = {machine}
GROUP BY time_ms, process
ORDER BY time_ms
LIMIT 10000
