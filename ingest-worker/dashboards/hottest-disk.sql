-- group: resources
-- question: Which machines run out of disk?
-- parameter: from time = 1h
-- parameter: to time = now
-- parameter: org text = ''
-- parameter: project text = ''
-- parameter: machine_type text = ''
-- parameter: limit count = 20
-- unit: percentages from 0 to 100, disk_total_mb in MB; samples is a count
-- read: By the last sample. Grown_percent is how many points of a hundred lie between the lowest and the highest sample; disk_total_mb is -1 where it is not told.
-- column: machine text
-- column: org text
-- column: project text
-- column: machine_type text
-- column: disk_percent percent
-- column: disk_percent_max percent
-- column: grown_percent percent
-- column: disk_total_mb mb
-- column: last_ms time
-- column: samples count
SELECT
  index1 AS machine,
  argMax(blob1, double5) AS org,
  argMax(blob2, double5) AS project,
  argMax(blob3, double5) AS machine_type,
  argMax(double4, double5) AS disk_percent,
  max(double4) AS disk_percent_max,
  max(double4) - min(double4) AS grown_percent,
  argMax(double19, double5) AS disk_total_mb,
  max(double5) AS last_ms,
  sum(_sample_interval) AS samples
FROM machine_metrics
WHERE timestamp >= toDateTime(intDiv({from}, 1000))
  AND double5 >= {from} AND double5 < {to}
  AND blob4 = 'resource'
  AND ({org} = '' OR blob1 = {org})
  AND ({project} = '' OR blob2 = {project})
  AND ({machine_type} = '' OR blob3 = {machine_type})
GROUP BY machine
ORDER BY disk_percent DESC, machine
LIMIT {limit}
