-- group: processes
-- question: How many runs were stopped on purpose, finished, crashed, or were lost with their machine?
-- parameter: from time = 24h
-- parameter: to time = now
-- parameter: org text = ''
-- parameter: project text = ''
-- parameter: machine_type text = ''
-- parameter: machine text = ''
-- parameter: process text = ''
-- parameter: step milliseconds = 300000
-- unit: all four are counts of runs; time_ms is the step's begin, in ms since the epoch, in which the runs ended
-- read: Stopped: through stopping, or removed. Finished: by itself with code 0. Crashed: by itself with another code or by a signal. Lost: the machine started anew without having ended it.
-- column: time_ms time
-- column: stopped count
-- column: finished count
-- column: crashed count
-- column: lost count
SELECT
  floor(double5 / {step}) * {step} AS time_ms,
  sumIf(_sample_interval, blob6 = 'removed' OR (blob9 = 'stopping' AND blob6 != 'machine-lost')) AS stopped,
  sumIf(_sample_interval, blob9 = 'running' AND blob6 NOT IN ('removed', 'machine-lost') AND double3 = 0) AS finished,
  sumIf(_sample_interval, blob9 = 'running' AND blob6 NOT IN ('removed', 'machine-lost') AND double3 != 0) AS crashed,
  sumIf(_sample_interval, blob6 = 'machine-lost') AS lost
FROM machine_metrics
WHERE timestamp >= toDateTime(intDiv({from}, 1000))
  AND double5 >= {from} AND double5 < {to}
  AND blob4 = 'process'
  AND blob9 IN ('running', 'stopping')
  AND blob6 NOT IN ('running', 'stopping', 'silent')
  AND ({org} = '' OR blob1 = {org})
  AND ({project} = '' OR blob2 = {project})
  AND ({machine_type} = '' OR blob3 = {machine_type})
  AND ({machine} = '' OR index1 = {machine})
  AND ({process} = '' OR blob5 = {process})
GROUP BY time_ms
ORDER BY time_ms
LIMIT 10000
