-- group: fleet
-- question: Which machines have gone quiet?
-- parameter: from time = 7d
-- parameter: to time = now
-- parameter: org text = ''
-- parameter: project text = ''
-- parameter: machine_type text = ''
-- parameter: quiet milliseconds = 600000
-- parameter: limit count = 500
-- unit: last_event_ms in ms since the epoch, quiet_ms in ms up to the end of the time looked at; silences is a count
-- read: Silent: quiet for so long that its object said so (an hour, where not set otherwise), and it had not stopped in order. Quiet: it stopped in order, or its object has not said anything yet. Look back further than the machine is quiet.
-- column: machine text
-- column: org text
-- column: project text
-- column: machine_type text
-- column: last_event_ms time
-- column: quiet_ms ms
-- column: state text
-- column: silences count
SELECT
  index1 AS machine,
  argMax(blob1, double5) AS org,
  argMax(blob2, double5) AS project,
  argMax(blob3, double5) AS machine_type,
  max(double5) AS last_event_ms,
  {to} - max(double5) AS quiet_ms,
  if(max(if(blob4 = 'journal' AND blob6 = 'silent', double5, 0.0)) >= max(double5), 'silent', 'quiet') AS state,
  sumIf(_sample_interval, blob4 = 'journal' AND blob6 = 'silent') AS silences
FROM machine_metrics
WHERE timestamp >= toDateTime(intDiv({from}, 1000))
  AND double5 >= {from} AND double5 < {to}
  AND blob4 IN ('resource', 'process', 'startup', 'journal')
  AND ({org} = '' OR blob1 = {org})
  AND ({project} = '' OR blob2 = {project})
  AND ({machine_type} = '' OR blob3 = {machine_type})
GROUP BY machine
HAVING last_event_ms < {to} - {quiet}
ORDER BY quiet_ms DESC, machine
LIMIT {limit}
