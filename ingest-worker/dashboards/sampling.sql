-- group: fleet
-- question: Whose points are sampled, and how much?
-- parameter: from time = 24h
-- parameter: to time = now
-- parameter: org text = ''
-- parameter: project text = ''
-- parameter: machine_type text = ''
-- parameter: machine text = ''
-- parameter: limit count = 100
-- unit: points and sampled_points are counts, sampled_percent from 0 to 100; max_interval is how many points one row stands for at most
-- read: Points are sampled where a machine writes too many at once (some 100 a second). Up to then, sampled_percent is 0 and every figure is exact; above, counts and percentiles are estimates, and rare events of that machine can be missing.
-- column: machine text
-- column: org text
-- column: project text
-- column: machine_type text
-- column: points count
-- column: sampled_points count
-- column: sampled_percent percent
-- column: max_interval number
SELECT
  index1 AS machine,
  argMax(blob1, double5) AS org,
  argMax(blob2, double5) AS project,
  argMax(blob3, double5) AS machine_type,
  sum(_sample_interval) AS points,
  sumIf(_sample_interval, _sample_interval > 1) AS sampled_points,
  100 * sumIf(_sample_interval, _sample_interval > 1) / sum(_sample_interval) AS sampled_percent,
  max(_sample_interval) AS max_interval
FROM machine_metrics
WHERE timestamp >= toDateTime(intDiv({from}, 1000))
  AND double5 >= {from} AND double5 < {to}
  AND blob4 IN ('resource', 'process', 'startup', 'journal')
  AND ({org} = '' OR blob1 = {org})
  AND ({project} = '' OR blob2 = {project})
  AND ({machine_type} = '' OR blob3 = {machine_type})
  AND ({machine} = '' OR index1 = {machine})
GROUP BY machine
ORDER BY sampled_percent DESC, points DESC, machine
LIMIT {limit}
