import type { NewEvent } from "../event.ts";
import type { PidnapEntry, PidnapManager, PidnapProcess } from "./pidnap-surface.ts";
import type { AttachWorld } from "./world.ts";

/** A process of which a test says what it does; for tests. */
export class FakeProcess implements PidnapProcess {
  state = "idle";
  restarts = 0;
  hasStarted = false;
  tags: readonly string[] = [];
  readonly lazyProcess: { exitCode: number | null } = { exitCode: null };
  readonly listeners = new Set<(state: string) => void>();

  onStateChange(listener: (state: string) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Enters a state and tells it, as pidnap does: the new state alone. */
  enter(state: string, facts: { exitCode?: number | null; restarts?: number } = {}): void {
    if (facts.exitCode !== undefined) this.lazyProcess.exitCode = facts.exitCode;
    if (facts.restarts !== undefined) this.restarts = facts.restarts;
    this.state = state;
    if (state === "running") this.hasStarted = true;
    this.notify();
  }

  /** Calls the listeners, whether anything has changed or not. */
  notify(): void {
    for (const listener of this.listeners) listener(this.state);
  }
}

/** A manager of which a test says what it has; for tests. */
export class FakeManager implements PidnapManager {
  state = "running";
  readonly processes = new Map<string, FakeProcess>();
  readonly entries = new Map<string, PidnapEntry>();

  getRestartingProcesses(): ReadonlyMap<string, PidnapProcess> {
    return this.processes;
  }

  listManagedProcessEntries(): readonly PidnapEntry[] {
    return [...this.entries.values()];
  }

  add(name: string, entry: Partial<PidnapEntry> = {}): FakeProcess {
    const process = new FakeProcess();
    this.processes.set(name, process);
    this.entries.set(name, { name, ...entry });
    return process;
  }

  addTask(name: string): FakeProcess {
    return this.add(name, { options: { restartPolicy: "never" } });
  }

  remove(name: string): void {
    this.processes.delete(name);
    this.entries.delete(name);
  }
}

/** A journal that keeps what is appended; for tests. */
export function fakeJournal(): {
  dir: string;
  events: NewEvent[];
  append(event: NewEvent): number;
} {
  const events: NewEvent[] = [];
  return { dir: "/journal", events, append: (event) => events.push(event) };
}

/** A world whose clock, timers and ends are moved by hand; for tests. */
export class FakeWorld implements AttachWorld {
  nowMs = 1_700_000_000_000;
  monoMs = 5000;
  files = new Map<string, string>();
  disk = { bsize: 4096, blocks: 1000, bfree: 500, bavail: 400 };
  readonly warnings: string[] = [];
  readonly machine = {
    hostname: "box",
    kernel: "6.1.0",
    cpus: 2,
    memoryTotalMb: 4096,
    processAgeMs: (): number => 250,
  };
  readonly timers = new Set<{ dueMs: number; work: () => void }>();
  readonly exitListeners = new Set<(code: number) => void>();
  readonly terminationListeners = new Set<(signal: string, isLast: boolean) => void>();
  #soon: Array<() => void> = [];

  now = (): number => this.nowMs;
  monotonicNow = (): number => this.monoMs;
  warn = (message: string): void => void this.warnings.push(message);
  diskOf = async (): Promise<typeof this.disk> => this.disk;
  readText = async (path: string): Promise<string> => this.readTextNow(path);
  soon = (work: () => void): void => void this.#soon.push(work);

  readTextNow(path: string): string {
    const text = this.files.get(path);
    if (text === undefined) throw Object.assign(new Error(`no ${path}`), { code: "ENOENT" });
    return text;
  }

  later(delayMs: number, work: () => void): () => void {
    const timer = { dueMs: this.monoMs + delayMs, work };
    this.timers.add(timer);
    return () => void this.timers.delete(timer);
  }

  onExit(listener: (code: number) => void): () => void {
    this.exitListeners.add(listener);
    return () => void this.exitListeners.delete(listener);
  }

  onTermination(listener: (signal: string, isLast: boolean) => void): () => void {
    this.terminationListeners.add(listener);
    return () => void this.terminationListeners.delete(listener);
  }

  /** Lets time pass; what is due happens in its order, and promises are let run. */
  async pass(ms: number): Promise<void> {
    const endMs = this.monoMs + ms;
    for (;;) {
      for (const work of this.#soon.splice(0)) work();
      await settle();
      const next = [...this.timers].toSorted((a, b) => a.dueMs - b.dueMs)[0];
      if (next === undefined || next.dueMs > endMs) break;
      this.timers.delete(next);
      this.#moveTo(next.dueMs);
      next.work();
    }
    this.#moveTo(endMs);
  }

  #moveTo(monoMs: number): void {
    this.nowMs += monoMs - this.monoMs;
    this.monoMs = monoMs;
  }
}

/** Lets all promises that are ready go on. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 30; turn += 1) await Promise.resolve();
}
