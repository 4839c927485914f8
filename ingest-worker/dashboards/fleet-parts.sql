-- group: fleet
-- question: Which orgs, projects and machine types go together, and how big are they?
-- parameter: from time = 7d
-- parameter: to time = now
-- parameter: org text = ''
-- parameter: project text = ''
-- parameter: machine_type text = ''
-- parameter: limit count = 1000
-- unit: machines is how many were heard of, points a count; last_ms in ms since the epoch
-- read: One row for each combination that has reported.
-- column: org text
-- column: project text
-- column: machine_type text
-- column: machines number
-- column: points count
-- column: last_ms time
SELECT
  blob1 AS org,
  blob2 AS project,
  blob3 AS machine_type,
  count(DISTINCT index1) AS machines,
  sum(_sample_interval) AS points,
  max(double5) AS last_ms
FROM machine_metrics
WHERE timestamp >= toDateTime(intDiv({from}, 1000))
  AND double5 >= {from} AND double5 < {to}
  AND blob4 IN ('resource', 'process', 'startup', 'journal')
  AND ({org} = '' OR blob1 = {org})
  AND ({project} = '' OR blob2 = {project})
  AND ({machine_type} = '' OR blob3 = {machine_type})
GROUP BY org, project, machine_type
ORDER BY org, project, machine_type
LIMIT {limit}
