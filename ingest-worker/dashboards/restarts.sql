-- group: processes
-- question: When did which process restart?
-- parameter: from time = 24h
-- parameter: to time = now
-- parameter: org text = ''
-- parameter: project text = ''
-- parameter: machine_type text = ''
-- parameter: machine text = ''
-- parameter: process text = ''
-- parameter: step milliseconds = 300000
-- unit: restarts in each step; time_ms is the step's begin, in ms since the epoch
-- read: A step without a row had no restart. A restart is an entry into restarting or crash-loop-backoff; a process that somebody stopped and started again is none. A process in a crash loop restarts once more when its backoff is over.
-- column: time_ms time
-- column: process text
-- column: restarts count
SELECT
  floor(double5 / {step}) * {step} AS time_ms,
  blob5 AS process,
  sum(_sample_interval) AS restarts
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
GROUP BY time_ms, process
ORDER BY time_ms, process
LIMIT 30000
