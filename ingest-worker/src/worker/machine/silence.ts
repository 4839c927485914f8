import { fold } from "pidnap-journal/pure";
import type {
  BootId,
  FoldState,
  JournalEvent,
  Measurement,
  Seq,
  UnknownEvent,
} from "pidnap-journal/pure";
import { forgetStateAfterMs } from "../limits.ts";
import type { JournalSummary } from "./store.ts";

/** What is due for a quiet journal, and when. */
export type QuietDue =
  | { readonly kind: "silence"; readonly at: number }
  | { readonly kind: "forget"; readonly at: number };

/**
 * The next thing that happens to a journal if it stays quiet: its silence is told, unless it stopped
 * in order or it was told already; much later its state is forgotten.
 */
export function nextDue(journal: JournalSummary, silentAfterMs: number): QuietDue | undefined {
  if (!journal.full) return undefined;
  if (journal.stopped || journal.silent) {
    return { kind: "forget", at: journal.receivedAt + forgetStateAfterMs };
  }
  return { kind: "silence", at: journal.receivedAt + silentAfterMs };
}

/** Whether, after these events, a journal's last word is that pidnap stopped in order. */
export function stoppedInOrder(before: boolean, events: readonly JournalEvent[]): boolean {
  // A writer closing its books after the stop takes nothing back.
  const last = events.findLast(
    ({ type }) => type !== "segment.opened" && type !== "events.dropped",
  );
  return last === undefined ? before : last.type === "machine.stopped";
}

/**
 * What a silence measures: that the journal is silent, and what a new boot would close now, named
 * `silent`. The state is left as it is: what comes later folds as if nothing had been said.
 *
 * @param lastSeq position of the last event folded
 */
export function silenceMeasurements(state: FoldState, lastSeq: number): Measurement[] {
  if (state.boot === null) return [];
  const own: Measurement = {
    kind: "journal",
    seq: lastSeq,
    number: 0,
    boot: state.boot,
    at: state.last.at,
    reason: "silent",
    lostEvents: 0,
    firstLostSeq: 0,
    lastLostSeq: 0,
  };
  const closed = fold(state, bootAfter(state, state.boot, lastSeq)).measurements;
  return [own, ...closed.map((measurement) => ({ ...asSilent(measurement), number: 0 }))];
}

function asSilent(measurement: Measurement): Measurement {
  switch (measurement.kind) {
    case "process":
      return { ...measurement, state: "silent" };
    case "startup":
      // No fold says so, hence the type does not know it; a point's blob takes any state.
      return { ...measurement, state: "silent" as "never-ready" };
    case "resource":
    case "journal":
      return measurement;
  }
}

/** An event that means nothing but that another boot has begun. */
function bootAfter({ last }: FoldState, boot: BootId, seq: number): UnknownEvent {
  return {
    v: 1,
    seq: seq as Seq,
    at: last.at,
    mono: last.mono,
    boot: `${boot}+` as BootId,
    type: "silence" as UnknownEvent["type"],
  };
}
