-- question: How did the processes of a machine end?
-- parameter: machine text
-- parameter: since duration
-- unit: exits is a count; last_ms in ms since the epoch; mean_run_ms and longest_run_ms in ms
-- read: Exit code -1 is a process stopped on request, or killed by a signal that nobody recorded; 128 and more is 128 plus the signal's number.
SELECT
  blob5 AS process,
  double3 AS exit_code,
  blob10 AS signal,
  sum(_sample_interval) AS exits,
  max(double5) AS last_ms,
  sum(_sample_interval * double1) / sum(_sample_interval) AS mean_run_ms,
  max(double1) AS longest_run_ms
FROM machine_metrics
WHERE timestamp >= now() - {since}
  AND double5 >= toUnixTimestamp(now() - {since}) * 1000
  AND blob4 = 'process'
  AND blob9 IN ('running', 'stopping')
  AND blob6 NOT IN ('running', 'stopping', 'silent')
  AND index1 = {machine}
GROUP BY process, exit_code, signal
ORDER BY exits DESC
LIMIT 1000
