import type { JournalEvent } from "../event.ts";
import { fold } from "../fold/fold.ts";
import { initialState, type FoldState } from "../fold/state.ts";
import type { Measurement } from "../measurement.ts";
import type { JournalEntry } from "../reader/entry.ts";
import { lossDeclarer } from "../reader/losses.ts";

/** What an entry measured. */
export interface Measured {
  readonly measurement: Measurement;
  /** Whether it is the end of a run, its beginning seen or not. */
  readonly endsRun: boolean;
}

/** Folds a journal as the Worker folds what is shipped of it, gaps included. */
export interface Folding {
  readonly state: FoldState;
  /** The last event folded, or undefined before the first. */
  readonly last: JournalEvent | undefined;
  /** Folds an entry, and gives what it measured. */
  add(entry: JournalEntry): readonly Measured[];
}

export function createFolding(): Folding {
  const declare = lossDeclarer();
  let state = initialState();
  let last: JournalEvent | undefined;
  return {
    get state() {
      return state;
    },
    get last() {
      return last;
    },
    add(entry) {
      if (entry.kind === "corrupt") return [];
      last = entry.event;
      return declare(entry.event).flatMap((event) => {
        const before = state;
        const folded = fold(before, event);
        state = folded.state;
        return folded.measurements.map((measurement) => ({
          measurement,
          endsRun: endsRun(before, measurement),
        }));
      });
    },
  };
}

function endsRun(before: FoldState, measurement: Measurement): boolean {
  if (measurement.kind !== "process") return false;
  const { boot, previousState, process: name, state } = measurement;
  if (state === "machine-lost") return true;
  if (state === "running" || state === "stopping") return false;
  if (previousState === "running") return true;
  // Through `stopping`, which a process also enters that waits to be run again.
  const known = before.processes.find((entry) => entry.name === name);
  return before.boot === boot && known?.state === previousState && known.run !== null;
}
