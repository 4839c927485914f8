-- group: resources
-- question: How busy is the fleet over time, by org, project, type or machine?
-- parameter: from time = 6h
-- parameter: to time = now
-- parameter: org text = ''
-- parameter: project text = ''
-- parameter: machine_type text = ''
-- parameter: machine text = ''
-- parameter: step milliseconds = 300000
-- parameter: by dimension(machine_type, project, org, machine) = machine_type
-- unit: percentages from 0 to 100; samples is a count; time_ms is the step's begin, in ms since the epoch
-- read: Means over all samples of a step; the _p95 are what one sample in twenty lies above, in whole percents; disk is the fullest machine. Memory is against the limit that applies.
-- column: time_ms time
-- column: name text
-- column: cpu_percent percent
-- column: cpu_percent_p95 percent
-- column: memory_percent percent
-- column: memory_percent_p95 percent
-- column: disk_percent_max percent
-- column: samples count
SELECT
  floor(double5 / {step}) * {step} AS time_ms,
  {by} AS name,
  sum(_sample_interval * double1) / sum(_sample_interval) AS cpu_percent,
  quantileExactWeighted(0.95)(floor(double1 + 0.5), _sample_interval) AS cpu_percent_p95,
  sum(_sample_interval * if(double11 > 0, 100 * double10 / double11, if(double3 > 0, 100 * double2 / double3, 0.0))) / sum(_sample_interval) AS memory_percent,
  quantileExactWeighted(0.95)(floor(if(double11 > 0, 100 * double10 / double11, if(double3 > 0, 100 * double2 / double3, 0.0)) + 0.5), _sample_interval) AS memory_percent_p95,
  max(double4) AS disk_percent_max,
  sum(_sample_interval) AS samples
FROM machine_metrics
WHERE timestamp >= toDateTime(intDiv({from}, 1000))
  AND double5 >= {from} AND double5 < {to}
  AND blob4 = 'resource'
  AND ({org} = '' OR blob1 = {org})
  AND ({project} = '' OR blob2 = {project})
  AND ({machine_type} = '' OR blob3 = {machine_type})
  AND ({machine} = '' OR index1 = {machine})
GROUP BY time_ms, name
ORDER BY time_ms, name
LIMIT 30000
