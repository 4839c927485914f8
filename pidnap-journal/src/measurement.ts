import type { BootId, ProcessKind, optionalSampleFields } from "./event.ts";

/** What every measurement carries. */
interface MeasurementHead {
  /** Position of the event that it came from. */
  readonly seq: number;
  /** Its number among the journal's measurements, from 1. */
  readonly number: number;
  /** The run of pidnap that it speaks of. */
  readonly boot: BootId;
  /** Event time, ms since the epoch. */
  readonly at: number;
}

/** A process changed its state, or was lost with its machine. */
export interface ProcessMeasurement extends MeasurementHead {
  readonly kind: "process";
  readonly process: string;
  /** The state entered, or `machine-lost`. */
  readonly state: string;
  readonly previousState: string;
  readonly restarts: number;
  /** Exit code, 128 + the signal's number, or -1. */
  readonly exitCode: number;
  /** Name of the signal that ended the process, or "". */
  readonly signal: string;
  readonly processKind: ProcessKind | "";
  /** Length of the run that this closes, ms of monotonic time; 0 where it closes none. */
  readonly durationMs: number;
  /** Time spent in the previous state, ms of monotonic time; 0 where its beginning was not seen. */
  readonly previousStateMs: number;
}

/** The machine's resources at one moment; an optional field that was absent is -1. */
export interface ResourceMeasurement extends MeasurementHead {
  readonly kind: "resource";
  readonly cpuPercent: number;
  readonly memoryUsedMb: number;
  readonly memoryTotalMb: number;
  readonly diskUsedPercent: number;
  readonly optional: Readonly<Record<(typeof optionalSampleFields)[number], number>>;
}

/** How a boot came up. */
export interface StartupMeasurement extends MeasurementHead {
  readonly kind: "startup";
  /** `silent` is said outside the fold, of a machine that was not heard of for long. */
  readonly state: "ready" | "never-ready" | "silent";
  /** From the entrypoint's start to ready, ms; 0 where it never was. */
  readonly timeToReadyMs: number;
  /** Start of PID 1, ms since the epoch. */
  readonly entrypointStartMs: number;
  /** When all tasks had ended, ms since the epoch; 0 where that was not seen. */
  readonly tasksCompleteMs: number;
  /** When the daemon reported ready, ms since the epoch; 0 where it did not. */
  readonly daemonReadyMs: number;
  /** -1 where unknown. */
  readonly cpus: number;
  /** -1 where unknown. */
  readonly memoryTotalMb: number;
  readonly pidnapVersion: string;
  readonly hostname: string;
}

/** Events are missing, and said to be. */
export interface JournalMeasurement extends MeasurementHead {
  readonly kind: "journal";
  readonly reason: string;
  readonly lostEvents: number;
  /** 0 where the lost events never had a position. */
  readonly firstLostSeq: number;
  readonly lastLostSeq: number;
}

/** What the fold makes of events. */
export type Measurement =
  | ProcessMeasurement
  | ResourceMeasurement
  | StartupMeasurement
  | JournalMeasurement;
