-- group: resources
-- question: Which machines are held back: by throttling, or waiting for CPU, memory or disk?
-- parameter: from time = 1h
-- parameter: to time = now
-- parameter: org text = ''
-- parameter: project text = ''
-- parameter: machine_type text = ''
-- parameter: machine text = ''
-- parameter: limit count = 20
-- unit: percentages of time, from 0 to 100, means over the samples that have them; samples is a count
-- read: Throttled is time in which the cgroup had used up its CPU; pressure is time in which something waited for memory, CPU or I/O. Null where the kernel does not tell. Worst_percent is the highest sample of any of them.
-- column: machine text
-- column: org text
-- column: project text
-- column: machine_type text
-- column: throttled_percent percent
-- column: memory_pressure_percent percent
-- column: cpu_pressure_percent percent
-- column: io_pressure_percent percent
-- column: worst_percent percent
-- column: samples count
SELECT
  index1 AS machine,
  argMax(blob1, double5) AS org,
  argMax(blob2, double5) AS project,
  argMax(blob3, double5) AS machine_type,
  sumIf(_sample_interval * double12, double12 >= 0) / sumIf(_sample_interval, double12 >= 0) AS throttled_percent,
  sumIf(_sample_interval * double14, double14 >= 0) / sumIf(_sample_interval, double14 >= 0) AS memory_pressure_percent,
  sumIf(_sample_interval * double15, double15 >= 0) / sumIf(_sample_interval, double15 >= 0) AS cpu_pressure_percent,
  sumIf(_sample_interval * double16, double16 >= 0) / sumIf(_sample_interval, double16 >= 0) AS io_pressure_percent,
  max(if(double12 >= double14 AND double12 >= double15 AND double12 >= double16, double12, if(double14 >= double15 AND double14 >= double16, double14, if(double15 >= double16, double15, double16)))) AS worst_percent,
  sum(_sample_interval) AS samples
FROM machine_metrics
WHERE timestamp >= toDateTime(intDiv({from}, 1000))
  AND double5 >= {from} AND double5 < {to}
  AND blob4 = 'resource'
  AND (double12 >= 0 OR double14 >= 0 OR double15 >= 0 OR double16 >= 0)
  AND ({org} = '' OR blob1 = {org})
  AND ({project} = '' OR blob2 = {project})
  AND ({machine_type} = '' OR blob3 = {machine_type})
  AND ({machine} = '' OR index1 = {machine})
GROUP BY machine
ORDER BY worst_percent DESC, machine
LIMIT {limit}
