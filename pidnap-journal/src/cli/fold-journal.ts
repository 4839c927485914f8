import type { JournalEvent } from "../event.ts";
import { fold } from "../fold/fold.ts";
import { initialState, type FoldState } from "../fold/state.ts";
import type { Measurement } from "../measurement.ts";
import type { JournalEntry } from "../reader/entry.ts";
import { lossDeclarer } from "../reader/losses.ts";

/** Folds a journal as the Worker folds what is shipped of it, gaps included. */
export interface Folding {
  readonly state: FoldState;
  /** The last event folded, or undefined before the first. */
  readonly last: JournalEvent | undefined;
  /** Folds an entry, and gives what it measured. */
  add(entry: JournalEntry): readonly Measurement[];
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
        const folded = fold(state, event);
        state = folded.state;
        return folded.measurements;
      });
    },
  };
}
