-- group: fleet
-- question: Which machines have reported, and how have they been?
-- parameter: from time = 24h
-- parameter: to time = now
-- parameter: org text = ''
-- parameter: project text = ''
-- parameter: machine_type text = ''
-- parameter: limit count = 500
-- unit: last_event_ms in ms since the epoch; points, restarts, boots and lost_events are counts; percentages from 0 to 100
-- read: One row a machine, the one heard of last first. A machine that is missing has said nothing in the time looked at. The version is that of its last start-up in this time, empty where there was none; cpu_percent is a mean, memory_percent and disk_percent are the highest seen, memory against the limit that applies.
-- column: machine text
-- column: org text
-- column: project text
-- column: machine_type text
-- column: last_event_ms time
-- column: points count
-- column: restarts count
-- column: boots count
-- column: lost_events count
-- column: version text
-- column: cpu_percent percent
-- column: memory_percent percent
-- column: disk_percent percent
SELECT
  index1 AS machine,
  argMax(blob1, double5) AS org,
  argMax(blob2, double5) AS project,
  argMax(blob3, double5) AS machine_type,
  max(double5) AS last_event_ms,
  sum(_sample_interval) AS points,
  sumIf(_sample_interval, blob4 = 'process' AND blob6 IN ('restarting', 'crash-loop-backoff')) AS restarts,
  sumIf(_sample_interval, blob4 = 'startup' AND blob6 != 'silent') AS boots,
  sumIf(_sample_interval * double1, blob4 = 'journal' AND blob6 NOT IN ('silent', 'foreign')) AS lost_events,
  argMax(if(blob4 = 'startup', blob12, ''), if(blob4 = 'startup', double5, 0.0)) AS version,
  sumIf(_sample_interval * double1, blob4 = 'resource') / sumIf(_sample_interval, blob4 = 'resource') AS cpu_percent,
  max(if(blob4 = 'resource', if(double11 > 0, 100 * double10 / double11, if(double3 > 0, 100 * double2 / double3, 0.0)), 0.0)) AS memory_percent,
  max(if(blob4 = 'resource', double4, 0.0)) AS disk_percent
FROM machine_metrics
WHERE timestamp >= toDateTime(intDiv({from}, 1000))
  AND double5 >= {from} AND double5 < {to}
  AND blob4 IN ('resource', 'process', 'startup', 'journal')
  AND ({org} = '' OR blob1 = {org})
  AND ({project} = '' OR blob2 = {project})
  AND ({machine_type} = '' OR blob3 = {machine_type})
GROUP BY machine
ORDER BY last_event_ms DESC, machine
LIMIT {limit}
