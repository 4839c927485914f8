import type { JournalEvent } from "../event.ts";
import type { StartupMeasurement } from "../measurement.ts";
import { createFolding } from "./fold-journal.ts";
import { entriesOf } from "./source.ts";

/** One boot of a journal; null is what is not known. */
export interface BootRow {
  readonly boot: string;
  /** 0 is the last boot, -1 the one before. */
  readonly index: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
  /** Wall clock of its first and its last event, ms since the epoch. */
  readonly from: number;
  readonly to: number;
  /** Between those two, ms of monotonic time. */
  readonly lengthMs: number;
  /** `starting` and `unknown` are what the fold has not measured: it goes on, or its beginning is missing. */
  readonly state: StartupMeasurement["state"] | "starting" | "unknown";
  /** From the entrypoint's start to ready. */
  readonly timeToReadyMs: number | null;
  /** In order; with its machine, without having said so; not yet. */
  readonly end: "stopped" | "lost" | "open";
  readonly reason: string | null;
}

interface Collected {
  readonly first: JournalEvent;
  last: JournalEvent;
  hasBooted: boolean;
  startup: StartupMeasurement | undefined;
}

/** The boots of a journal, oldest first. */
export async function bootRows(dir: string): Promise<BootRow[]> {
  const boots = new Map<string, Collected>();
  const folding = createFolding();
  for await (const batch of entriesOf(dir)) {
    for (const entry of batch) {
      if (entry.kind === "event") note(boots, entry.event);
      for (const { measurement } of folding.add(entry)) {
        const boot = boots.get(measurement.boot);
        if (boot !== undefined && measurement.kind === "startup") boot.startup = measurement;
      }
    }
  }
  return [...boots.values()].map((boot, index) => rowOf(boot, index + 1 - boots.size));
}

function note(boots: Map<string, Collected>, event: JournalEvent): void {
  const boot = boots.get(event.boot);
  const hasBooted = event.type === "machine.booted";
  if (boot === undefined) {
    boots.set(event.boot, { first: event, last: event, hasBooted, startup: undefined });
    return;
  }
  boot.last = event;
  boot.hasBooted ||= hasBooted;
}

function rowOf({ first, hasBooted, last, startup }: Collected, index: number): BootRow {
  const hasStopped = last.type === "machine.stopped";
  const reason = hasStopped && "reason" in last ? String(last.reason) : null;
  const isReady = startup?.state === "ready";
  return {
    boot: first.boot,
    index,
    firstSeq: first.seq,
    lastSeq: last.seq,
    from: first.at,
    to: last.at,
    lengthMs: Math.max(0, last.mono - first.mono),
    state: startup?.state ?? (hasBooted && index === 0 && !hasStopped ? "starting" : "unknown"),
    timeToReadyMs: isReady ? startup.timeToReadyMs : null,
    end: hasStopped ? "stopped" : index === 0 ? "open" : "lost",
    reason,
  };
}
