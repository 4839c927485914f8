import type { ProcessMeasurement } from "../measurement.ts";
import { compareCodePoints } from "../utf8.ts";
import { quantile } from "./quantile.ts";

/** What a process did over a journal; null where there was nothing to measure. */
export interface ProcessStats {
  readonly process: string;
  readonly kind: string | null;
  /** Runs that ended, those lost with their machine included. */
  readonly runs: number;
  /** Times it was run again without being asked to. */
  readonly restarts: number;
  readonly restartsPerHour: number;
  /** Of the runs whose beginning was seen, ms of monotonic time. */
  readonly durationMs: {
    readonly p50: number;
    readonly p95: number;
    readonly max: number;
    readonly total: number;
  } | null;
  /** How runs ended: exit code -> times. -1 stands for no code: a signal nobody recorded, or a stop on request. */
  readonly exitCodes: Readonly<Record<string, number>>;
  /** Runs that ended with their machine. */
  readonly lost: number;
  /** Most restarts within ten minutes. */
  readonly worstRestarts: number;
  /** It restarted five times or more within ten minutes. */
  readonly flapping: boolean;
}

/** Collects what processes did. */
export interface ProcessStatsCollector {
  /** @param endsRun whether the measurement is the end of a run */
  add(measurement: ProcessMeasurement, endsRun: boolean): void;
  /** @param observedMs length of time that was looked at, ms */
  result(observedMs: number): ProcessStats[];
}

/** A process that restarts so often within `flappingWindowMs` is flapping. */
const flappingRestarts = 5;
const flappingWindowMs = 10 * 60_000;

interface Collected {
  kind: string | null;
  runs: number;
  restarts: number;
  lost: number;
  readonly durationsMs: number[];
  readonly exitCodes: Map<number, number>;
  /** When the restarts of the last ten minutes were, ms since the epoch. */
  recentAt: number[];
  worst: number;
}

export function createProcessStats(): ProcessStatsCollector {
  const processes = new Map<string, Collected>();
  return {
    add(measurement, endsRun) {
      const { process: name } = measurement;
      const one = processes.get(name) ?? empty();
      processes.set(name, one);
      collect(one, measurement, endsRun);
    },
    result: (observedMs) =>
      [...processes]
        .toSorted(([a], [b]) => compareCodePoints(a, b))
        .map(([name, one]) => statsOf(name, one, observedMs)),
  };
}

function empty(): Collected {
  return {
    kind: null,
    runs: 0,
    restarts: 0,
    lost: 0,
    durationsMs: [],
    exitCodes: new Map(),
    recentAt: [],
    worst: 0,
  };
}

function collect(one: Collected, measurement: ProcessMeasurement, endsRun: boolean): void {
  const { at, durationMs, exitCode, previousState, processKind, state } = measurement;
  if (processKind !== "") one.kind = processKind;
  const isRestart = previousState === "restarting" || previousState === "crash-loop-backoff";
  if (state === "running" && isRestart) {
    one.restarts += 1;
    one.recentAt = one.recentAt.filter((earlier) => Math.abs(at - earlier) <= flappingWindowMs);
    one.recentAt.push(at);
    one.worst = Math.max(one.worst, one.recentAt.length);
  }
  if (!endsRun) return;
  one.runs += 1;
  if (state === "machine-lost") one.lost += 1;
  else one.exitCodes.set(exitCode, (one.exitCodes.get(exitCode) ?? 0) + 1);
  // 0 is how a run is given whose beginning was not seen.
  if (durationMs > 0) one.durationsMs.push(durationMs);
}

function statsOf(process: string, one: Collected, observedMs: number): ProcessStats {
  const sorted = Float64Array.from(one.durationsMs).toSorted();
  const codes = [...one.exitCodes].toSorted(([a], [b]) => a - b);
  return {
    process,
    kind: one.kind,
    runs: one.runs,
    restarts: one.restarts,
    restartsPerHour: observedMs > 0 ? one.restarts / (observedMs / 3_600_000) : 0,
    durationMs:
      sorted.length === 0
        ? null
        : {
            p50: quantile(sorted, 0.5),
            p95: quantile(sorted, 0.95),
            max: sorted.at(-1) ?? 0,
            total: sorted.reduce((sum, duration) => sum + duration, 0),
          },
    exitCodes: Object.fromEntries(codes.map(([code, times]) => [String(code), times])),
    lost: one.lost,
    worstRestarts: one.worst,
    flapping: one.worst >= flappingRestarts,
  };
}
