-- group: startup
-- question: Which boots did a machine have, from when to when, and how did they go?
-- parameter: from time = 7d
-- parameter: to time = now
-- parameter: org text = ''
-- parameter: project text = ''
-- parameter: machine_type text = ''
-- parameter: machine text
-- parameter: limit count = 100
-- unit: first_ms, last_ms and entrypoint_ms in ms since the epoch, time_to_ready_ms in ms; points, restarts and lost_runs are counts
-- read: One row a boot, the newest first. Startup is ready or never-ready; silent while the machine is; empty where it is not over, or its boot was not seen. Lost_runs are the processes that ran when the boot ended without a word.
-- column: boot text
-- column: first_ms time
-- column: last_ms time
-- column: startup text
-- column: time_to_ready_ms ms
-- column: entrypoint_ms time
-- column: version text
-- column: points count
-- column: restarts count
-- column: lost_runs count
SELECT
  blob7 AS boot,
  min(double5) AS first_ms,
  max(double5) AS last_ms,
  argMax(if(blob4 = 'startup', blob6, ''), if(blob4 = 'startup', double20 + 1, 0.0)) AS startup,
  max(if(blob4 = 'startup', double1, 0.0)) AS time_to_ready_ms,
  max(if(blob4 = 'startup', double2, 0.0)) AS entrypoint_ms,
  argMax(if(blob4 = 'startup', blob12, ''), if(blob4 = 'startup', double20 + 1, 0.0)) AS version,
  sum(_sample_interval) AS points,
  sumIf(_sample_interval, blob4 = 'process' AND blob6 IN ('restarting', 'crash-loop-backoff')) AS restarts,
  sumIf(_sample_interval, blob4 = 'process' AND blob6 = 'machine-lost') AS lost_runs
FROM machine_metrics
WHERE timestamp >= toDateTime(intDiv({from}, 1000))
  AND double5 >= {from} AND double5 < {to}
  AND blob4 IN ('resource', 'process', 'startup', 'journal')
  AND ({org} = '' OR blob1 = {org})
  AND ({project} = '' OR blob2 = {project})
  AND ({machine_type} = '' OR blob3 = {machine_type})
  AND index1 = {machine}
GROUP BY boot
ORDER BY first_ms DESC, boot
LIMIT {limit}
