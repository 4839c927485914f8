import { isKnownEvent, type EventOf, type JournalEvent } from "../event.ts";
import { compareCodePoints } from "../utf8.ts";
import { entriesOf } from "./source.ts";

/** A stretch of time in one state; times are ms since the entrypoint's start. */
interface Stretch {
  readonly state: string;
  readonly startMs: number;
  endMs: number;
}

/** What one process did in a boot. */
export interface ProcessTimeline {
  readonly process: string;
  kind: string | null;
  readonly stretches: Stretch[];
  /** Begin of its first run. */
  startedMs: number | null;
  /** When its last run ended; null while one is open. */
  endedMs: number | null;
  /** Time it ran, all runs together. */
  ranMs: number;
}

/** A boot on one axis: ms since the entrypoint's start, by the monotonic clock behind `machine.booted`. */
export interface BootTimeline {
  readonly boot: string;
  /** Where the axis begins, ms since the epoch. */
  readonly originAt: number;
  /** Null where `machine.booted` is missing: then the axis begins at the first event. */
  readonly bootedMs: number | null;
  readonly readyMs: number | null;
  readonly tasksMs: number | null;
  readonly stoppedMs: number | null;
  readonly lastMs: number;
  readonly processes: readonly ProcessTimeline[];
}

/** Stretches kept of one process: a crash loop of weeks shows no more in a million of them. */
const stretchesMax = 2000;

/** Reads one boot's course. */
export async function bootTimeline(dir: string, boot: string, from: number): Promise<BootTimeline> {
  const builder = createBuilder(boot);
  for await (const batch of entriesOf(dir, { from })) {
    for (const entry of batch) {
      if (entry.kind === "event" && entry.event.boot === boot) builder.add(entry.event);
    }
  }
  return builder.result();
}

function createBuilder(boot: string): {
  add(event: JournalEvent): void;
  result(): BootTimeline;
} {
  const processes = new Map<string, ProcessTimeline>();
  const firsts = new Map<string, number>();
  let origin: { readonly at: number; readonly mono: number } | undefined;
  let lastMono = 0;

  const take = (event: EventOf<"process.transitioned">): void => {
    const one = processes.get(event.process) ?? emptyTimeline(event.process);
    processes.set(event.process, one);
    one.kind = event.kind ?? one.kind;
    enter(one, event.to, event.mono);
  };
  return {
    add(event) {
      origin ??= { at: event.at, mono: event.mono };
      lastMono = Math.max(lastMono, event.mono);
      if (!isKnownEvent(event)) return;
      if (event.type === "process.transitioned") take(event);
      if (firsts.has(event.type)) return;
      firsts.set(event.type, event.mono);
      // From here on the entrypoint's start is known, by the wall clock that both were read from.
      if (event.type === "machine.booted") {
        const sinceMs = Math.max(0, event.at - event.entrypointAt);
        origin = { at: event.entrypointAt, mono: event.mono - sinceMs };
      }
    },
    result() {
      const { at, mono } = origin ?? { at: 0, mono: 0 };
      const on = (moment: number): number => Math.max(0, moment - mono);
      const first = (type: string): number | null => {
        const moment = firsts.get(type);
        return moment === undefined ? null : on(moment);
      };
      return {
        boot,
        originAt: at,
        bootedMs: first("machine.booted"),
        readyMs: first("machine.ready"),
        tasksMs: first("tasks.completed"),
        stoppedMs: first("machine.stopped"),
        lastMs: on(lastMono),
        processes: [...processes.values()]
          .map((one) => onAxis(one, on, lastMono))
          .toSorted(byStart),
      };
    },
  };
}

function emptyTimeline(process: string): ProcessTimeline {
  return { process, kind: null, stretches: [], startedMs: null, endedMs: null, ranMs: 0 };
}

/** Times are still those of the monotonic clock; an open stretch ends nowhere. */
function enter(one: ProcessTimeline, state: string, mono: number): void {
  const last = one.stretches.at(-1);
  if (last !== undefined) last.endMs = mono;
  if (last?.state === "running") one.ranMs += mono - last.startMs;
  if (state === "running") {
    one.startedMs ??= mono;
    one.endedMs = null;
  } else if (state !== "stopping" && one.startedMs !== null) {
    one.endedMs ??= mono;
  }
  if (one.stretches.length >= stretchesMax) one.stretches.pop();
  one.stretches.push({ state, startMs: mono, endMs: Number.POSITIVE_INFINITY });
}

function onAxis(
  one: ProcessTimeline,
  on: (mono: number) => number,
  lastMono: number,
): ProcessTimeline {
  const last = one.stretches.at(-1);
  const openMs = last?.state === "running" ? lastMono - last.startMs : 0;
  return {
    ...one,
    startedMs: one.startedMs === null ? null : on(one.startedMs),
    endedMs: one.endedMs === null ? null : on(one.endedMs),
    ranMs: one.ranMs + openMs,
    stretches: one.stretches.map(({ endMs, startMs, state }) => ({
      state,
      startMs: on(startMs),
      endMs: on(Math.min(endMs, lastMono)),
    })),
  };
}

function byStart(a: ProcessTimeline, b: ProcessTimeline): number {
  const [left, right] = [a.startedMs ?? Infinity, b.startedMs ?? Infinity];
  return left === right ? compareCodePoints(a.process, b.process) : left - right;
}
