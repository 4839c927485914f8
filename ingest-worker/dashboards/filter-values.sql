-- group: fleet
-- question: Which orgs, projects, machine types, machines, processes or versions are there to choose from?
-- parameter: from time = 7d
-- parameter: to time = now
-- parameter: org text = ''
-- parameter: project text = ''
-- parameter: machine_type text = ''
-- parameter: machine text = ''
-- parameter: by dimension(org, project, machine_type, machine, process, version) = org
-- parameter: limit count = 1000
-- unit: points is a count, last_ms in ms since the epoch
-- read: What a filter can be set to. Filters that are set already narrow the list.
-- column: value text
-- column: points count
-- column: last_ms time
SELECT
  {by} AS value,
  sum(_sample_interval) AS points,
  max(double5) AS last_ms
FROM machine_metrics
WHERE timestamp >= toDateTime(intDiv({from}, 1000))
  AND double5 >= {from} AND double5 < {to}
  AND blob4 IN ('resource', 'process', 'startup', 'journal')
  AND {by} != ''
  AND ({org} = '' OR blob1 = {org})
  AND ({project} = '' OR blob2 = {project})
  AND ({machine_type} = '' OR blob3 = {machine_type})
  AND ({machine} = '' OR index1 = {machine})
GROUP BY value
ORDER BY value
LIMIT {limit}
