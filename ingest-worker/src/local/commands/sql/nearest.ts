/** The known name that was probably meant; undefined where none is near. */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  const wanted = name.toLowerCase();
  const near = [...known]
    .map((one) => ({ one, far: one.startsWith(wanted) ? 1 : distance(wanted, one) }))
    .filter(({ one, far }) => far <= Math.max(1, Math.floor(one.length / 3)));
  return near.sort((a, b) => a.far - b.far)[0]?.one;
}

/** Letters to put in, take out or change to make one text of the other. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const above = row;
    row = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = (above[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(changed, (above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
  }
  return row[b.length] ?? 0;
}
