import type { CorruptReason } from "../decode-line.ts";
import type { JournalEvent } from "../event.ts";

/** Where a piece of a journal lies. */
interface Place {
  /** File name of the segment. */
  readonly segment: string;
  /** Byte offset of the piece in it. */
  readonly offset: number;
}

/**
 * Why a reader skips a piece. Beside what a line can be by itself: `out-of-order` is an event whose
 * position was read before or lies outside its segment; `unterminated` is the end of a sealed segment
 * without `\n`.
 */
export type SkipReason = CorruptReason | "out-of-order" | "unterminated";

/** An event and where it lies. */
export interface EventEntry extends Place {
  readonly kind: "event";
  readonly event: JournalEvent;
}

/** A piece that is not an event. Its position is lost only where the next event's position shows a gap. */
export interface CorruptEntry extends Place {
  readonly kind: "corrupt";
  readonly reason: SkipReason;
  /** Length of the piece without `\n`. */
  readonly bytes: number;
}

/** What a reader finds in a journal. */
export type JournalEntry = EventEntry | CorruptEntry;
