-- group: fleet
-- question: Which machines lost events, and why?
-- parameter: from time = 7d
-- parameter: to time = now
-- parameter: org text = ''
-- parameter: project text = ''
-- parameter: machine_type text = ''
-- parameter: machine text = ''
-- parameter: limit count = 100
-- unit: lost_events and foreign_events count events, losses how often it happened; last_ms in ms since the epoch
-- read: Lost events are positions that the shipper could not deliver (expired, corrupt, rejected) and events that the machine could not write; they are found at the time of the event before them. Foreign ones are apart: positions before a copied disk began to be another machine, where nothing is missing.
-- column: machine text
-- column: org text
-- column: project text
-- column: machine_type text
-- column: reason text
-- column: lost_events count
-- column: foreign_events count
-- column: losses count
-- column: last_ms time
SELECT
  index1 AS machine,
  argMax(blob1, double5) AS org,
  argMax(blob2, double5) AS project,
  argMax(blob3, double5) AS machine_type,
  blob6 AS reason,
  sumIf(_sample_interval * double1, blob6 != 'foreign') AS lost_events,
  sumIf(_sample_interval * double1, blob6 = 'foreign') AS foreign_events,
  sum(_sample_interval) AS losses,
  max(double5) AS last_ms
FROM machine_metrics
WHERE timestamp >= toDateTime(intDiv({from}, 1000))
  AND double5 >= {from} AND double5 < {to}
  AND blob4 = 'journal'
  AND blob6 != 'silent'
  AND ({org} = '' OR blob1 = {org})
  AND ({project} = '' OR blob2 = {project})
  AND ({machine_type} = '' OR blob3 = {machine_type})
  AND ({machine} = '' OR index1 = {machine})
GROUP BY machine, reason
ORDER BY lost_events DESC, machine, reason
LIMIT {limit}
