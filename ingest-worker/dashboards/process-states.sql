-- group: processes
-- question: How many processes are in which state now?
-- parameter: from time = 30d
-- parameter: to time = now
-- parameter: org text = ''
-- parameter: project text = ''
-- parameter: machine_type text = ''
-- parameter: machine text = ''
-- parameter: process text = ''
-- parameter: limit count = 100
-- unit: processes and machines are how many are in the state now; longest_since_ms in ms since the epoch: since when the first of them is in it; changes counts all that they went through
-- read: Ask far back: a process that never changes has said so long ago. A machine that has gone silent keeps the states that it had; machine-lost is a process whose machine started anew without it.
-- column: state text
-- column: processes number
-- column: machines number
-- column: longest_since_ms time
-- column: changes count
SELECT
  state,
  sum(one) AS processes,
  count(DISTINCT machine) AS machines,
  min(since_ms) AS longest_since_ms,
  sum(points) AS changes
FROM (
  SELECT
    index1 AS machine,
    blob5 AS process,
    substring(blob8, 1, 36) AS journal,
    argMax(blob6, double20) AS state,
    argMax(double5, double20) AS since_ms,
    1 AS one,
    sum(_sample_interval) AS points
  FROM machine_metrics
  WHERE timestamp >= toDateTime(intDiv({from}, 1000))
    AND double5 >= {from} AND double5 < {to}
    AND blob4 = 'process'
    AND double20 > 0
    AND ({org} = '' OR blob1 = {org})
    AND ({project} = '' OR blob2 = {project})
    AND ({machine_type} = '' OR blob3 = {machine_type})
    AND ({machine} = '' OR index1 = {machine})
    AND ({process} = '' OR blob5 = {process})
  GROUP BY machine, process, journal
)
WHERE state != 'removed'
GROUP BY state
ORDER BY processes DESC, state
LIMIT {limit}
