import type { EventOf } from "../event.ts";
import { maxProcesses } from "../limits.ts";
import type { ProcessEntry } from "./state.ts";

/** The process table: a list in the order of hearing. */
type ProcessTable = readonly ProcessEntry[];

export function findProcess(table: ProcessTable, name: string): ProcessEntry | undefined {
  for (const entry of table) if (entry.name === name) return entry;
  return undefined;
}

export function withoutProcess(table: ProcessTable, name: string): ProcessTable {
  return table.filter((entry) => entry.name !== name);
}

/** Puts what was just heard of a process; where the table is full, the one that changed longest ago leaves. */
export function withProcess(table: ProcessTable, entry: ProcessEntry): ProcessTable {
  const all: ProcessEntry[] = [];
  for (const known of table) if (known.name !== entry.name) all.push(known);
  all.push(entry);
  return all.length > maxProcesses ? withoutProcess(all, longestUnchanged(all)) : all;
}

function longestUnchanged(table: ProcessTable): string {
  // Of two that changed at the same instant, the one heard of first leaves.
  return table.reduce((oldest, entry) => (entry.since.mono < oldest.since.mono ? entry : oldest))
    .name;
}

/**
 * After a loss no time and no open run is believed: events that are missing may have changed them.
 * What a process is called, its kind and when it was last heard to change stay.
 */
export function disbelieve(table: ProcessTable): ProcessTable {
  return table.map((entry) => ({ ...entry, believed: false, run: null, lastRun: null }));
}

/** Fills in, from a segment's own table, the processes that this one does not have or no longer believes. */
export function withSegmentTable(
  table: ProcessTable,
  processes: EventOf<"segment.opened">["processes"],
): ProcessTable {
  let filled = table;
  for (const [name, { state, at, mono, restarts, kind }] of Object.entries(processes)) {
    const known = findProcess(filled, name);
    if (known?.believed || state === "removed") continue;
    const since = { at, mono };
    filled = withProcess(filled, {
      name,
      state,
      restarts,
      kind: kind ?? known?.kind ?? null,
      believed: true,
      since,
      run: state === "running" ? since : null,
      lastRun: null,
    });
  }
  return filled;
}
