-- group: fleet
-- question: Which machines have reported, and how have they been?
-- parameter: from time = 24h
-- parameter: to time = now
-- parameter: org text = ''
-- parameter: project text = ''
-- parameter: machine_type text = ''
-- parameter: limit count = 500
-- unit: last_event_ms in ms since the epoch; points and restarts are counts
-- read: One row a machine, the one heard of last first. A machine that is missing has said nothing in the time looked at.
-- column: machine text
-- column: org text
-- column: project text
-- column: machine_type text
-- column: last_event_ms time
-- column: points count
-- column: restarts count
SELECT
  index1 AS machine,
  argMax(blob1, double5) AS org,
  argMax(blob2, double5) AS project,
  argMax(blob3, double5) AS machine_type,
  max(double5) AS last_event_ms,
  sum(_sample_interval) AS points,
  sumIf(_sample_interval, blob4 = 'process' AND blob6 IN ('restarting', 'crash-loop-backoff')) AS restarts
FROM machine_metrics
WHERE timestamp >= toDateTime(intDiv({from}, 1000))
  AND double5 >= {from} AND double5 < {to}
  AND blob4 IN ('resource', 'process', 'startup', 'journal')
  AND ({org} = '' OR blob1 = {org})
  AND ({project} = '' OR blob2 = {project})
  AND ({machine_type} = '' OR blob3 = {machine_type})
GROUP BY machine
ORDER BY last_event_ms DESC
LIMIT {limit}
