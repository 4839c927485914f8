import { JournalOptionError } from "../errors.ts";
import type { NewEvent } from "../event.ts";
import { entrypointStart } from "./entrypoint.ts";
import { createErrorKeeper } from "./error-keeper.ts";
import type { PidnapManager } from "./pidnap-surface.ts";
import { ProcessWatch } from "./process-watch.ts";
import { startSampling } from "./resources/sampling.ts";
import { nodeAttachWorld, type AttachWorld } from "./world.ts";

/** What is attached: a part of an open journal. */
export interface AttachableJournal {
  readonly dir: string;
  append(event: NewEvent): number;
}

/** How to attach. */
export interface AttachOptions {
  /** pidnap's version, for `machine.booted`. */
  readonly pidnapVersion?: string | undefined;
  /**
   * When the machine's entrypoint started, ms since the epoch. Where it is absent PID 1's start is taken,
   * which is right in a container and far too early on a host that was booted for something else.
   */
  readonly entrypointAt?: number | undefined;
  /** `false` takes no samples; else one every `intervalMs`, 30,000 where it is absent. */
  readonly resources?: false | { readonly intervalMs?: number | undefined } | undefined;
  /**
   * Hears each kind of error once: attaching never throws into pidnap, not even where pidnap is not what
   * it was taken for. Without it there is a warning of the process.
   */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** A journal that hears what pidnap does. */
export interface Attachment {
  /** Takes all listeners and timers back and journals `machine.stopped`. Once; then it does nothing. */
  readonly detach: () => void;
}

const defaultIntervalMs = 30_000;
/** The longest that a timer of Node waits; of a longer one it makes 1 ms. */
const maxIntervalMs = 2 ** 31 - 1;

/** How often the manager is looked at, ms. What is added or removed is to be seen within 500. */
const steadyPollMs = 250;
/** While it does not run: at its start the processes run before anyone can listen. */
const restingPollMs = 100;
/** Behind the attaching, when the start is likely. */
const eagerPollMs = 10;
/** How long that is, ms. */
const eagerForMs = 5000;

/**
 * Journals a pidnap `Manager`, attached before or after its `start()`: that the machine booted, every
 * state change, processes added and removed, when all tasks have ended, samples of resources, and that
 * the machine stopped, at the latest when the process exits.
 * Never throws, whatever it is given: pidnap starts in every case.
 */
export function attachToPidnap(
  manager: PidnapManager,
  journal: AttachableJournal,
  options: AttachOptions = {},
): Attachment {
  return attachIn(nodeAttachWorld(), manager, journal, options);
}

/** `attachToPidnap` in a given world. */
export function attachIn(
  world: AttachWorld,
  manager: PidnapManager,
  journal: AttachableJournal,
  options: AttachOptions = {},
): Attachment {
  const { guard, report } = createErrorKeeper(options.onError ?? defaultReport(world));
  const append = (event: NewEvent): void => void journal.append(event);
  guard(() => append(bootedEvent(world, options)));
  const processes = new ProcessWatch({ manager, append, guard });
  const sync = (): void => guard(() => processes.sync());
  const undo: Array<() => void> = [poll(world, manager, sync)];
  if (options.resources !== false) {
    const intervalMs = sampleInterval(options.resources?.intervalMs, report);
    undo.push(startSampling({ world, intervalMs, dir: journal.dir, append, report }));
  }

  let signalHeard: string | undefined;
  let isEnded = false;
  const end = (reason: string): void => {
    if (isEnded) return;
    isEnded = true;
    sync();
    for (const back of undo) guard(back);
    guard(() => processes.close());
    guard(() => append({ type: "machine.stopped", reason }));
  };
  undo.push(
    world.onExit((code) => end(signalHeard ?? `exit ${code}`)),
    world.onTermination((signal, isLast) => {
      signalHeard ??= signal;
      if (isLast) end(signal);
    }),
  );
  return {
    detach: () => end(signalHeard ?? (stateOf(manager) === "stopped" ? "stopped" : "detached")),
  };
}

function poll(world: AttachWorld, manager: PidnapManager, sync: () => void): () => void {
  const begunMs = world.monotonicNow();
  let cancel = (): void => undefined;
  let isCancelled = false;
  const again = (): void => {
    if (isCancelled) return;
    sync();
    const isEager = world.monotonicNow() - begunMs < eagerForMs;
    const delayMs = stateOf(manager) === "running" ? steadyPollMs : restingPollMs;
    cancel = world.later(isEager ? eagerPollMs : delayMs, again);
  };
  sync();
  // A `start()` right behind the attaching has made its processes when the code that runs now is done.
  world.soon(again);
  return () => {
    isCancelled = true;
    cancel();
  };
}

/** Undefined where the manager cannot even say its state. */
function stateOf(manager: PidnapManager): string | undefined {
  try {
    return manager.state;
  } catch {
    // `sync` meets the same and reports it.
    return undefined;
  }
}

function bootedEvent(world: AttachWorld, options: AttachOptions): NewEvent {
  const { cpus, hostname, kernel, memoryTotalMb } = world.machine;
  const { pidnapVersion } = options;
  return {
    type: "machine.booted",
    entrypointAt: options.entrypointAt ?? entrypointAt(world),
    ...(pidnapVersion === undefined ? {} : { pidnapVersion }),
    hostname,
    kernel,
    cpus,
    memoryTotalMb,
  };
}

function entrypointAt(world: AttachWorld): number {
  try {
    const stat = world.readTextNow("/proc/1/stat");
    const uptime = world.readTextNow("/proc/uptime");
    const start = entrypointStart(uptime, stat, world.now());
    if (start !== undefined) return start;
  } catch {
    // Not Linux, or a /proc that hides PID 1: what follows is the next best.
  }
  return world.now() - world.machine.processAgeMs();
}

function sampleInterval(given: number | undefined, report: (error: unknown) => void): number {
  if (given === undefined) return defaultIntervalMs;
  if (given > 0) return Math.min(given, maxIntervalMs);
  report(
    new JournalOptionError(
      `resources.intervalMs is ${String(given)}, which is not a time to wait; it is taken as ${defaultIntervalMs}.`,
      "It is milliseconds above 0; `resources: false` takes no samples.",
    ),
  );
  return defaultIntervalMs;
}

function defaultReport(world: AttachWorld): (error: unknown) => void {
  return (error) => world.warn(`The journal missed something of pidnap: ${String(error)}`);
}
