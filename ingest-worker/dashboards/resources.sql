-- group: resources
-- question: How busy was a machine over time?
-- parameter: from time = 6h
-- parameter: to time = now
-- parameter: org text = ''
-- parameter: project text = ''
-- parameter: machine_type text = ''
-- parameter: machine text
-- parameter: step milliseconds = 60000
-- unit: percentages from 0 to 100, memory in MB, network in bytes a step; samples is a count; time_ms is the step's begin, in ms since the epoch
-- read: Means over each step; a gap is a time without samples. CPU, memory and disk are the host's figures, which under a cgroup's limit are not the sandbox's own: those begin with cgroup_. What a machine does not tell is null.
-- column: time_ms time
-- column: cpu_percent percent
-- column: cpu_percent_max percent
-- column: memory_used_mb mb
-- column: memory_total_mb mb
-- column: disk_used_percent percent
-- column: samples count
-- column: load1 number
-- column: swap_used_mb mb
-- column: cgroup_cpu_percent percent
-- column: cgroup_memory_mb mb
-- column: cgroup_memory_limit_mb mb
-- column: throttled_percent percent
-- column: memory_pressure_percent percent
-- column: cpu_pressure_percent percent
-- column: io_pressure_percent percent
-- column: oom_kills count
-- column: network_rx_bytes bytes
-- column: network_tx_bytes bytes
SELECT
  floor(double5 / {step}) * {step} AS time_ms,
  sum(_sample_interval * double1) / sum(_sample_interval) AS cpu_percent,
  max(double1) AS cpu_percent_max,
  sum(_sample_interval * double2) / sum(_sample_interval) AS memory_used_mb,
  max(double3) AS memory_total_mb,
  sum(_sample_interval * double4) / sum(_sample_interval) AS disk_used_percent,
  sum(_sample_interval) AS samples,
  sumIf(_sample_interval * double7, double7 >= 0) / sumIf(_sample_interval, double7 >= 0) AS load1,
  sumIf(_sample_interval * double8, double8 >= 0) / sumIf(_sample_interval, double8 >= 0) AS swap_used_mb,
  sumIf(_sample_interval * double9, double9 >= 0) / sumIf(_sample_interval, double9 >= 0) AS cgroup_cpu_percent,
  sumIf(_sample_interval * double10, double10 >= 0) / sumIf(_sample_interval, double10 >= 0) AS cgroup_memory_mb,
  sumIf(_sample_interval * double11, double11 >= 0) / sumIf(_sample_interval, double11 >= 0) AS cgroup_memory_limit_mb,
  sumIf(_sample_interval * double12, double12 >= 0) / sumIf(_sample_interval, double12 >= 0) AS throttled_percent,
  sumIf(_sample_interval * double14, double14 >= 0) / sumIf(_sample_interval, double14 >= 0) AS memory_pressure_percent,
  sumIf(_sample_interval * double15, double15 >= 0) / sumIf(_sample_interval, double15 >= 0) AS cpu_pressure_percent,
  sumIf(_sample_interval * double16, double16 >= 0) / sumIf(_sample_interval, double16 >= 0) AS io_pressure_percent,
  sumIf(_sample_interval * double13, double13 > 0) AS oom_kills,
  sumIf(_sample_interval * double17, double17 > 0) AS network_rx_bytes,
  sumIf(_sample_interval * double18, double18 > 0) AS network_tx_bytes
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
