-- group: processes
-- question: Which processes were probably killed for want of memory?
-- parameter: from time = 24h
-- parameter: to time = now
-- parameter: org text = ''
-- parameter: project text = ''
-- parameter: machine_type text = ''
-- parameter: machine text = ''
-- parameter: process text = ''
-- parameter: step milliseconds = 600000
-- parameter: near count = 90
-- parameter: limit count = 100
-- unit: kills and oom_kills are counts, memory_percent from 0 to 100; time_ms is the step's begin, in ms since the epoch
-- read: A process that ended without a code or by SIGKILL, unasked, on a machine whose memory came near its limit (the cgroup's, else the host's; `near` percent) in the same step, or whose kernel counted an OOM kill in it (oom_kills). It is a suspicion: a kill right at the begin of a step has its memory in the step before.
-- column: time_ms time
-- column: machine text
-- column: org text
-- column: project text
-- column: machine_type text
-- column: kills count
-- column: last_process text
-- column: memory_percent percent
-- column: oom_kills count
SELECT
  time_ms,
  machine,
  argMax(org_id, event_ms) AS org,
  argMax(project_id, event_ms) AS project,
  argMax(type_id, event_ms) AS machine_type,
  sum(weight) AS kills,
  argMax(killed, if(weight > 0, event_ms, 0.0)) AS last_process,
  max(memory) AS memory_percent,
  sum(counted) AS oom_kills
FROM (
  SELECT
    floor(double5 / {step}) * {step} AS time_ms,
    index1 AS machine,
    blob1 AS org_id,
    blob2 AS project_id,
    blob3 AS type_id,
    double5 AS event_ms,
    if(blob4 = 'process' AND blob9 = 'running' AND blob6 NOT IN ('running', 'stopping', 'silent', 'machine-lost', 'removed') AND (blob10 = 'SIGKILL' OR double3 = 137 OR (double3 = -1 AND blob10 = '')), _sample_interval, 0) AS weight,
    if(blob4 = 'process', blob5, '') AS killed,
    if(blob4 = 'resource', if(double11 > 0, 100 * double10 / double11, if(double3 > 0, 100 * double2 / double3, 0.0)), 0.0) AS memory,
    if(blob4 = 'resource' AND double13 > 0, _sample_interval * double13, 0.0) AS counted
  FROM machine_metrics
  WHERE timestamp >= toDateTime(intDiv({from}, 1000))
    AND double5 >= {from} AND double5 < {to}
    AND blob4 IN ('process', 'resource')
    AND ({org} = '' OR blob1 = {org})
    AND ({project} = '' OR blob2 = {project})
    AND ({machine_type} = '' OR blob3 = {machine_type})
    AND ({machine} = '' OR index1 = {machine})
    AND ({process} = '' OR blob4 = 'resource' OR blob5 = {process})
)
GROUP BY time_ms, machine
HAVING kills > 0 AND (memory_percent >= {near} OR oom_kills > 0)
ORDER BY time_ms DESC, machine
LIMIT {limit}
