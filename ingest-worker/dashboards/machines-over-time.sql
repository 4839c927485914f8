-- group: fleet
-- question: How many machines reported, over time?
-- parameter: from time = 24h
-- parameter: to time = now
-- parameter: org text = ''
-- parameter: project text = ''
-- parameter: machine_type text = ''
-- parameter: step milliseconds = 300000
-- unit: machines is how many were heard of in each step, points a count; time_ms is the step's begin, in ms since the epoch
-- read: Take a step of several sampling intervals (30 s), or machines flicker. The last step is still filling.
-- column: time_ms time
-- column: machines number
-- column: points count
SELECT
  floor(double5 / {step}) * {step} AS time_ms,
  count(DISTINCT index1) AS machines,
  sum(_sample_interval) AS points
FROM machine_metrics
WHERE timestamp >= toDateTime(intDiv({from}, 1000))
  AND double5 >= {from} AND double5 < {to}
  AND blob4 IN ('resource', 'process', 'startup', 'journal')
  AND ({org} = '' OR blob1 = {org})
  AND ({project} = '' OR blob2 = {project})
  AND ({machine_type} = '' OR blob3 = {machine_type})
GROUP BY time_ms
ORDER BY time_ms
LIMIT 10000
