import type { EventOf } from "../event.ts";
import { maxProcesses } from "../limits.ts";
import type { ProcessEntry } from "./state.ts";

/** The process table: a list in order of change, the process that changed longest ago first. */
export type ProcessTable = readonly ProcessEntry[];

export function findProcess(table: ProcessTable, name: string): ProcessEntry | undefined {
  return table.find((entry) => entry.name === name);
}

export function withoutProcess(table: ProcessTable, name: string): ProcessTable {
  return table.filter((entry) => entry.name !== name);
}

/** Puts a process that has just changed last; where the table is full, the first one leaves. */
export function withChanged(table: ProcessTable, entry: ProcessEntry): ProcessTable {
  return [...withoutProcess(table, entry.name), entry].slice(-maxProcesses);
}

/**
 * After a loss no time and no open run is believed: events that are missing may have changed them.
 * What a process was called, its kind and its place in the order stay.
 */
export function disbelieve(table: ProcessTable): ProcessTable {
  return table.map((entry) => ({
    ...entry,
    believed: false,
    since: null,
    run: null,
    lastRun: null,
  }));
}

/** Fills in, from a segment's own table, the processes that this one does not have or no longer believes. */
export function withSegmentTable(
  table: ProcessTable,
  processes: EventOf<"segment.opened">["processes"],
): ProcessTable {
  const believed = new Set(table.filter((entry) => entry.believed).map((entry) => entry.name));
  const kinds = new Map(table.map((entry) => [entry.name, entry.kind]));
  const filled = Object.entries(processes)
    .filter(([name]) => !believed.has(name))
    .map(([name, { state, at, mono, restarts, kind }]): ProcessEntry & { since: object } => ({
      name,
      state,
      restarts,
      kind: kind ?? kinds.get(name) ?? null,
      believed: true,
      since: { at, mono },
      run: state === "running" ? { at, mono } : null,
      lastRun: null,
    }));
  if (filled.length === 0) return table;
  const names = new Set(filled.map((entry) => entry.name));
  const rest = table.filter((entry) => !names.has(entry.name));
  return inOrderOfChange(rest, filled).slice(-maxProcesses);
}

/** Merges filled-in processes to where their own time of change puts them among the rest. */
function inOrderOfChange(rest: ProcessTable, filled: readonly ProcessEntry[]): ProcessEntry[] {
  const merged = [...rest];
  const changedAt = (entry: ProcessEntry) => entry.since?.mono ?? Number.NEGATIVE_INFINITY;
  for (const entry of filled.toSorted((a, b) => changedAt(a) - changedAt(b))) {
    const later = merged.findIndex((other) => changedAt(other) > changedAt(entry));
    merged.splice(later === -1 ? merged.length : later, 0, entry);
  }
  return merged;
}
