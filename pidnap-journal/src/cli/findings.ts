/** Something that should not be, and where. */
export interface Finding {
  readonly segment: string;
  /** Byte offset in the segment. */
  readonly offset: number;
  /** Stable, for programs: why a piece is corrupt, or `gap`, `table`, `no-table`, `other-journal`, `unfinished`. */
  readonly reason: string;
  readonly detail: string;
}

/** Findings that are kept: a broken disk can make millions, and the count says enough then. */
export const keptMax = 10_000;

/** What was found: faults make a journal unsound, notes do not. */
export interface Findings {
  readonly faults: readonly Finding[];
  readonly notes: readonly Finding[];
  fault(found: Finding): void;
  note(found: Finding): void;
}

export function createFindings(): Findings {
  const faults: Finding[] = [];
  const notes: Finding[] = [];
  const keep = (kept: Finding[], found: Finding): void => {
    if (kept.length < keptMax) kept.push(found);
  };
  return {
    faults,
    notes,
    fault: (found) => keep(faults, found),
    note: (found) => keep(notes, found),
  };
}
