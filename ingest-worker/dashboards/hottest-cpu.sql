-- group: resources
-- question: Which machines use most CPU?
-- parameter: from time = 1h
-- parameter: to time = now
-- parameter: org text = ''
-- parameter: project text = ''
-- parameter: machine_type text = ''
-- parameter: limit count = 20
-- unit: percentages of all CPUs, from 0 to 100; samples is a count
-- read: By the 95th percentile of the samples. Cgroup_cpu_percent is the mean of the machine's own cgroup, null where it has none; throttled_percent the mean time in which it was held back.
-- column: machine text
-- column: org text
-- column: project text
-- column: machine_type text
-- column: cpu_percent percent
-- column: cpu_percent_p95 percent
-- column: cpu_percent_max percent
-- column: cgroup_cpu_percent percent
-- column: throttled_percent percent
-- column: samples count
SELECT
  index1 AS machine,
  argMax(blob1, double5) AS org,
  argMax(blob2, double5) AS project,
  argMax(blob3, double5) AS machine_type,
  sum(_sample_interval * double1) / sum(_sample_interval) AS cpu_percent,
  quantileExactWeighted(0.95)(double1, _sample_interval) AS cpu_percent_p95,
  max(double1) AS cpu_percent_max,
  sumIf(_sample_interval * double9, double9 >= 0) / sumIf(_sample_interval, double9 >= 0) AS cgroup_cpu_percent,
  sumIf(_sample_interval * double12, double12 >= 0) / sumIf(_sample_interval, double12 >= 0) AS throttled_percent,
  sum(_sample_interval) AS samples
FROM machine_metrics
WHERE timestamp >= toDateTime(intDiv({from}, 1000))
  AND double5 >= {from} AND double5 < {to}
  AND blob4 = 'resource'
  AND ({org} = '' OR blob1 = {org})
  AND ({project} = '' OR blob2 = {project})
  AND ({machine_type} = '' OR blob3 = {machine_type})
GROUP BY machine
ORDER BY cpu_percent_p95 DESC, machine
LIMIT {limit}
