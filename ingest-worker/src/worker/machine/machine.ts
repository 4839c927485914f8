import { processTimings } from "pidnap-journal/pure";
import type { ProcessTiming } from "pidnap-journal/pure";
import type { MachineIdentity } from "../auth.ts";
import { maxWaitingBytes, maxWaitingRequests } from "../limits.ts";
import type { RefusalOf } from "../refusal.ts";
import { EarliestAlarm } from "./alarm.ts";
import { append } from "./append.ts";
import type { AppendOutcome, AppendRequest } from "./append.ts";
import { Journals } from "./journals.ts";
import { formatLineMark } from "./line-mark.ts";
import { ring } from "./ring.ts";
import type { MachineWorld } from "./world.ts";

/** What a client is told of a journal's position. */
export interface PositionAnswer {
  readonly kind: "position";
  readonly next: number;
  readonly boot: string | null;
  /** ms since the epoch. */
  readonly lastEventAt: number | null;
  /** `{seq}:{hash}` of the last line folded. */
  readonly last: string | null;
}

/** One journal as a viewer sees it. */
interface JournalView {
  readonly journal: string;
  readonly next: number;
  readonly boot: string | null;
  readonly lastEventAt: number | null;
  readonly processes: Readonly<Record<string, ProcessTiming>>;
}

export interface MachineView extends MachineIdentity {
  readonly kind: "machine";
  readonly journals: readonly JournalView[];
}

/**
 * One machine: its journals, what they fold to and the points they owe. One request is worked on at
 * a time, since a batch is decided by what the one before it stored.
 */
export class Machine {
  readonly #world: MachineWorld;
  readonly #journals: Journals;
  readonly #alarm: EarliestAlarm;
  #tail: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #waitingBytes = 0;

  constructor(world: MachineWorld) {
    this.#world = world;
    this.#journals = new Journals(world.store);
    this.#alarm = new EarliestAlarm(world.alarm);
  }

  /** Takes a batch. @throws where the store or a local binding failed: nothing was stored then */
  append(request: AppendRequest): Promise<AppendOutcome> {
    // Each waiting batch holds its body: a machine that floods its object is told to come back.
    const { byteLength } = request.body;
    if (!this.#hasRoomFor(byteLength)) return Promise.resolve({ kind: "unavailable" });
    this.#waitingBytes += byteLength;
    return this.#inTurn<AppendOutcome>(async () => {
      if (this.#world.store.isNewer) return { kind: "newer-state" };
      await this.#alarm.load();
      try {
        return await append(request, this.#world, this.#journals, this.#alarm);
      } catch (error) {
        this.#journals.drop(request.journal);
        throw error;
      }
    }).finally(() => {
      this.#waitingBytes -= byteLength;
    });
  }

  /** One batch alone always has room, whatever its size is allowed to be. */
  #hasRoomFor(bytes: number): boolean {
    if (this.#waiting >= maxWaitingRequests) return false;
    return this.#waitingBytes === 0 || this.#waitingBytes + bytes <= maxWaitingBytes;
  }

  /** How far a journal is folded. */
  position(journal: string): PositionAnswer | RefusalOf<"newer-state"> {
    if (this.#world.store.isNewer) return { kind: "newer-state" };
    const summary = this.#world.store.summary(journal);
    return {
      kind: "position",
      next: summary?.next ?? 1,
      boot: summary?.boot ?? null,
      lastEventAt: summary?.lastEventAt ?? null,
      last: summary?.last ? formatLineMark(summary.last) : null,
    };
  }

  /** What the machine's processes do now; nothing is written. */
  view(): MachineView | RefusalOf<"not-found" | "newer-state"> {
    const { store } = this.#world;
    if (store.isNewer) return { kind: "newer-state" };
    const identity = store.identity();
    if (identity === undefined) return { kind: "not-found" };
    const journals: JournalView[] = [];
    for (const { journal, next, boot, lastEventAt, full } of store.summaries()) {
      const loaded = full ? this.#journals.load(journal) : undefined;
      if (loaded?.kind === "newer-state") return loaded;
      const processes = loaded === undefined ? {} : processTimings(loaded.state);
      journals.push({ journal, next, boot, lastEventAt, processes });
    }
    return { kind: "machine", ...identity, journals };
  }

  /** The alarm rings. Never throws for the binding's sake: what is still owed rings again. */
  ring(): Promise<void> {
    return this.#inTurn(() => {
      this.#alarm.rang();
      return ring(this.#world, this.#journals, this.#alarm);
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    this.#waiting += 1;
    const done = this.#tail.then(work).finally(() => {
      this.#waiting -= 1;
    });
    // The next one's turn comes whether or not this one failed; its own caller hears of that.
    this.#tail = done.catch(() => undefined);
    return done;
  }
}
