-- question: How busy was a machine?
-- parameter: machine text
-- parameter: since duration
-- parameter: step milliseconds
-- unit: cpu_percent, cpu_percent_max and disk_used_percent in %, memory in MB; time_ms is the step's begin, in ms since the epoch
-- read: Means over each step; a gap is a time without samples. The host's figures, which under a cgroup's limit are not the sandbox's own.
SELECT
  floor(double5 / {step}) * {step} AS time_ms,
  sum(_sample_interval * double1) / sum(_sample_interval) AS cpu_percent,
  max(double1) AS cpu_percent_max,
  sum(_sample_interval * double2) / sum(_sample_interval) AS memory_used_mb,
  max(double3) AS memory_total_mb,
  sum(_sample_interval * double4) / sum(_sample_interval) AS disk_used_percent,
  sum(_sample_interval) AS samples
FROM machine_metrics
WHERE timestamp >= now() - {since}
  AND double5 >= toUnixTimestamp(now() - {since}) * 1000
  AND blob4 = 'resource'
  AND index1 = {machine}
GROUP BY time_ms
ORDER BY time_ms
LIMIT 10000
