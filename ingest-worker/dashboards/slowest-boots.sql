-- group: startup
-- question: Which boots took longest to be ready?
-- parameter: from time = 7d
-- parameter: to time = now
-- parameter: org text = ''
-- parameter: project text = ''
-- parameter: machine_type text = ''
-- parameter: machine text = ''
-- parameter: limit count = 20
-- unit: time_to_ready_ms and after_ready_ms in ms, time_ms in ms since the epoch; weight is how many points a row stands for
-- read: One row a boot. After_ready_ms is how long tasks went on after the daemon was ready.
-- column: time_ms time
-- column: machine text
-- column: org text
-- column: project text
-- column: machine_type text
-- column: boot text
-- column: time_to_ready_ms ms
-- column: after_ready_ms ms
-- column: version text
-- column: cpus number
-- column: memory_total_mb mb
-- column: weight count
SELECT
  double5 AS time_ms,
  index1 AS machine,
  blob1 AS org,
  blob2 AS project,
  blob3 AS machine_type,
  blob7 AS boot,
  double1 AS time_to_ready_ms,
  if(double3 > double4, double3 - double4, 0.0) AS after_ready_ms,
  blob12 AS version,
  double7 AS cpus,
  double8 AS memory_total_mb,
  _sample_interval AS weight
FROM machine_metrics
WHERE timestamp >= toDateTime(intDiv({from}, 1000))
  AND double5 >= {from} AND double5 < {to}
  AND blob4 = 'startup'
  AND blob6 = 'ready'
  AND ({org} = '' OR blob1 = {org})
  AND ({project} = '' OR blob2 = {project})
  AND ({machine_type} = '' OR blob3 = {machine_type})
  AND ({machine} = '' OR index1 = {machine})
ORDER BY time_to_ready_ms DESC, time_ms
LIMIT {limit}
