import { isKnownEvent } from "../event.ts";
import type { EventOf, JournalEvent, KnownEvent } from "../event.ts";
import type { JournalMeasurement, Measurement, ResourceMeasurement } from "../measurement.ts";
import { compareCodePoints } from "../utf8.ts";
import { foldTransition, lostWithMachine } from "./process.ts";
import {
  completedStartup,
  endedStartup,
  foldBooted,
  foldReady,
  foldTasksCompleted,
} from "./startup.ts";
import { freshStartup } from "./state.ts";
import type { FoldState, Moment, ProcessEntry } from "./state.ts";
import { disbelieve, withSegmentTable } from "./table.ts";

/** The state after an event, and what the event measured. */
export interface Folded {
  readonly state: FoldState;
  readonly measurements: readonly Measurement[];
}

/** A measurement just made, which has 0 for its number until it is counted. */
type Uncounted = Measurement & { number: number };

interface Step {
  readonly state: FoldState;
  readonly measured: readonly Uncounted[];
}

/**
 * Folds one event. Pure: the same state and event give the same answer, and neither is changed.
 * Several measurements of one event come in this order: what a new boot closes, by process name; the
 * start-up that it closes; the event's own.
 */
export function fold(state: FoldState, event: JournalEvent): Folded {
  const boot = event.boot === state.boot ? { state, measured: nothing } : beginBoot(state, event);
  const here = at(boot.state, { at: event.at, mono: event.mono }, boot.state.measurements);
  const own = isKnownEvent(event) ? foldKnown(here, event) : unmeasured(here);
  const all = boot.measured.length === 0 ? own.measured : [...boot.measured, ...own.measured];
  if (all.length === 0) return { state: own.state, measurements: nothing };
  let number = state.measurements;
  for (const measured of all) {
    number += 1;
    measured.number = number;
  }
  return { state: at(own.state, here.last, number), measurements: all };
}

const nothing: readonly never[] = [];

/** A state at another moment. Field by field: a spread takes several times as long, and this runs twice an event. */
function at(state: FoldState, last: Moment, measurements: number): FoldState {
  const { version, boot, startup, processes } = state;
  return { version, boot, last, measurements, startup, processes };
}

/** The first event of a new boot, whatever its type, closes the old one and empties the table. */
function beginBoot(state: FoldState, event: JournalEvent): Step {
  const fresh = { ...state, boot: event.boot, startup: freshStartup, processes: [] };
  if (state.boot === null) return { state: fresh, measured: nothing };
  const old = { seq: event.seq, number: 0, boot: state.boot, at: state.last.at };
  const lost = state.processes
    .filter(hasOpenRun)
    .toSorted((a, b) => compareCodePoints(a.name, b.name))
    .map((entry) => ({ ...lostWithMachine(entry, state), ...old }));
  const startup = endedStartup(state);
  return {
    state: fresh,
    measured: startup === undefined ? lost : [...lost, { ...startup, ...old }],
  };
}

function hasOpenRun(entry: ProcessEntry): entry is ProcessEntry & { readonly run: Moment } {
  return entry.run !== null;
}

function foldKnown(state: FoldState, event: KnownEvent): Step {
  switch (event.type) {
    case "segment.opened":
      return unmeasured({
        ...state,
        processes: withSegmentTable(state.processes, event.processes),
      });
    case "machine.booted":
      return unmeasured(state.startup.booted === null ? foldBooted(state, event) : state);
    case "process.transitioned": {
      const step = foldTransition(state, event);
      return { state: step.state, measured: [step.measurement] };
    }
    case "resources.sampled":
      return { state, measured: [resourceMeasurement(event)] };
    case "tasks.completed":
      return state.startup.tasksCompletedAt === null
        ? withStartup(foldTasksCompleted(state, event), event, completedStartup)
        : unmeasured(state);
    case "machine.ready":
      return state.startup.ready === null
        ? withStartup(foldReady(state, event), event, completedStartup)
        : unmeasured(state);
    case "machine.stopped":
      return withStartup(state, event, endedStartup);
    case "events.dropped":
    case "events.lost":
      return {
        state: { ...state, processes: disbelieve(state.processes) },
        measured: [lossMeasurement(event)],
      };
  }
}

function unmeasured(state: FoldState): Step {
  return { state, measured: nothing };
}

function withStartup(
  state: FoldState,
  event: JournalEvent,
  startupOf: typeof completedStartup,
): Step {
  const figures = startupOf(state);
  if (figures === undefined) return unmeasured(state);
  return {
    state: { ...state, startup: { ...state.startup, measured: true } },
    measured: [{ ...figures, seq: event.seq, number: 0, boot: event.boot, at: event.at }],
  };
}

function resourceMeasurement(event: EventOf<"resources.sampled">): ResourceMeasurement {
  const { seq, boot, at, cpuPercent, memoryUsedMb, memoryTotalMb, diskUsedPercent } = event;
  return {
    kind: "resource",
    seq,
    number: 0,
    boot,
    at,
    cpuPercent,
    memoryUsedMb,
    memoryTotalMb,
    diskUsedPercent,
    // Field by field: a loop over names costs as much as all the rest of the fold.
    optional: {
      load1: event.load1 ?? -1,
      swapUsedMb: event.swapUsedMb ?? -1,
      cgroupCpuPercent: event.cgroupCpuPercent ?? -1,
      cgroupMemoryMb: event.cgroupMemoryMb ?? -1,
      cgroupMemoryLimitMb: event.cgroupMemoryLimitMb ?? -1,
      cgroupThrottledPercent: event.cgroupThrottledPercent ?? -1,
      cgroupOomKills: event.cgroupOomKills ?? -1,
      memoryPressurePercent: event.memoryPressurePercent ?? -1,
      cpuPressurePercent: event.cpuPressurePercent ?? -1,
      ioPressurePercent: event.ioPressurePercent ?? -1,
      networkRxBytes: event.networkRxBytes ?? -1,
      networkTxBytes: event.networkTxBytes ?? -1,
      diskTotalMb: event.diskTotalMb ?? -1,
    },
  };
}

function lossMeasurement(
  event: EventOf<"events.lost"> | EventOf<"events.dropped">,
): JournalMeasurement {
  const { seq, boot, at, reason } = event;
  const lost =
    event.type === "events.lost"
      ? {
          lostEvents: event.through - event.seq + 1,
          firstLostSeq: event.seq,
          lastLostSeq: event.through,
        }
      : { lostEvents: event.count, firstLostSeq: 0, lastLostSeq: 0 };
  return { kind: "journal", seq, number: 0, boot, at, reason, ...lost };
}
