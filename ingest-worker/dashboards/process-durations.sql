-- group: processes
-- question: How long do runs last, by process?
-- parameter: from time = 24h
-- parameter: to time = now
-- parameter: org text = ''
-- parameter: project text = ''
-- parameter: machine_type text = ''
-- parameter: machine text = ''
-- parameter: process text = ''
-- parameter: by dimension(process, kind, machine, machine_type, project, org) = process
-- parameter: limit count = 100
-- unit: p50_ms, p95_ms, p99_ms, mean_ms and longest_ms in ms; runs is a count
-- read: A run begins with running and ends with anything but running or stopping. Runs whose beginning was not seen are left out; those that ended with their machine count up to the last event before.
-- column: name text
-- column: runs count
-- column: p50_ms ms
-- column: p95_ms ms
-- column: p99_ms ms
-- column: mean_ms ms
-- column: longest_ms ms
SELECT
  {by} AS name,
  sum(_sample_interval) AS runs,
  quantileExactWeighted(0.5)(double1, _sample_interval) AS p50_ms,
  quantileExactWeighted(0.95)(double1, _sample_interval) AS p95_ms,
  quantileExactWeighted(0.99)(double1, _sample_interval) AS p99_ms,
  sum(_sample_interval * double1) / sum(_sample_interval) AS mean_ms,
  max(double1) AS longest_ms
FROM machine_metrics
WHERE timestamp >= toDateTime(intDiv({from}, 1000))
  AND double5 >= {from} AND double5 < {to}
  AND blob4 = 'process'
  AND blob9 IN ('running', 'stopping')
  AND blob6 NOT IN ('running', 'stopping', 'silent')
  AND double1 > 0
  AND ({org} = '' OR blob1 = {org})
  AND ({project} = '' OR blob2 = {project})
  AND ({machine_type} = '' OR blob3 = {machine_type})
  AND ({machine} = '' OR index1 = {machine})
  AND ({process} = '' OR blob5 = {process})
GROUP BY name
ORDER BY runs DESC, name
LIMIT {limit}
