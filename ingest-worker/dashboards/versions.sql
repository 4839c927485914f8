-- group: fleet
-- question: Which versions of pidnap run, on how many machines?
-- parameter: from time = 30d
-- parameter: to time = now
-- parameter: org text = ''
-- parameter: project text = ''
-- parameter: machine_type text = ''
-- parameter: limit count = 100
-- unit: machines is how many have it now, boots the start-ups of those machines; last_boot_ms in ms since the epoch
-- read: A machine counts for the version of its last start-up in the time looked at; ask as far back as a machine runs without a start. Empty is a pidnap that does not tell its version.
-- column: version text
-- column: machines number
-- column: boots count
-- column: last_boot_ms time
SELECT
  version,
  sum(one) AS machines,
  sum(starts) AS boots,
  max(started_ms) AS last_boot_ms
FROM (
  SELECT
    index1 AS machine,
    argMax(blob12, double5) AS version,
    1 AS one,
    sum(_sample_interval) AS starts,
    max(double5) AS started_ms
  FROM machine_metrics
  WHERE timestamp >= toDateTime(intDiv({from}, 1000))
    AND double5 >= {from} AND double5 < {to}
    AND blob4 = 'startup'
    AND blob6 != 'silent'
    AND ({org} = '' OR blob1 = {org})
    AND ({project} = '' OR blob2 = {project})
    AND ({machine_type} = '' OR blob3 = {machine_type})
  GROUP BY machine
)
GROUP BY version
ORDER BY machines DESC, version
LIMIT {limit}
