-- group: processes
-- question: How did processes end, by exit code and signal?
-- parameter: from time = 24h
-- parameter: to time = now
-- parameter: org text = ''
-- parameter: project text = ''
-- parameter: machine_type text = ''
-- parameter: machine text = ''
-- parameter: process text = ''
-- parameter: limit count = 1000
-- unit: exits is a count; last_ms in ms since the epoch; mean_run_ms and longest_run_ms in ms
-- read: Exit code -1 is a process stopped on request, or killed by a signal that nobody recorded; 128 and more is 128 plus the signal's number. A run whose beginning was not seen counts as one of 0 ms.
-- column: process text
-- column: exit_code number
-- column: signal text
-- column: exits count
-- column: last_ms time
-- column: mean_run_ms ms
-- column: longest_run_ms ms
SELECT
  blob5 AS process,
  double3 AS exit_code,
  blob10 AS signal,
  sum(_sample_interval) AS exits,
  max(double5) AS last_ms,
  sum(_sample_interval * double1) / sum(_sample_interval) AS mean_run_ms,
  max(double1) AS longest_run_ms
FROM machine_metrics
WHERE timestamp >= toDateTime(intDiv({from}, 1000))
  AND double5 >= {from} AND double5 < {to}
  AND blob4 = 'process'
  AND blob9 IN ('running', 'stopping')
  AND blob6 NOT IN ('running', 'stopping', 'silent')
  AND ({org} = '' OR blob1 = {org})
  AND ({project} = '' OR blob2 = {project})
  AND ({machine_type} = '' OR blob3 = {machine_type})
  AND ({machine} = '' OR index1 = {machine})
  AND ({process} = '' OR blob5 = {process})
GROUP BY process, exit_code, signal
ORDER BY exits DESC, process, exit_code, signal
LIMIT {limit}
