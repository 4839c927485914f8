-- group: resources
-- question: Which machines are short of memory?
-- parameter: from time = 1h
-- parameter: to time = now
-- parameter: org text = ''
-- parameter: project text = ''
-- parameter: machine_type text = ''
-- parameter: limit count = 20
-- unit: percentages from 0 to 100, memory in MB; samples is a count
-- read: By the 95th percentile of the samples, against the limit that applies: the cgroup's where there is one, else the host's memory. Used and total are the host's.
-- column: machine text
-- column: org text
-- column: project text
-- column: machine_type text
-- column: memory_percent percent
-- column: memory_percent_p95 percent
-- column: memory_percent_max percent
-- column: memory_used_mb mb
-- column: memory_total_mb mb
-- column: swap_used_mb mb
-- column: samples count
SELECT
  index1 AS machine,
  argMax(blob1, double5) AS org,
  argMax(blob2, double5) AS project,
  argMax(blob3, double5) AS machine_type,
  sum(_sample_interval * if(double11 > 0, 100 * double10 / double11, if(double3 > 0, 100 * double2 / double3, 0.0))) / sum(_sample_interval) AS memory_percent,
  quantileExactWeighted(0.95)(if(double11 > 0, 100 * double10 / double11, if(double3 > 0, 100 * double2 / double3, 0.0)), _sample_interval) AS memory_percent_p95,
  max(if(double11 > 0, 100 * double10 / double11, if(double3 > 0, 100 * double2 / double3, 0.0))) AS memory_percent_max,
  sum(_sample_interval * double2) / sum(_sample_interval) AS memory_used_mb,
  max(double3) AS memory_total_mb,
  sumIf(_sample_interval * double8, double8 >= 0) / sumIf(_sample_interval, double8 >= 0) AS swap_used_mb,
  sum(_sample_interval) AS samples
FROM machine_metrics
WHERE timestamp >= toDateTime(intDiv({from}, 1000))
  AND double5 >= {from} AND double5 < {to}
  AND blob4 = 'resource'
  AND ({org} = '' OR blob1 = {org})
  AND ({project} = '' OR blob2 = {project})
  AND ({machine_type} = '' OR blob3 = {machine_type})
GROUP BY machine
ORDER BY memory_percent_p95 DESC, machine
LIMIT {limit}
