import type { EventOf, TableEntry } from "../event.ts";
import type { FoldState, ProcessEntry } from "../fold/state.ts";

/**
 * What a segment's table says against what the events before it say. A table that leaves out a process
 * says nothing of it: a writer does so where the line would become too long.
 *
 * @param before the fold's state before the event
 * @param isComplete whether all events of this boot were seen
 * @returns each contradiction in words
 */
export function tableFaults(
  event: EventOf<"segment.opened">,
  before: FoldState,
  isComplete: boolean,
): string[] {
  const table = Object.entries(event.processes);
  if (before.boot !== event.boot) {
    const isEmpty = table.length === 0 || !isComplete;
    return isEmpty ? [] : ["the table of a new boot is not empty"];
  }
  const known = new Map(before.processes.map((entry) => [entry.name, entry]));
  return table.flatMap(([name, row]) => {
    const entry = known.get(name);
    if (entry === undefined) return isComplete ? [`${name}: never heard of before`] : [];
    return entry.believed ? entryFaults(entry, row) : [];
  });
}

function entryFaults(entry: ProcessEntry, row: TableEntry): string[] {
  const pairs = [
    ["state", entry.state, row.state],
    ["restarts", entry.restarts, row.restarts],
    ["at", entry.since.at, row.at],
    ["mono", entry.since.mono, row.mono],
    ["kind", entry.kind, row.kind ?? entry.kind],
  ] as const;
  return pairs.flatMap(([field, heard, said]) =>
    heard === said ? [] : [`${entry.name}: ${field} is ${String(said)}, was ${String(heard)}`],
  );
}
