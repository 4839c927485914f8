import type { BootId, NewEvent } from "../event.ts";

/** What `stats` tells. */
export interface JournalStats {
  /** The position that the next event will get. */
  readonly nextSeq: number;
  /** Events that could not be written since the journal was opened, declared by now or not. */
  readonly droppedEvents: number;
  readonly segments: number;
  readonly bytes: number;
}

/** Something that went wrong on the way to the disk, which no caller was there to be told. */
export interface JournalProblem {
  /** What was being done: "open", "write", "fsync", "rotate", "delete", "close", "mark", "encode". */
  readonly operation: string;
  readonly error: unknown;
  /** Wall clock, ms. */
  readonly at: number;
}

/** A journal that is open for writing. */
export interface Journal extends Disposable {
  /** The journal's directory, absolute. */
  readonly dir: string;
  /** Id of this run of pidnap. */
  readonly boot: BootId;
  /** The last thing that went wrong; undefined while nothing has. */
  readonly problem: JournalProblem | undefined;
  /**
   * Writes one event. Never throws, and waits for the disk no longer than one write takes.
   *
   * @returns the position it got, or 0 where it could not be written; it is then counted, and
   *   declared by an `events.dropped` as soon as writing works
   */
  append(event: NewEvent): number;
  stats(): JournalStats;
  /** Forces all to the disk and frees the lock. What is appended later is counted, and 0. */
  close(): void;
}
