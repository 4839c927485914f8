-- group: processes
-- question: Which processes restart most?
-- parameter: from time = 24h
-- parameter: to time = now
-- parameter: org text = ''
-- parameter: project text = ''
-- parameter: machine_type text = ''
-- parameter: machine text = ''
-- parameter: process text = ''
-- parameter: limit count = 20
-- unit: restarts and crash_loops are counts, mean_run_ms in ms, first_ms and last_ms in ms since the epoch
-- read: Crash_loops are the restarts after which pidnap waited, since there had been too many. Mean_run_ms is how long it held on: of the runs whose beginning was seen, null where none was. A restart is an entry into restarting or crash-loop-backoff; a process that somebody stopped and started again is none. A process in a crash loop restarts once more when its backoff is over.
-- column: machine text
-- column: process text
-- column: org text
-- column: project text
-- column: machine_type text
-- column: restarts count
-- column: crash_loops count
-- column: mean_run_ms ms
-- column: first_ms time
-- column: last_ms time
-- column: last_exit_code number
-- column: last_signal text
SELECT
  index1 AS machine,
  blob5 AS process,
  argMax(blob1, double5) AS org,
  argMax(blob2, double5) AS project,
  argMax(blob3, double5) AS machine_type,
  sum(_sample_interval) AS restarts,
  sumIf(_sample_interval, blob6 = 'crash-loop-backoff') AS crash_loops,
  sumIf(_sample_interval * double1, double1 > 0) / sumIf(_sample_interval, double1 > 0) AS mean_run_ms,
  min(double5) AS first_ms,
  max(double5) AS last_ms,
  argMax(double3, double20) AS last_exit_code,
  argMax(blob10, double20) AS last_signal
FROM machine_metrics
WHERE timestamp >= toDateTime(intDiv({from}, 1000))
  AND double5 >= {from} AND double5 < {to}
  AND blob4 = 'process'
  AND blob6 IN ('restarting', 'crash-loop-backoff')
  AND ({org} = '' OR blob1 = {org})
  AND ({project} = '' OR blob2 = {project})
  AND ({machine_type} = '' OR blob3 = {machine_type})
  AND ({machine} = '' OR index1 = {machine})
  AND ({process} = '' OR blob5 = {process})
GROUP BY machine, process
ORDER BY restarts DESC, machine, process
LIMIT {limit}
