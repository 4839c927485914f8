-- group: fleet
-- question: Whose events arrive latest?
-- parameter: from time = 24h
-- parameter: to time = now
-- parameter: org text = ''
-- parameter: project text = ''
-- parameter: machine_type text = ''
-- parameter: limit count = 20
-- unit: p50_ms, p95_ms, max_ms and last_lag_ms, which is of the newest event, in ms; points is a count
-- read: From the event, by the machine's clock, to its receipt, by the Worker's: a clock that is off shows as a lag, below 0 too. What is said of an old boot by a new one is left out, since its lag is the time the machine was off. The quantiles are told to 10 ms, from ten seconds on to a second.
-- column: machine text
-- column: org text
-- column: project text
-- column: machine_type text
-- column: p50_ms ms
-- column: p95_ms ms
-- column: max_ms ms
-- column: last_lag_ms ms
-- column: points count
SELECT
  index1 AS machine,
  argMax(blob1, double5) AS org,
  argMax(blob2, double5) AS project,
  argMax(blob3, double5) AS machine_type,
  quantileExactWeighted(0.5)(if(double6 < 10000, floor(double6 / 10) * 10, floor(double6 / 1000) * 1000), _sample_interval) AS p50_ms,
  quantileExactWeighted(0.95)(if(double6 < 10000, floor(double6 / 10) * 10, floor(double6 / 1000) * 1000), _sample_interval) AS p95_ms,
  max(double6) AS max_ms,
  argMax(double6, double5) AS last_lag_ms,
  sum(_sample_interval) AS points
FROM machine_metrics
WHERE timestamp >= toDateTime(intDiv({from}, 1000))
  AND double5 >= {from} AND double5 < {to}
  AND blob4 IN ('resource', 'process')
  AND blob6 NOT IN ('machine-lost', 'silent')
  AND ({org} = '' OR blob1 = {org})
  AND ({project} = '' OR blob2 = {project})
  AND ({machine_type} = '' OR blob3 = {machine_type})
GROUP BY machine
ORDER BY p95_ms DESC, machine
LIMIT {limit}
