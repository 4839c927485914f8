-- group: startup
-- question: What happened in one start-up of a machine, step by step?
-- parameter: from time = 30d
-- parameter: to time = now
-- parameter: org text = ''
-- parameter: project text = ''
-- parameter: machine_type text = ''
-- parameter: machine text
-- parameter: boot text
-- parameter: limit count = 500
-- unit: time_ms, entrypoint_ms, tasks_complete_ms and daemon_ready_ms in ms since the epoch, time_to_ready_ms and run_ms in ms; weight is how many points a row stands for
-- read: The first changes of one boot in their order, for a waterfall: it begins with entrypoint_ms, which the row with metric startup has; a process's bar begins with running and ends with the next state. What belongs to the other metric is 0 or empty.
-- column: number number
-- column: time_ms time
-- column: metric text
-- column: process text
-- column: kind text
-- column: previous text
-- column: state text
-- column: run_ms ms
-- column: exit_code number
-- column: time_to_ready_ms ms
-- column: entrypoint_ms time
-- column: tasks_complete_ms time
-- column: daemon_ready_ms time
-- column: weight count
SELECT
  double20 AS number,
  double5 AS time_ms,
  blob4 AS metric,
  blob5 AS process,
  blob11 AS kind,
  blob9 AS previous,
  blob6 AS state,
  if(blob4 = 'process', double1, 0.0) AS run_ms,
  if(blob4 = 'process', double3, 0.0) AS exit_code,
  if(blob4 = 'startup', double1, 0.0) AS time_to_ready_ms,
  if(blob4 = 'startup', double2, 0.0) AS entrypoint_ms,
  if(blob4 = 'startup', double3, 0.0) AS tasks_complete_ms,
  if(blob4 = 'startup', double4, 0.0) AS daemon_ready_ms,
  _sample_interval AS weight
FROM machine_metrics
WHERE timestamp >= toDateTime(intDiv({from}, 1000))
  AND double5 >= {from} AND double5 < {to}
  AND blob4 IN ('process', 'startup')
  AND double20 > 0
  AND ({org} = '' OR blob1 = {org})
  AND ({project} = '' OR blob2 = {project})
  AND ({machine_type} = '' OR blob3 = {machine_type})
  AND index1 = {machine}
  AND blob7 = {boot}
ORDER BY number
LIMIT {limit}
