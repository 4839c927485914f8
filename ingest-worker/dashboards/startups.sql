-- group: startup
-- question: How long did a machine take to be ready, boot by boot?
-- parameter: from time = 7d
-- parameter: to time = now
-- parameter: org text = ''
-- parameter: project text = ''
-- parameter: machine_type text = ''
-- parameter: machine text
-- parameter: limit count = 1000
-- unit: time_to_ready_ms in ms; time_ms, entrypoint_ms, tasks_complete_ms and daemon_ready_ms in ms since the epoch, 0 where it never was; weight is how many points a row stands for
-- read: A start-up that never got ready has a time to ready of 0 and the state never-ready.
-- column: time_ms time
-- column: state text
-- column: time_to_ready_ms ms
-- column: entrypoint_ms time
-- column: tasks_complete_ms time
-- column: daemon_ready_ms time
-- column: boot text
-- column: pidnap_version text
-- column: weight count
SELECT
  double5 AS time_ms,
  blob6 AS state,
  double1 AS time_to_ready_ms,
  double2 AS entrypoint_ms,
  double3 AS tasks_complete_ms,
  double4 AS daemon_ready_ms,
  blob7 AS boot,
  blob12 AS pidnap_version,
  _sample_interval AS weight
FROM machine_metrics
WHERE timestamp >= toDateTime(intDiv({from}, 1000))
  AND double5 >= {from} AND double5 < {to}
  AND blob4 = 'startup'
  AND blob6 != 'silent'
  AND ({org} = '' OR blob1 = {org})
  AND ({project} = '' OR blob2 = {project})
  AND ({machine_type} = '' OR blob3 = {machine_type})
  AND index1 = {machine}
ORDER BY time_ms, boot
LIMIT {limit}
