-- group: fleet
-- question: When were events lost?
-- parameter: from time = 24h
-- parameter: to time = now
-- parameter: org text = ''
-- parameter: project text = ''
-- parameter: machine_type text = ''
-- parameter: machine text = ''
-- parameter: step milliseconds = 300000
-- unit: lost_events and foreign_events count events, losses how often it happened; time_ms is the step's begin, in ms since the epoch
-- read: Lost events are positions that the shipper could not deliver (expired, corrupt, rejected) and events that the machine could not write; they are found at the time of the event before them. Foreign ones are apart: positions before a copied disk began to be another machine, where nothing is missing.
-- column: time_ms time
-- column: lost_events count
-- column: foreign_events count
-- column: losses count
SELECT
  floor(double5 / {step}) * {step} AS time_ms,
  sumIf(_sample_interval * double1, blob6 != 'foreign') AS lost_events,
  sumIf(_sample_interval * double1, blob6 = 'foreign') AS foreign_events,
  sumIf(_sample_interval, blob6 != 'foreign') AS losses
FROM machine_metrics
WHERE timestamp >= toDateTime(intDiv({from}, 1000))
  AND double5 >= {from} AND double5 < {to}
  AND blob4 = 'journal'
  AND blob6 != 'silent'
  AND ({org} = '' OR blob1 = {org})
  AND ({project} = '' OR blob2 = {project})
  AND ({machine_type} = '' OR blob3 = {machine_type})
  AND ({machine} = '' OR index1 = {machine})
GROUP BY time_ms
ORDER BY time_ms
LIMIT 10000
