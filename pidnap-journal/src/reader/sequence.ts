import { decodeLine } from "../decode-line.ts";
import type { JournalEvent } from "../event.ts";
import { JournalVersionError } from "../errors.ts";
import type { JournalEntry, SkipReason } from "./entry.ts";
import type { Piece } from "./lines.ts";

/** Turns the lines of segments, in order, into entries whose positions only go up. */
export interface Sequence {
  /**
   * Begins a segment.
   *
   * @param firstSeq position that its name promises
   * @param limitSeq first position that is not in it: the next segment's, or Infinity
   * @throws {JournalVersionError} later, by `read`, where the segment's first line is of another version
   */
  begin(segment: string, firstSeq: number, limitSeq: number): void;
  /** The entry that a line makes, or undefined where it lies before what was asked for. */
  read(piece: Piece): JournalEntry | undefined;
  /** The entry that the end of a sealed segment makes where it has no `\n`. */
  skip(piece: Piece, reason: SkipReason): JournalEntry | undefined;
}

/** @param from first position wanted */
export function createSequence(from: number): Sequence {
  let segment = "";
  let limit = Number.POSITIVE_INFINITY;
  let nextSeq = 1;
  let eventsInSegment = 0;
  // Corrupt pieces since the last event: each may, but need not, have cost a position.
  let skipped = 0;

  const skip = (piece: Piece, reason: SkipReason): JournalEntry | undefined => {
    const latestPosition = nextSeq + skipped;
    skipped += 1;
    if (latestPosition < from) return undefined;
    return { kind: "corrupt", reason, segment, offset: piece.offset, bytes: piece.length };
  };

  return {
    skip,
    begin(name, firstSeq, limitSeq) {
      segment = name;
      limit = limitSeq;
      nextSeq = Math.max(nextSeq, firstSeq);
      eventsInSegment = 0;
      skipped = 0;
    },
    read(piece) {
      if (piece.bytes === undefined) return skip(piece, "too-long");
      const decoded = decodeLine(piece.bytes);
      if (decoded.kind === "corrupt") return skip(piece, decoded.reason);
      if (decoded.kind === "other-version") {
        // Versions do not mix within a segment, so behind a good line this is damage.
        if (eventsInSegment > 0) return skip(piece, "not-an-event");
        throw new JournalVersionError(segment, decoded.version);
      }
      const { event } = decoded;
      if (event.seq < nextSeq || event.seq >= limit) return skip(piece, "out-of-order");
      nextSeq = lastPosition(event) + 1;
      eventsInSegment += 1;
      skipped = 0;
      if (nextSeq <= from) return undefined;
      return { kind: "event", event, segment, offset: piece.offset };
    },
  };
}

/** The last position that an event stands for: an `events.lost` stands for a range. */
export function lastPosition(event: JournalEvent): number {
  return event.type === "events.lost" && "through" in event ? Number(event.through) : event.seq;
}
