-- group: startup
-- question: Which part of the fleet does not get ready?
-- parameter: from time = 7d
-- parameter: to time = now
-- parameter: org text = ''
-- parameter: project text = ''
-- parameter: machine_type text = ''
-- parameter: machine text = ''
-- parameter: by dimension(machine_type, version, project, org, machine) = machine_type
-- parameter: limit count = 100
-- unit: boots and never_ready are counts, never_ready_percent from 0 to 100; last_never_ms in ms since the epoch, 0 where there was none
-- read: A start-up that ended, by a stop or by the next boot, before the daemon was ready. One that goes on is not counted yet.
-- column: name text
-- column: boots count
-- column: never_ready count
-- column: never_ready_percent percent
-- column: last_never_ms time
SELECT
  {by} AS name,
  sum(_sample_interval) AS boots,
  sumIf(_sample_interval, blob6 = 'never-ready') AS never_ready,
  100 * sumIf(_sample_interval, blob6 = 'never-ready') / sum(_sample_interval) AS never_ready_percent,
  max(if(blob6 = 'never-ready', double5, 0.0)) AS last_never_ms
FROM machine_metrics
WHERE timestamp >= toDateTime(intDiv({from}, 1000))
  AND double5 >= {from} AND double5 < {to}
  AND blob4 = 'startup'
  AND blob6 IN ('ready', 'never-ready')
  AND ({org} = '' OR blob1 = {org})
  AND ({project} = '' OR blob2 = {project})
  AND ({machine_type} = '' OR blob3 = {machine_type})
  AND ({machine} = '' OR index1 = {machine})
GROUP BY name
ORDER BY never_ready_percent DESC, boots DESC, name
LIMIT {limit}
