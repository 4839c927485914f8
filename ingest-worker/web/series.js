/**
 * From rows to what a chart draws: one series a value of `by`, those with the largest sums first, the
 * rest as one; `times` are all steps of the rows. Where a series has no row there is nothing.
 */
export function splitBy(all, { time = "time_ms", by, value, most = 6, total = sum }) {
  const rows = all.filter((row) => typeof row[value] === "number");
  const groups = Map.groupBy(rows, (row) => row[by]);
  const sums = new Map([...groups].map(([key, own]) => [key, total(own.map((row) => row[value]))]));
  const names = [...groups.keys()].toSorted((a, b) => sums.get(b) - sums.get(a));
  const times = [...new Set(rows.map((row) => row[time]))].toSorted((a, b) => a - b);
  const at = new Map(times.map((ms, index) => [ms, index]));
  const seriesOf = (label, own) => {
    const values = times.map(() => null);
    for (const row of own)
      values[at.get(row[time])] = (values[at.get(row[time])] ?? 0) + row[value];
    return { label, values };
  };
  const kept = names.slice(0, most);
  const series = kept.map((name) => seriesOf(name === "" ? "(none)" : name, groups.get(name)));
  const others = names.slice(most).flatMap((name) => groups.get(name));
  if (others.length > 0) series.push(seriesOf("others", others));
  return { times, series };
}

function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}

/**
 * From rows to one series a column: `columns` is `{column: label}`. A line is broken where rows lie
 * further apart than `gapMs`; a value below 0 of a column that cannot be is one that was not measured.
 */
export function columnsOf(rows, { time = "time_ms", columns, gapMs = Infinity }) {
  const broken = rows.flatMap((row, at) => {
    const before = rows[at - 1];
    const gap = before !== undefined && row[time] - before[time] > gapMs;
    return gap ? [{ [time]: (before[time] + row[time]) / 2 }, row] : [row];
  });
  const series = Object.entries(columns)
    .map(([column, label]) => ({
      label,
      values: broken.map((row) => (row[column] >= 0 ? row[column] : null)),
    }))
    .filter(({ values }) => values.some((value) => value !== null));
  return { times: broken.map((row) => row[time]), series };
}
