-- group: startup
-- question: Which task of the start-up takes how long?
-- parameter: from time = 7d
-- parameter: to time = now
-- parameter: org text = ''
-- parameter: project text = ''
-- parameter: machine_type text = ''
-- parameter: machine text = ''
-- parameter: limit count = 100
-- unit: p50_ms, p95_ms and longest_ms in ms; runs and failures are counts
-- read: Tasks are processes that run once, most of them while a machine starts. Failures did not end with code 0. Runs whose beginning was not seen are left out.
-- column: process text
-- column: runs count
-- column: p50_ms ms
-- column: p95_ms ms
-- column: longest_ms ms
-- column: failures count
-- column: machines number
SELECT
  blob5 AS process,
  sum(_sample_interval) AS runs,
  quantileExactWeighted(0.5)(double1, _sample_interval) AS p50_ms,
  quantileExactWeighted(0.95)(double1, _sample_interval) AS p95_ms,
  max(double1) AS longest_ms,
  sumIf(_sample_interval, blob9 = 'running' AND blob6 NOT IN ('machine-lost', 'removed') AND double3 != 0) AS failures,
  count(DISTINCT index1) AS machines
FROM machine_metrics
WHERE timestamp >= toDateTime(intDiv({from}, 1000))
  AND double5 >= {from} AND double5 < {to}
  AND blob4 = 'process'
  AND blob9 IN ('running', 'stopping')
  AND blob6 NOT IN ('running', 'stopping', 'silent')
  AND blob11 = 'task'
  AND double1 > 0
  AND ({org} = '' OR blob1 = {org})
  AND ({project} = '' OR blob2 = {project})
  AND ({machine_type} = '' OR blob3 = {machine_type})
  AND ({machine} = '' OR index1 = {machine})
GROUP BY process
ORDER BY p95_ms DESC, process
LIMIT {limit}
