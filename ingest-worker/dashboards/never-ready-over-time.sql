-- group: startup
-- question: What share of start-ups does not get ready, over time?
-- parameter: from time = 7d
-- parameter: to time = now
-- parameter: org text = ''
-- parameter: project text = ''
-- parameter: machine_type text = ''
-- parameter: machine text = ''
-- parameter: step milliseconds = 3600000
-- unit: boots and never_ready are counts, never_ready_percent from 0 to 100; time_ms is the step's begin, in ms since the epoch
-- read: A start-up that ended, by a stop or by the next boot, before the daemon was ready. One that goes on is not counted yet.
-- column: time_ms time
-- column: boots count
-- column: never_ready count
-- column: never_ready_percent percent
SELECT
  floor(double5 / {step}) * {step} AS time_ms,
  sum(_sample_interval) AS boots,
  sumIf(_sample_interval, blob6 = 'never-ready') AS never_ready,
  100 * sumIf(_sample_interval, blob6 = 'never-ready') / sum(_sample_interval) AS never_ready_percent
FROM machine_metrics
WHERE timestamp >= toDateTime(intDiv({from}, 1000))
  AND double5 >= {from} AND double5 < {to}
  AND blob4 = 'startup'
  AND blob6 IN ('ready', 'never-ready')
  AND ({org} = '' OR blob1 = {org})
  AND ({project} = '' OR blob2 = {project})
  AND ({machine_type} = '' OR blob3 = {machine_type})
  AND ({machine} = '' OR index1 = {machine})
GROUP BY time_ms
ORDER BY time_ms
LIMIT 10000
