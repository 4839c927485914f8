import { isDiskFull } from "./file-errors.ts";

/** Why events could not be written, as `events.dropped` says it. */
export type DropReason = "disk-full" | "io-error" | "invalid" | "locked" | "closed";

/** The reason that an error on the way to the disk gives. */
export function dropReasonOf(error: unknown): DropReason {
  return isDiskFull(error) ? "disk-full" : "io-error";
}

/** What one `events.dropped` is to say. */
export interface DroppedEvents {
  readonly reason: DropReason;
  readonly count: number;
  /** Wall clock of the first and of the last of them, ms. */
  readonly firstAt: number;
  readonly lastAt: number;
}

/** What could not be written and has not been declared yet, one entry a reason. */
export class DropLedger {
  #total = 0;
  readonly #pending = new Map<DropReason, DroppedEvents>();

  /** Events dropped since the journal was opened, declared or not. */
  get total(): number {
    return this.#total;
  }

  get isEmpty(): boolean {
    return this.#pending.size === 0;
  }

  count(reason: DropReason, at: number): void {
    this.#total += 1;
    const before = this.#pending.get(reason);
    this.#pending.set(reason, {
      reason,
      count: (before?.count ?? 0) + 1,
      firstAt: before?.firstAt ?? at,
      lastAt: at,
    });
  }

  /** What is to be declared, in the order in which each reason first came up. */
  pending(): readonly DroppedEvents[] {
    return [...this.#pending.values()];
  }

  /** Takes out what has been declared. */
  declared({ reason }: DroppedEvents): void {
    this.#pending.delete(reason);
  }
}
