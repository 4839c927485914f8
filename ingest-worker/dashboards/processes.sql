-- question: What does each process of a machine do now, and since when?
-- parameter: machine text
-- parameter: since duration
-- unit: since_ms in ms since the epoch; restarts as pidnap counts them
-- read: Ask far back: a process that never changes has said so long ago. The last change is told by its number in the journal, since several changes can share a millisecond. A machine with two journals (its disk was copied) has rows for both.
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
WHERE timestamp >= now() - {since}
  AND double5 >= toUnixTimestamp(now() - {since}) * 1000
  AND blob4 = 'process'
  AND double20 > 0
  AND index1 = {machine}
GROUP BY process, journal
ORDER BY process
LIMIT 1000
