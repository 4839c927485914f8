-- group: resources
-- question: How busy was a machine over time?
-- parameter: from time = 6h
-- parameter: to time = now
-- parameter: org text = ''
-- parameter: project text = ''
-- parameter: machine_type text = ''
-- parameter: machine text
-- parameter: step milliseconds = 60000
-- unit: cpu_percent, cpu_percent_max and disk_used_percent in %, memory in MB; time_ms is the step's begin, in ms since the epoch
-- read: Means over each step; a gap is a time without samples. The host's figures, which under a cgroup's limit are not the sandbox's own.
-- column: time_ms time
-- column: cpu_percent percent
-- column: cpu_percent_max percent
-- column: memory_used_mb mb
-- column: memory_total_mb mb
-- column: disk_used_percent percent
-- column: samples count
SELECT
  floor(double5 / {step}) * {step} AS time_ms,
  sum(_sample_interval * double1) / sum(_sample_interval) AS cpu_percent,
  max(double1) AS cpu_percent_max,
  sum(_sample_interval * double2) / sum(_sample_interval) AS memory_used_mb,
  max(double3) AS memory_total_mb,
  sum(_sample_interval * double4) / sum(_sample_interval) AS disk_used_percent,
  sum(_sample_interval) AS samples
FROM machine_metrics
WHERE timestamp >= toDateTime(intDiv({from}, 1000))
  AND double5 >= {from} AND double5 < {to}
  AND blob4 = 'resource'
  AND ({org} = '' OR blob1 = {org})
  AND ({project} = '' OR blob2 = {project})
  AND ({machine_type} = '' OR blob3 = {machine_type})
  AND index1 = {machine}
GROUP BY time_ms
ORDER BY time_ms
LIMIT 10000
