-- group: fleet
-- question: Did every point of every journal arrive, once?
-- parameter: from time = 24h
-- parameter: to time = now
-- parameter: org text = ''
-- parameter: project text = ''
-- parameter: machine_type text = ''
-- parameter: machine text = ''
-- parameter: limit count = 200
-- unit: expected, points and missing are counts of points; first_number and last_number are positions in the journal
-- read: Every point of a journal has a number. Missing above 0: so many were lost; below 0: so many came twice; 0 is as it should be. Stored_numbers is how many different ones are there, which shows losses and doubles that cancel out, as long as max_interval is 1. At the edges of the time looked at a clock that jumped can look like a loss: look at the whole life of a journal before believing one.
-- column: machine text
-- column: journal text
-- column: first_number number
-- column: last_number number
-- column: expected number
-- column: points count
-- column: missing number
-- column: stored_numbers number
-- column: max_interval number
-- column: last_ms time
SELECT
  index1 AS machine,
  substring(blob8, 1, 36) AS journal,
  min(double20) AS first_number,
  max(double20) AS last_number,
  max(double20) - min(double20) + 1 AS expected,
  sum(_sample_interval) AS points,
  max(double20) - min(double20) + 1 - sum(_sample_interval) AS missing,
  count(DISTINCT double20) AS stored_numbers,
  max(_sample_interval) AS max_interval,
  max(double5) AS last_ms
FROM machine_metrics
WHERE timestamp >= toDateTime(intDiv({from}, 1000))
  AND double5 >= {from} AND double5 < {to}
  AND blob4 IN ('resource', 'process', 'startup', 'journal')
  AND double20 > 0
  AND ({org} = '' OR blob1 = {org})
  AND ({project} = '' OR blob2 = {project})
  AND ({machine_type} = '' OR blob3 = {machine_type})
  AND ({machine} = '' OR index1 = {machine})
GROUP BY machine, journal
ORDER BY missing DESC, machine, journal
LIMIT {limit}
