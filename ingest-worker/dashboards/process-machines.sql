-- group: processes
-- question: On which machines does a process run, and how does it do there?
-- parameter: from time = 7d
-- parameter: to time = now
-- parameter: org text = ''
-- parameter: project text = ''
-- parameter: machine_type text = ''
-- parameter: process text
-- parameter: limit count = 500
-- unit: since_ms in ms since the epoch; changes, restarts, runs and crashes are counts; mean_run_ms in ms
-- read: One row a machine and journal; state is what it does now, since since_ms. Crashes are runs that ended by themselves with another code than 0. Mean_run_ms is null where no run with a seen beginning ended in this time.
-- column: machine text
-- column: journal text
-- column: org text
-- column: project text
-- column: machine_type text
-- column: kind text
-- column: state text
-- column: since_ms time
-- column: restarts count
-- column: runs count
-- column: crashes count
-- column: mean_run_ms ms
-- column: changes count
SELECT
  index1 AS machine,
  substring(blob8, 1, 36) AS journal,
  argMax(blob1, double20) AS org,
  argMax(blob2, double20) AS project,
  argMax(blob3, double20) AS machine_type,
  argMax(blob11, double20) AS kind,
  argMax(blob6, double20) AS state,
  argMax(double5, double20) AS since_ms,
  sumIf(_sample_interval, blob6 IN ('restarting', 'crash-loop-backoff')) AS restarts,
  sumIf(_sample_interval, double1 > 0) AS runs,
  sumIf(_sample_interval, blob9 = 'running' AND blob6 NOT IN ('running', 'stopping', 'machine-lost', 'removed') AND double3 != 0) AS crashes,
  sumIf(_sample_interval * double1, double1 > 0) / sumIf(_sample_interval, double1 > 0) AS mean_run_ms,
  sum(_sample_interval) AS changes
FROM machine_metrics
WHERE timestamp >= toDateTime(intDiv({from}, 1000))
  AND double5 >= {from} AND double5 < {to}
  AND blob4 = 'process'
  AND double20 > 0
  AND ({org} = '' OR blob1 = {org})
  AND ({project} = '' OR blob2 = {project})
  AND ({machine_type} = '' OR blob3 = {machine_type})
  AND blob5 = {process}
GROUP BY machine, journal
ORDER BY restarts DESC, machine, journal
LIMIT {limit}
