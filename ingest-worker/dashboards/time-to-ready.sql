-- group: startup
-- question: How long do machines take to be ready, over time?
-- parameter: from time = 7d
-- parameter: to time = now
-- parameter: org text = ''
-- parameter: project text = ''
-- parameter: machine_type text = ''
-- parameter: machine text = ''
-- parameter: step milliseconds = 3600000
-- unit: p50_ms, p95_ms, p99_ms and longest_ms in ms; boots is a count; time_ms is the step's begin, in ms since the epoch
-- read: Of the start-ups that got ready: from the start of PID 1 to the daemon being ready. Those that never did are in never-ready.
-- column: time_ms time
-- column: boots count
-- column: p50_ms ms
-- column: p95_ms ms
-- column: p99_ms ms
-- column: longest_ms ms
SELECT
  floor(double5 / {step}) * {step} AS time_ms,
  sum(_sample_interval) AS boots,
  quantileExactWeighted(0.5)(double1, _sample_interval) AS p50_ms,
  quantileExactWeighted(0.95)(double1, _sample_interval) AS p95_ms,
  quantileExactWeighted(0.99)(double1, _sample_interval) AS p99_ms,
  max(double1) AS longest_ms
FROM machine_metrics
WHERE timestamp >= toDateTime(intDiv({from}, 1000))
  AND double5 >= {from} AND double5 < {to}
  AND blob4 = 'startup'
  AND blob6 = 'ready'
  AND ({org} = '' OR blob1 = {org})
  AND ({project} = '' OR blob2 = {project})
  AND ({machine_type} = '' OR blob3 = {machine_type})
  AND ({machine} = '' OR index1 = {machine})
GROUP BY time_ms
ORDER BY time_ms
LIMIT 10000
