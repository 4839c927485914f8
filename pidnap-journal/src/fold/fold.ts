import type { JournalEvent } from "../event.ts";
import type { Measurement } from "../measurement.ts";
import type { FoldState } from "./state.ts";

/** The state after an event, and what the event measured. */
export interface Folded {
  readonly state: FoldState;
  readonly measurements: readonly Measurement[];
}

/** Folds one event. Pure: the same state and event give the same answer, and neither is changed. */
export function fold(state: FoldState, event: JournalEvent): Folded {
  return { state, measurements: [] };
}
