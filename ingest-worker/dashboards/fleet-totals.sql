-- group: fleet
-- question: What has happened in the fleet, in one row of numbers?
-- parameter: from time = 24h
-- parameter: to time = now
-- parameter: org text = ''
-- parameter: project text = ''
-- parameter: machine_type text = ''
-- unit: all columns are counts; lost_events and foreign_events count events, crash_loops entries into backoff
-- read: Zeros mean that nothing was seen, which with machines at 0 means that nobody has reported. Foreign events are positions before a copied disk began to be another machine: nothing is missing there.
-- column: machines number
-- column: points count
-- column: boots count
-- column: never_ready count
-- column: restarts count
-- column: crash_loops count
-- column: gave_up count
-- column: lost_runs count
-- column: lost_events count
-- column: foreign_events count
SELECT
  count(DISTINCT index1) AS machines,
  sum(_sample_interval) AS points,
  sumIf(_sample_interval, blob4 = 'startup' AND blob6 != 'silent') AS boots,
  sumIf(_sample_interval, blob4 = 'startup' AND blob6 = 'never-ready') AS never_ready,
  sumIf(_sample_interval, blob4 = 'process' AND blob6 IN ('restarting', 'crash-loop-backoff')) AS restarts,
  sumIf(_sample_interval, blob4 = 'process' AND blob6 = 'crash-loop-backoff') AS crash_loops,
  sumIf(_sample_interval, blob4 = 'process' AND blob6 = 'max-restarts-reached') AS gave_up,
  sumIf(_sample_interval, blob4 = 'process' AND blob6 = 'machine-lost') AS lost_runs,
  sumIf(_sample_interval * double1, blob4 = 'journal' AND blob6 NOT IN ('silent', 'foreign')) AS lost_events,
  sumIf(_sample_interval * double1, blob4 = 'journal' AND blob6 = 'foreign') AS foreign_events
FROM machine_metrics
WHERE timestamp >= toDateTime(intDiv({from}, 1000))
  AND double5 >= {from} AND double5 < {to}
  AND blob4 IN ('resource', 'process', 'startup', 'journal')
  AND ({org} = '' OR blob1 = {org})
  AND ({project} = '' OR blob2 = {project})
  AND ({machine_type} = '' OR blob3 = {machine_type})
