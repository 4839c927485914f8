-- group: processes
-- question: Which states did the processes of a machine go through?
-- parameter: from time = 24h
-- parameter: to time = now
-- parameter: org text = ''
-- parameter: project text = ''
-- parameter: machine_type text = ''
-- parameter: machine text
-- parameter: process text = ''
-- parameter: boot text = ''
-- unit: time_ms in ms since the epoch: when the state was entered; previous_ms and run_ms in ms; weight is how many points a row stands for
-- read: One row a change, the newest first, 10,000 at most; order them by journal and number. Previous_ms is how long the state before lasted, 0 where its beginning was not seen: what a process was at the begin of the time looked at is in its first row. Number 0 is what was said of a machine that had gone silent.
-- column: time_ms time
-- column: number number
-- column: process text
-- column: kind text
-- column: previous text
-- column: state text
-- column: previous_ms ms
-- column: run_ms ms
-- column: exit_code number
-- column: signal text
-- column: restarts number
-- column: boot text
-- column: journal text
-- column: weight count
SELECT
  double5 AS time_ms,
  double20 AS number,
  blob5 AS process,
  blob11 AS kind,
  blob9 AS previous,
  blob6 AS state,
  double4 AS previous_ms,
  double1 AS run_ms,
  double3 AS exit_code,
  blob10 AS signal,
  double2 AS restarts,
  blob7 AS boot,
  substring(blob8, 1, 36) AS journal,
  _sample_interval AS weight
FROM machine_metrics
WHERE timestamp >= toDateTime(intDiv({from}, 1000))
  AND double5 >= {from} AND double5 < {to}
  AND blob4 = 'process'
  AND ({org} = '' OR blob1 = {org})
  AND ({project} = '' OR blob2 = {project})
  AND ({machine_type} = '' OR blob3 = {machine_type})
  AND index1 = {machine}
  AND ({process} = '' OR blob5 = {process})
  AND ({boot} = '' OR blob7 = {boot})
ORDER BY time_ms DESC, number DESC
LIMIT 10000
