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

/** A measurement before it has its place in the journal. */
type Unplaced = Measurement extends infer M
  ? M extends Measurement
    ? Omit<M, "seq" | "number">
    : never
  : never;

interface Step {
  readonly state: FoldState;
  readonly measured: readonly Unplaced[];
}

/**
 * Folds one event. Pure: the same state and event give the same answer, and neither is changed.
 * Several measurements of one event come in this order: what a new boot closes, by process name; the
 * start-up that it closes; the event's own.
 */
export function fold(state: FoldState, event: JournalEvent): Folded {
  const boot = event.boot === state.boot ? { state, measured: [] } : beginBoot(state, event);
  const here = { ...boot.state, last: { at: event.at, mono: event.mono } };
  const own = isKnownEvent(event) ? foldKnown(here, event) : { state: here, measured: [] };
  const all = boot.measured.length === 0 ? own.measured : [...boot.measured, ...own.measured];
  const measurements: Measurement[] = [];
  let number = state.measurements;
  for (const measured of all) {
    number += 1;
    measurements.push({ ...measured, seq: event.seq, number });
  }
  return { state: { ...own.state, measurements: number }, measurements };
}

/** The first event of a new boot, whatever its type, closes the old one and empties the table. */
function beginBoot(state: FoldState, event: JournalEvent): Step {
  const fresh = { ...state, boot: event.boot, startup: freshStartup, processes: [] };
  if (state.boot === null) return { state: fresh, measured: [] };
  const old = { boot: state.boot, at: state.last.at };
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
  return { state, measured: [] };
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
    measured: [{ ...figures, boot: event.boot, at: event.at }],
  };
}

function resourceMeasurement(
  event: EventOf<"resources.sampled">,
): Omit<ResourceMeasurement, "seq" | "number"> {
  const { boot, at, cpuPercent, memoryUsedMb, memoryTotalMb, diskUsedPercent } = event;
  return {
    kind: "resource",
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
): Omit<JournalMeasurement, "seq" | "number"> {
  const { boot, at, reason } = event;
  return event.type === "events.lost"
    ? {
        kind: "journal",
        boot,
        at,
        reason,
        lostEvents: event.through - event.seq + 1,
        firstLostSeq: event.seq,
        lastLostSeq: event.through,
      }
    : {
        kind: "journal",
        boot,
        at,
        reason,
        lostEvents: event.count,
        firstLostSeq: 0,
        lastLostSeq: 0,
      };
}
