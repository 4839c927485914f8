-- question: How long did a machine take to be ready, boot by boot?
-- parameter: machine text
-- parameter: since duration
-- unit: time_to_ready_ms in ms; time_ms, entrypoint_ms and tasks_complete_ms in ms since the epoch, 0 where it never was
-- read: A start-up that never got ready has a time to ready of 0 and the state never-ready.
SELECT
  double5 AS time_ms,
  blob6 AS state,
  double1 AS time_to_ready_ms,
  double2 AS entrypoint_ms,
  double3 AS tasks_complete_ms,
  blob7 AS boot,
  blob12 AS pidnap_version,
  _sample_interval AS weight
FROM machine_metrics
WHERE timestamp >= now() - {since}
  AND double5 >= toUnixTimestamp(now() - {since}) * 1000
  AND blob4 = 'startup'
  AND blob6 != 'silent'
  AND index1 = {machine}
ORDER BY time_ms
LIMIT 1000
