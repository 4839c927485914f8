-- group: startup
-- question: Which phase of the start-up takes how long, over time?
-- parameter: from time = 7d
-- parameter: to time = now
-- parameter: org text = ''
-- parameter: project text = ''
-- parameter: machine_type text = ''
-- parameter: machine text = ''
-- parameter: step milliseconds = 3600000
-- unit: all but time_ms and boots in ms; boots is a count; time_ms is the step's begin, in ms since the epoch
-- read: To_ready is from the start of PID 1 to the daemon being ready. Of that, tasks is until all tasks had ended and services from there on; after_ready is how long tasks went on when the daemon was ready already. All three are 0 where nobody said that the tasks had ended. Each task of its own is in startup-tasks.
-- column: time_ms time
-- column: boots count
-- column: to_ready_p50_ms ms
-- column: to_ready_p95_ms ms
-- column: after_ready_p50_ms ms
-- column: after_ready_p95_ms ms
-- column: tasks_p50_ms ms
-- column: tasks_p95_ms ms
-- column: services_p50_ms ms
-- column: services_p95_ms ms
SELECT
  floor(double5 / {step}) * {step} AS time_ms,
  sum(_sample_interval) AS boots,
  quantileExactWeighted(0.5)(double1, _sample_interval) AS to_ready_p50_ms,
  quantileExactWeighted(0.95)(double1, _sample_interval) AS to_ready_p95_ms,
  quantileExactWeighted(0.5)(if(double3 > double4, double3 - double4, 0.0), _sample_interval) AS after_ready_p50_ms,
  quantileExactWeighted(0.95)(if(double3 > double4, double3 - double4, 0.0), _sample_interval) AS after_ready_p95_ms,
  quantileExactWeighted(0.5)(if(double3 > 0, double3 - double2, 0.0), _sample_interval) AS tasks_p50_ms,
  quantileExactWeighted(0.95)(if(double3 > 0, double3 - double2, 0.0), _sample_interval) AS tasks_p95_ms,
  quantileExactWeighted(0.5)(if(double3 > 0 AND double4 > double3, double4 - double3, 0.0), _sample_interval) AS services_p50_ms,
  quantileExactWeighted(0.95)(if(double3 > 0 AND double4 > double3, double4 - double3, 0.0), _sample_interval) AS services_p95_ms
FROM machine_metrics
WHERE timestamp >= toDateTime(intDiv({from}, 1000))
  AND double5 >= {from} AND double5 < {to}
  AND blob4 = 'startup'
  AND blob6 = 'ready'
  AND ({org} = '' OR blob1 = {org})
  AND ({project} = '' OR blob2 = {project})
  AND ({machine_type} = '' OR blob3 = {machine_type})
  AND ({machine} = '' OR index1 = {machine})
GROUP BY time_ms
ORDER BY time_ms
LIMIT 10000
