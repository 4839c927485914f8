-- group: resources
-- question: Which machines come near the memory limit of their cgroup?
-- parameter: from time = 1h
-- parameter: to time = now
-- parameter: org text = ''
-- parameter: project text = ''
-- parameter: machine_type text = ''
-- parameter: machine text = ''
-- parameter: limit count = 20
-- unit: memory in MB, percentages of the limit from 0 to 100; oom_kills and samples are counts
-- read: Machines without a limit are not here. Oom_kills are those that the kernel counted in the cgroup.
-- column: machine text
-- column: org text
-- column: project text
-- column: machine_type text
-- column: memory_mb mb
-- column: memory_mb_max mb
-- column: limit_mb mb
-- column: memory_percent percent
-- column: memory_percent_max percent
-- column: oom_kills count
-- column: samples count
SELECT
  index1 AS machine,
  argMax(blob1, double5) AS org,
  argMax(blob2, double5) AS project,
  argMax(blob3, double5) AS machine_type,
  sum(_sample_interval * double10) / sum(_sample_interval) AS memory_mb,
  max(double10) AS memory_mb_max,
  argMax(double11, double5) AS limit_mb,
  sum(_sample_interval * (100 * double10 / double11)) / sum(_sample_interval) AS memory_percent,
  max(100 * double10 / double11) AS memory_percent_max,
  sumIf(_sample_interval * double13, double13 > 0) AS oom_kills,
  sum(_sample_interval) AS samples
FROM machine_metrics
WHERE timestamp >= toDateTime(intDiv({from}, 1000))
  AND double5 >= {from} AND double5 < {to}
  AND blob4 = 'resource'
  AND double11 > 0
  AND ({org} = '' OR blob1 = {org})
  AND ({project} = '' OR blob2 = {project})
  AND ({machine_type} = '' OR blob3 = {machine_type})
  AND ({machine} = '' OR index1 = {machine})
GROUP BY machine
ORDER BY memory_percent_max DESC, machine
LIMIT {limit}
