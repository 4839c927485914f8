/** A segment's file name is the position of its first event: `journal-0000000000004096.ndjson`. */

const pattern = /^journal-(\d{16})\.ndjson$/;

/** The file name of the segment whose first event has position `firstSeq`. */
export function segmentName(firstSeq: number): string {
  return `journal-${String(firstSeq).padStart(16, "0")}.ndjson`;
}

/** The position a segment's name promises for its first event, or undefined where it is not a segment's name. */
export function firstSeqOfSegment(fileName: string): number | undefined {
  const digits = pattern.exec(fileName)?.[1];
  if (digits === undefined) return undefined;
  const seq = Number(digits);
  return Number.isSafeInteger(seq) && seq >= 1 ? seq : undefined;
}

/** The segments among a directory's entries, oldest first. */
export function segmentNames(entries: readonly string[]): string[] {
  // Sixteen digits: the order of names is the order of positions.
  return entries.filter((entry) => firstSeqOfSegment(entry) !== undefined).toSorted();
}
