-- group: startup
-- question: Which versions of pidnap take long to be ready?
-- parameter: from time = 30d
-- parameter: to time = now
-- parameter: org text = ''
-- parameter: project text = ''
-- parameter: machine_type text = ''
-- parameter: limit count = 100
-- unit: p50_ms, p95_ms, p99_ms and longest_ms in ms; boots is a count; first_ms in ms since the epoch
-- read: Of the start-ups that got ready: from the start of PID 1 to the daemon being ready. Those that never did are in never-ready. The version heard of last comes first: compare it with those before.
-- column: version text
-- column: boots count
-- column: p50_ms ms
-- column: p95_ms ms
-- column: p99_ms ms
-- column: longest_ms ms
-- column: first_ms time
SELECT
  blob12 AS version,
  sum(_sample_interval) AS boots,
  quantileExactWeighted(0.5)(double1, _sample_interval) AS p50_ms,
  quantileExactWeighted(0.95)(double1, _sample_interval) AS p95_ms,
  quantileExactWeighted(0.99)(double1, _sample_interval) AS p99_ms,
  max(double1) AS longest_ms,
  min(double5) AS first_ms
FROM machine_metrics
WHERE timestamp >= toDateTime(intDiv({from}, 1000))
  AND double5 >= {from} AND double5 < {to}
  AND blob4 = 'startup'
  AND blob6 = 'ready'
  AND ({org} = '' OR blob1 = {org})
  AND ({project} = '' OR blob2 = {project})
  AND ({machine_type} = '' OR blob3 = {machine_type})
GROUP BY version
ORDER BY first_ms DESC, version
LIMIT {limit}
