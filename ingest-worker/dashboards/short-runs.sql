-- group: processes
-- question: Which processes end soon after they have started?
-- parameter: from time = 24h
-- parameter: to time = now
-- parameter: org text = ''
-- parameter: project text = ''
-- parameter: machine_type text = ''
-- parameter: machine text = ''
-- parameter: process text = ''
-- parameter: shorter milliseconds = 10000
-- parameter: limit count = 100
-- unit: runs, short_runs and short_failures are counts, short_percent from 0 to 100, p50_ms in ms
-- read: Of the runs that ended by themselves, those shorter than `shorter`; short_failures did not end with code 0. Tasks and cron jobs are short by nature: look at their failures. Runs whose beginning was not seen are left out.
-- column: process text
-- column: kind text
-- column: runs count
-- column: short_runs count
-- column: short_percent percent
-- column: short_failures count
-- column: p50_ms ms
-- column: machines number
SELECT
  blob5 AS process,
  blob11 AS kind,
  sum(_sample_interval) AS runs,
  sumIf(_sample_interval, double1 < {shorter}) AS short_runs,
  100 * sumIf(_sample_interval, double1 < {shorter}) / sum(_sample_interval) AS short_percent,
  sumIf(_sample_interval, double1 < {shorter} AND double3 != 0) AS short_failures,
  quantileExactWeighted(0.5)(double1, _sample_interval) AS p50_ms,
  count(DISTINCT index1) AS machines
FROM machine_metrics
WHERE timestamp >= toDateTime(intDiv({from}, 1000))
  AND double5 >= {from} AND double5 < {to}
  AND blob4 = 'process'
  AND blob9 = 'running'
  AND blob6 NOT IN ('running', 'stopping', 'silent', 'machine-lost', 'removed')
  AND double1 > 0
  AND ({org} = '' OR blob1 = {org})
  AND ({project} = '' OR blob2 = {project})
  AND ({machine_type} = '' OR blob3 = {machine_type})
  AND ({machine} = '' OR index1 = {machine})
  AND ({process} = '' OR blob5 = {process})
GROUP BY process, kind
HAVING short_runs > 0
ORDER BY short_failures DESC, short_runs DESC, process
LIMIT {limit}
