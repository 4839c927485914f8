-- group: fleet
-- question: How late do events arrive, over time?
-- parameter: from time = 24h
-- parameter: to time = now
-- parameter: org text = ''
-- parameter: project text = ''
-- parameter: machine_type text = ''
-- parameter: machine text = ''
-- parameter: step milliseconds = 300000
-- unit: p50_ms, p95_ms, p99_ms and max_ms in ms, points a count; time_ms is the step's begin, in ms since the epoch
-- read: From the event, by the machine's clock, to its receipt, by the Worker's: a clock that is off shows as a lag, below 0 too. What is said of an old boot by a new one is left out, since its lag is the time the machine was off. The quantiles are told to 10 ms, from ten seconds on to a second.
-- column: time_ms time
-- column: p50_ms ms
-- column: p95_ms ms
-- column: p99_ms ms
-- column: max_ms ms
-- column: points count
SELECT
  floor(double5 / {step}) * {step} AS time_ms,
  quantileExactWeighted(0.5)(if(double6 < 10000, floor(double6 / 10) * 10, floor(double6 / 1000) * 1000), _sample_interval) AS p50_ms,
  quantileExactWeighted(0.95)(if(double6 < 10000, floor(double6 / 10) * 10, floor(double6 / 1000) * 1000), _sample_interval) AS p95_ms,
  quantileExactWeighted(0.99)(if(double6 < 10000, floor(double6 / 10) * 10, floor(double6 / 1000) * 1000), _sample_interval) AS p99_ms,
  max(double6) AS max_ms,
  sum(_sample_interval) AS points
FROM machine_metrics
WHERE timestamp >= toDateTime(intDiv({from}, 1000))
  AND double5 >= {from} AND double5 < {to}
  AND blob4 IN ('resource', 'process')
  AND blob6 NOT IN ('machine-lost', 'silent')
  AND ({org} = '' OR blob1 = {org})
  AND ({project} = '' OR blob2 = {project})
  AND ({machine_type} = '' OR blob3 = {machine_type})
  AND ({machine} = '' OR index1 = {machine})
GROUP BY time_ms
ORDER BY time_ms
LIMIT 10000
