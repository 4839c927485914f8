import type { FoldState, ProcessEntry } from "./state.ts";

/** When a process last ran; what is not known is absent. */
export interface ProcessTiming {
  readonly state: string;
  readonly restarts: number;
  /** Begin of the open run, else of the last one, ms since the epoch. */
  readonly startedAt?: number;
  /** End of the last run, ms since the epoch; absent while one is open. */
  readonly stoppedAt?: number;
  /** Length of the last run, ms of monotonic time; absent while one is open. */
  readonly durationMs?: number;
}

/** The table of processes as pidnap's own API shows it: process name -> timing. */
export function processTimings(state: FoldState): Record<string, ProcessTiming> {
  // Own properties are defined, not assigned: a process may be called `__proto__`.
  return Object.fromEntries(state.processes.map((entry) => [entry.name, timingOf(entry)]));
}

function timingOf({ state, restarts, run, lastRun }: ProcessEntry): ProcessTiming {
  if (run !== null) return { state, restarts, startedAt: run.at };
  if (lastRun === null) return { state, restarts };
  return { state, restarts, ...lastRun };
}
