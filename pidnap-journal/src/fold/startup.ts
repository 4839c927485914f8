import type { EventOf } from "../event.ts";
import type { StartupMeasurement } from "../measurement.ts";
import type { FoldState, Startup } from "./state.ts";

type StartupFigures = Omit<StartupMeasurement, "seq" | "number" | "boot" | "at">;

/** Of these three events, only the first one of a boot counts: the caller asks for no other. */
export function foldBooted(state: FoldState, event: EventOf<"machine.booted">): FoldState {
  const { at, mono, entrypointAt, cpus, memoryTotalMb, pidnapVersion, hostname } = event;
  const booted = {
    at,
    mono,
    entrypointAt,
    cpus: cpus ?? null,
    memoryTotalMb: memoryTotalMb ?? null,
    pidnapVersion: pidnapVersion ?? null,
    hostname: hostname ?? null,
  };
  return { ...state, startup: { ...state.startup, booted } };
}

export function foldReady(state: FoldState, event: EventOf<"machine.ready">): FoldState {
  return { ...state, startup: { ...state.startup, ready: { at: event.at, mono: event.mono } } };
}

export function foldTasksCompleted(state: FoldState, event: EventOf<"tasks.completed">): FoldState {
  return { ...state, startup: { ...state.startup, tasksCompletedAt: event.at } };
}

/** The boot's start-up, where it is over now: ready, and no task still open unless all are known to have ended. */
export function completedStartup(state: FoldState): StartupFigures | undefined {
  const { startup } = state;
  if (!isOwed(startup) || startup.ready === null) return undefined;
  if (startup.tasksCompletedAt === null && hasOpenTask(state)) return undefined;
  return figuresOf(startup);
}

/** The boot's start-up, where the boot ends without having given one. */
export function endedStartup(state: FoldState): StartupFigures | undefined {
  return isOwed(state.startup) ? figuresOf(state.startup) : undefined;
}

type BootedStartup = Startup & { readonly booted: NonNullable<Startup["booted"]> };

function isOwed(startup: Startup): startup is BootedStartup {
  return startup.booted !== null && !startup.measured;
}

function hasOpenTask(state: FoldState): boolean {
  return state.processes.some(
    ({ kind, state: name }) =>
      kind === "task" && name !== "stopped" && name !== "max-restarts-reached",
  );
}

function figuresOf({ booted, ready, tasksCompletedAt }: BootedStartup): StartupFigures {
  // The wall clock may jump after boot, so only the stretch before it is taken from that clock.
  const beforeBootMs = booted.at - booted.entrypointAt;
  return {
    kind: "startup",
    state: ready === null ? "never-ready" : "ready",
    timeToReadyMs: ready === null ? 0 : Math.max(0, beforeBootMs + (ready.mono - booted.mono)),
    entrypointStartMs: booted.entrypointAt,
    tasksCompleteMs: tasksCompletedAt ?? 0,
    daemonReadyMs: ready?.at ?? 0,
    cpus: booted.cpus ?? -1,
    memoryTotalMb: booted.memoryTotalMb ?? -1,
    pidnapVersion: booted.pidnapVersion ?? "",
    hostname: booted.hostname ?? "",
  };
}
