-- group: processes
-- question: How often do processes restart, over time, by org, project, type, machine or process?
-- parameter: from time = 24h
-- parameter: to time = now
-- parameter: org text = ''
-- parameter: project text = ''
-- parameter: machine_type text = ''
-- parameter: machine text = ''
-- parameter: process text = ''
-- parameter: step milliseconds = 300000
-- parameter: by dimension(machine_type, project, org, machine, process) = machine_type
-- unit: restarts in each step, restarts_per_hour the same for an hour; time_ms is the step's begin, in ms since the epoch
-- read: A step without a row had no restart; the first and the last step are cut by the time looked at. A restart is an entry into restarting or crash-loop-backoff; a process that somebody stopped and started again is none. A process in a crash loop restarts once more when its backoff is over.
-- column: time_ms time
-- column: name text
-- column: restarts count
-- column: restarts_per_hour count
SELECT
  floor(double5 / {step}) * {step} AS time_ms,
  {by} AS name,
  sum(_sample_interval) AS restarts,
  sum(_sample_interval) * 3600000 / {step} AS restarts_per_hour
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
GROUP BY time_ms, name
ORDER BY time_ms, name
LIMIT 30000
