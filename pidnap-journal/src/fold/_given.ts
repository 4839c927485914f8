import { decodeValue } from "../decode-line.ts";
import type { JournalEvent } from "../event.ts";
import type { Measurement } from "../measurement.ts";
import { fold } from "./fold.ts";
import { initialState } from "./state.ts";
import type { FoldState } from "./state.ts";

/** An event's own fields, and of its head what the test cares about. */
export type Told = { readonly type: string; readonly [field: string]: unknown };

/** Makes events of what a test tells: one a second, in boot `a`, unless it says otherwise. */
function events(...told: readonly Told[]): JournalEvent[] {
  let seq = 0;
  return told.map((fields) => {
    seq = typeof fields["seq"] === "number" ? fields["seq"] : seq + 1;
    const head = { v: 1, seq, at: 1_700_000_000_000 + seq * 1000, mono: seq * 1000, boot: "a" };
    const decoded = decodeValue({ ...head, ...fields });
    if (decoded.kind !== "event") throw new Error(`not an event: ${JSON.stringify(decoded)}`);
    if (decoded.event.type === "events.lost") seq = Number(decoded.event["through"]);
    return decoded.event;
  });
}

/** Folds what a test tells from the beginning. */
export function folded(...told: readonly Told[]): {
  state: FoldState;
  measurements: Measurement[];
} {
  return foldAll(events(...told));
}

export function foldAll(all: readonly JournalEvent[], from: FoldState = initialState()) {
  let state = from;
  const measurements: Measurement[] = [];
  for (const event of all) {
    const step = fold(state, event);
    state = step.state;
    measurements.push(...step.measurements);
  }
  return { state, measurements };
}

/** `web` goes from one state to another. */
export function goes(from: string, to: string, more: object = {}): Told {
  return { type: "process.transitioned", process: "web", from, to, restarts: 0, ...more };
}

export function opened(processes: object = {}, more: object = {}): Told {
  const journal = "db5b5fab-8f4d-4e27-9da1-494c73cf256d";
  return { type: "segment.opened", journal, processes, ...more };
}

export function booted(more: object = {}): Told {
  return { type: "machine.booted", entrypointAt: 1_700_000_000_000, ...more };
}
