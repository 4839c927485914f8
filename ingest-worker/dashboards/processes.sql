-- group: processes
-- question: What does each process of a machine do now, and since when?
-- parameter: from time = 30d
-- parameter: to time = now
-- parameter: org text = ''
-- parameter: project text = ''
-- parameter: machine_type text = ''
-- parameter: machine text
-- parameter: limit count = 1000
-- unit: since_ms in ms since the epoch; restarts as pidnap counts them; changes is a count
-- read: Ask far back: a process that never changes has said so long ago. The last change is told by its number in the journal, since several changes can share a millisecond. A machine with two journals (its disk was copied) has rows for both.
-- column: process text
-- column: journal text
-- column: state text
-- column: since_ms time
-- column: restarts number
-- column: boot text
-- column: kind text
-- column: changes count
SELECT
  blob5 AS process,
  substring(blob8, 1, 36) AS journal,
  argMax(blob6, double20) AS state,
  argMax(double5, double20) AS since_ms,
  argMax(double2, double20) AS restarts,
  argMax(blob7, double20) AS boot,
  argMax(blob11, double20) AS kind,
  sum(_sample_interval) AS changes
FROM machine_metrics
WHERE timestamp >= toDateTime(intDiv({from}, 1000))
  AND double5 >= {from} AND double5 < {to}
  AND blob4 = 'process'
  AND double20 > 0
  AND ({org} = '' OR blob1 = {org})
  AND ({project} = '' OR blob2 = {project})
  AND ({machine_type} = '' OR blob3 = {machine_type})
  AND index1 = {machine}
GROUP BY process, journal
ORDER BY process, journal
LIMIT {limit}
