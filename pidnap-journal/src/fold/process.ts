import type { EventOf } from "../event.ts";
import type { ProcessMeasurement } from "../measurement.ts";
import { signalNumber } from "./signal.ts";
import type { ClosedRun, FoldState, Moment, ProcessEntry } from "./state.ts";
import { findProcess, withProcess, withoutProcess } from "./table.ts";

type Transition = EventOf<"process.transitioned">;
/** What a boot's end adds to the measurement itself. */
type OfBoot = "seq" | "number" | "boot" | "at";

/**
 * The measurement has 0 for its number until the fold counts it.
 *
 * A run opens when a process enters `running` and closes when it enters anything but `running` or
 * `stopping`. Durations are differences of the monotonic clock, since wall clocks jump.
 */
export function foldTransition(
  state: FoldState,
  event: Transition,
): { readonly state: FoldState; readonly measurement: ProcessMeasurement } {
  const now: Moment = { at: event.at, mono: event.mono };
  const before = findProcess(state.processes, event.process);
  // A transition is believed over the table: with another `from`, what was known is of another history.
  const known = before?.state === event.from ? before : undefined;
  const kind = event.kind ?? before?.kind ?? null;
  const closes = event.to !== "running" && event.to !== "stopping";
  const measurement: ProcessMeasurement = {
    kind: "process",
    seq: event.seq,
    number: 0,
    boot: event.boot,
    at: event.at,
    process: event.process,
    state: event.to,
    previousState: event.from,
    restarts: event.restarts,
    exitCode: exitCodeOf(event),
    signal: event.signal ?? "",
    processKind: kind ?? "",
    durationMs: closes ? elapsedMs(known?.run, now) : 0,
    previousStateMs: elapsedMs(known?.believed ? known.since : null, now),
  };
  if (event.to === "removed") {
    return { state: withTable(state, withoutProcess(state.processes, event.process)), measurement };
  }
  const entry: ProcessEntry = {
    name: event.process,
    state: event.to,
    restarts: event.restarts,
    kind,
    believed: true,
    since: now,
    run: event.to === "running" ? now : closes ? null : (known?.run ?? null),
    lastRun: lastRunAfter(event, known, now),
  };
  return { state: withTable(state, withProcess(state.processes, entry)), measurement };
}

/** Field by field, since most events come here and a spread takes several times as long. */
function withTable(
  { version, boot, last, measurements, startup }: FoldState,
  processes: FoldState["processes"],
): FoldState {
  return { version, boot, last, measurements, startup, processes };
}

/** What a boot's end makes of a process whose run is still open: durations up to the boot's last event. */
export function lostWithMachine(
  entry: ProcessEntry & { readonly run: Moment },
  state: FoldState,
): Omit<ProcessMeasurement, OfBoot> {
  return {
    kind: "process",
    process: entry.name,
    state: "machine-lost",
    previousState: entry.state,
    restarts: entry.restarts,
    exitCode: -1,
    signal: "",
    processKind: entry.kind ?? "",
    durationMs: elapsedMs(entry.run, state.last),
    previousStateMs: elapsedMs(entry.since, state.last),
  };
}

/** Milliseconds between two moments of one boot; 0 where the first was not seen, and never negative. */
function elapsedMs(from: Moment | null | undefined, to: Moment): number {
  return from === null || from === undefined ? 0 : Math.max(0, to.mono - from.mono);
}

/** A shell's convention: 128 + the signal's number. */
function exitCodeOf(event: Transition): number {
  if (event.exitCode !== null && event.exitCode !== undefined) return event.exitCode;
  const number = event.signal === undefined ? undefined : signalNumber(event.signal);
  return number === undefined ? -1 : 128 + number;
}

/** The last run that was seen whole; it stays known while no other one begins. */
function lastRunAfter(
  event: Transition,
  known: ProcessEntry | undefined,
  now: Moment,
): ClosedRun | null {
  const run = known?.run ?? null;
  if (event.to === "running") return null;
  if (event.to === "stopping" || run === null) return known?.lastRun ?? null;
  return { startedAt: run.at, stoppedAt: now.at, durationMs: elapsedMs(run, now) };
}
