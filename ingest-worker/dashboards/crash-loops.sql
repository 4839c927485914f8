-- group: processes
-- question: Which processes are or were in a crash loop?
-- parameter: from time = 24h
-- parameter: to time = now
-- parameter: org text = ''
-- parameter: project text = ''
-- parameter: machine_type text = ''
-- parameter: machine text = ''
-- parameter: process text = ''
-- parameter: limit count = 100
-- unit: crash_loops and gave_up are counts; first_loop_ms, last_loop_ms and since_ms in ms since the epoch
-- read: Crash_loops counts entries into crash-loop-backoff, gave_up those into max-restarts-reached, after which nothing is tried any more. State is what the process does now, since since_ms.
-- column: machine text
-- column: process text
-- column: journal text
-- column: org text
-- column: project text
-- column: machine_type text
-- column: crash_loops count
-- column: gave_up count
-- column: first_loop_ms time
-- column: last_loop_ms time
-- column: state text
-- column: since_ms time
SELECT
  index1 AS machine,
  blob5 AS process,
  substring(blob8, 1, 36) AS journal,
  argMax(blob1, double20) AS org,
  argMax(blob2, double20) AS project,
  argMax(blob3, double20) AS machine_type,
  sumIf(_sample_interval, blob6 = 'crash-loop-backoff') AS crash_loops,
  sumIf(_sample_interval, blob6 = 'max-restarts-reached') AS gave_up,
  argMin(double5, if(blob6 IN ('crash-loop-backoff', 'max-restarts-reached'), double5, 9999999999999.5)) AS first_loop_ms,
  max(if(blob6 IN ('crash-loop-backoff', 'max-restarts-reached'), double5, 0.0)) AS last_loop_ms,
  argMax(blob6, double20) AS state,
  argMax(double5, double20) AS since_ms
FROM machine_metrics
WHERE timestamp >= toDateTime(intDiv({from}, 1000))
  AND double5 >= {from} AND double5 < {to}
  AND blob4 = 'process'
  AND double20 > 0
  AND ({org} = '' OR blob1 = {org})
  AND ({project} = '' OR blob2 = {project})
  AND ({machine_type} = '' OR blob3 = {machine_type})
  AND ({machine} = '' OR index1 = {machine})
  AND ({process} = '' OR blob5 = {process})
GROUP BY machine, process, journal
HAVING crash_loops > 0 OR gave_up > 0
ORDER BY last_loop_ms DESC, machine, process
LIMIT {limit}
