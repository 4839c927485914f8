import type { BootId, ProcessKind } from "../event.ts";

/** Version of the state's shape. A stored state of another version is migrated or refused, never misread. */
export const foldStateVersion = 1;

/** A moment on both clocks, ms. */
export interface Moment {
  readonly at: number;
  readonly mono: number;
}

/** The last run of a process that was seen to begin and to end. */
export interface ClosedRun {
  /** ms since the epoch. */
  readonly startedAt: number;
  readonly stoppedAt: number;
  /** ms of monotonic time. */
  readonly durationMs: number;
}

/** What the fold knows of one process. */
export interface ProcessEntry {
  readonly name: string;
  readonly state: string;
  readonly restarts: number;
  readonly kind: ProcessKind | null;
  /** False after a loss, until a transition or a segment's table speaks of the process again. */
  readonly believed: boolean;
  /** When the state was entered, as far as is known: no duration is made of it unless it is believed. */
  readonly since: Moment;
  /** When the open run began, where there is one that is believed and whose beginning was seen. */
  readonly run: Moment | null;
  readonly lastRun: ClosedRun | null;
}

/** What the fold knows of a boot whose `machine.booted` may or may not have been seen. */
export interface Startup {
  readonly booted: {
    readonly at: number;
    readonly mono: number;
    readonly entrypointAt: number;
    readonly cpus: number | null;
    readonly memoryTotalMb: number | null;
    readonly pidnapVersion: string | null;
    readonly hostname: string | null;
  } | null;
  readonly ready: Moment | null;
  readonly tasksCompletedAt: number | null;
  /** The boot's one start-up measurement has been given. */
  readonly measured: boolean;
}

/**
 * The fold's whole memory: plain JSON, so that it can be stored and compared as it is. Its size is
 * bounded: at most `maxProcesses` entries of bounded names.
 */
export interface FoldState {
  readonly version: typeof foldStateVersion;
  /** The boot of the last event folded. */
  readonly boot: BootId | null;
  /** When the last event of that boot was. */
  readonly last: Moment;
  /** Measurements given so far. */
  readonly measurements: number;
  readonly startup: Startup;
  /** The process table, in the order of hearing. A list, since names are anything. */
  readonly processes: readonly ProcessEntry[];
}

export const freshStartup: Startup = {
  booted: null,
  ready: null,
  tasksCompletedAt: null,
  measured: false,
};

/** The state before a journal's first event. */
export function initialState(): FoldState {
  return {
    version: foldStateVersion,
    boot: null,
    last: { at: 0, mono: 0 },
    measurements: 0,
    startup: freshStartup,
    processes: [],
  };
}
