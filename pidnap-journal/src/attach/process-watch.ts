import type { NewEvent, ProcessKind } from "../event.ts";
import { kindOf } from "./kind.ts";
import type { PidnapEntry, PidnapManager, PidnapProcess } from "./pidnap-surface.ts";
import { createTaskWatch } from "./tasks.ts";

/** What a watch needs. */
export interface ProcessWatchNeeds {
  readonly manager: PidnapManager;
  readonly append: (event: NewEvent) => void;
  /** Runs `work` and keeps its errors: pidnap would log one a transition, and lose the events behind it. */
  readonly guard: (work: () => void) => void;
}

/** A process that is listened to. */
interface Watched {
  readonly name: string;
  readonly process: PidnapProcess;
  /** The state it was last heard in: pidnap's listeners are not told the one before. */
  state: string;
  hasRun: boolean;
  kind: ProcessKind | undefined;
  unsubscribe: () => void;
}

/** Journals what a manager's processes do, from the first `sync` until `close`. */
export class ProcessWatch {
  readonly #needs: ProcessWatchNeeds;
  readonly #watched = new Map<string, Watched>();
  readonly #tasks = createTaskWatch();

  constructor(needs: ProcessWatchNeeds) {
    this.#needs = needs;
  }

  /**
   * Compares with what the manager has now: nothing of it says that a process was added, removed or
   * made anew, and what happened before a listener could be there is not heard.
   */
  sync(): void {
    const { guard, manager } = this.#needs;
    const present = manager.getRestartingProcesses();
    for (const one of this.#watched.values()) {
      if (present.get(one.name) !== one.process) guard(() => this.#lose(one));
      // Not heard, but visible: a listener of ours failed, or pidnap did not call it.
      else guard(() => this.#hear(one, one.process.state));
    }
    for (const [name, process] of present) {
      if (!this.#watched.has(name)) guard(() => this.#find(name, process));
    }
    this.#completeTasks();
  }

  /** Ends all subscriptions. */
  close(): void {
    for (const one of this.#watched.values()) this.#needs.guard(one.unsubscribe);
    this.#watched.clear();
  }

  #find(name: string, process: PidnapProcess): void {
    const { state } = process;
    const one: Watched = {
      name,
      process,
      state: "idle",
      hasRun: process.hasStarted || state === "running",
      kind: undefined,
      unsubscribe: () => undefined,
    };
    this.#watched.set(name, one);
    one.unsubscribe = process.onStateChange((to) => this.#needs.guard(() => this.#hear(one, to)));
    if (state === "idle") return;
    this.#journal(one, state, undefined);
    this.#noteTask(one, codeOf(process));
  }

  #hear(one: Watched, to: string): void {
    const from = one.state;
    // pidnap calls again, with no change, when the child has really been spawned.
    if (from === to) return;
    // Elsewhere a code is the one of an earlier run: pidnap clears it only when the next child starts.
    const exitCode = from === "running" && to !== "stopping" ? codeOf(one.process) : undefined;
    one.hasRun ||= to === "running" || one.process.hasStarted;
    this.#journal(one, to, exitCode);
    this.#noteTask(one, exitCode);
    this.#completeTasks();
  }

  #lose(one: Watched): void {
    this.#watched.delete(one.name);
    this.#needs.guard(one.unsubscribe);
    this.#append(one, "removed", undefined);
    this.#tasks.removed(one.name);
  }

  #journal(one: Watched, to: string, exitCode: number | null | undefined): void {
    // An entry may be gone before its process is: then it stays what it was.
    const entry = this.#entries().find(({ name }) => name === one.name);
    if (entry !== undefined) one.kind = kindOf(entry);
    this.#append(one, to, exitCode);
  }

  /** Without a look at the configuration: what it has under a lost process's name may be another one. */
  #append(one: Watched, to: string, exitCode: number | null | undefined): void {
    const { name, process, state: from } = one;
    one.state = to;
    const tags = [...(process.tags ?? [])];
    this.#needs.append({
      type: "process.transitioned",
      process: name,
      from,
      to,
      restarts: process.restarts,
      ...(exitCode === undefined ? {} : { exitCode }),
      ...(one.kind === undefined ? {} : { kind: one.kind }),
      ...(tags.length === 0 ? {} : { tags }),
    });
  }

  #noteTask(one: Watched, exitCode: number | null | undefined): void {
    const { hasRun, kind, name, state } = one;
    if (kind === "task") this.#tasks.heard({ process: name, state, hasRun, exitCode });
  }

  #completeTasks(): void {
    // What ends because everything is stopped has not been completed.
    if (this.#needs.manager.state !== "running") return;
    const event = this.#tasks.completed(this.#entries());
    if (event !== undefined) this.#needs.append(event);
  }

  /** The configuration; empty where it cannot be had, since a transition is worth more than its kind. */
  #entries(): readonly PidnapEntry[] {
    let entries: readonly PidnapEntry[] = [];
    this.#needs.guard(() => {
      entries = this.#needs.manager.listManagedProcessEntries();
    });
    return entries;
  }
}

/** An exit code as the journal takes it: whole, or null. */
function codeOf({ lazyProcess }: PidnapProcess): number | null {
  return Number.isInteger(lazyProcess.exitCode) ? lazyProcess.exitCode : null;
}
