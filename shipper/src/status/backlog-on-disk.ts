import { listSegments, type Segment } from "../disk/segments.ts";
import type { ShipperFs } from "../world.ts";
import { SegmentProbe, type PlacedLine } from "./segment-probe.ts";

/** What of a journal is still to be shipped, measured on the disk. */
export interface BacklogOnDisk {
  /** The position that the next event will have. */
  readonly nextSeq: number;
  readonly events: number;
  readonly bytes: number;
  /** Wall clock of the oldest event that is to be shipped, ms since the epoch. */
  readonly oldestAtMs: number | undefined;
  /** Positions that were deleted before anyone had read them. */
  readonly expired: number;
  /** Size of the oldest segment with something to be shipped and of all newer ones. */
  readonly unreadSegmentsBytes: number;
  /** How fast the journal has been written lately. */
  readonly written: WrittenRate | undefined;
}

interface WrittenRate {
  readonly eventsPerSecond: number;
  readonly bytesPerSecond: number;
}

/** Below this a rate is chance, ms. */
const shortestSpanMs = 10_000;

/**
 * Looks at a few lines only, however large the journal is.
 *
 * @param position the first one to be shipped
 * @returns undefined where there is no journal
 */
export async function measureBacklog(
  fs: ShipperFs,
  dir: string,
  position: number,
): Promise<BacklogOnDisk | undefined> {
  const segments = await listSegments(fs, dir);
  const [oldest] = segments;
  if (oldest === undefined) return undefined;
  const tail = await measureTail(fs, segments.slice(-2));
  const expired = Math.max(0, oldest.firstSeq - position);
  const { nextSeq, written } = tail;
  const caughtUp = { nextSeq, events: 0, bytes: 0, oldestAtMs: undefined, expired, written };
  if (position >= nextSeq) return { ...caughtUp, unreadSegmentsBytes: 0 };
  const unread = await measureUnread(fs, segments, position);
  return {
    ...caughtUp,
    events: nextSeq - position,
    // A tail without its end is no event yet.
    bytes: Math.max(0, unread.bytes - tail.unfinishedBytes),
    oldestAtMs: unread.first?.head.at,
    unreadSegmentsBytes: unread.segmentsBytes,
  };
}

/** What begins with the first event at or above `position`. */
async function measureUnread(
  fs: ShipperFs,
  segments: readonly Segment[],
  position: number,
): Promise<{ first: PlacedLine | undefined; bytes: number; segmentsBytes: number }> {
  const from = segments.findLastIndex(({ firstSeq }) => firstSeq <= position);
  let first: PlacedLine | undefined;
  let bytes = 0;
  let segmentsBytes = 0;
  for (const segment of segments.slice(Math.max(0, from))) {
    const probe = await SegmentProbe.open(fs, segment);
    if (probe === undefined) continue;
    try {
      const isLater = first !== undefined;
      first ??= await probe.firstWhere(({ seq }) => seq >= position);
      if (first === undefined) continue;
      segmentsBytes += probe.bytes;
      bytes += isLater ? probe.bytes : probe.bytes - first.start;
    } finally {
      await probe.close();
    }
  }
  return { first, bytes, segmentsBytes };
}

interface Tail {
  readonly nextSeq: number;
  /** Behind the last whole line. */
  readonly unfinishedBytes: number;
  readonly written: WrittenRate | undefined;
}

/** Where the journal ends, and how fast its newest boot was written in these segments. */
async function measureTail(fs: ShipperFs, segments: readonly Segment[]): Promise<Tail> {
  let nextSeq = segments.at(-1)?.firstSeq ?? 1;
  let unfinishedBytes = 0;
  let last: PlacedLine | undefined;
  let first: PlacedLine | undefined;
  /** From the beginning of the segment that `first` is in. */
  let bytesToLast = 0;
  for (const segment of segments.toReversed()) {
    const probe = await SegmentProbe.open(fs, segment);
    if (probe === undefined) continue;
    try {
      if (last === undefined) {
        last = await probe.last();
        if (last === undefined) continue;
        nextSeq = Math.max(nextSeq, last.head.seq + 1);
        bytesToLast = last.end;
        unfinishedBytes = segment === segments.at(-1) ? probe.bytes - last.end : 0;
      } else {
        bytesToLast += probe.bytes;
      }
      const { boot } = last.head;
      const begins = await probe.firstWhere((head) => head.boot === boot);
      if (begins === undefined) {
        bytesToLast -= probe.bytes;
        break;
      }
      first = begins;
    } finally {
      await probe.close();
    }
  }
  const written = first && last && rateBetween(first, last, bytesToLast - first.end);
  return { nextSeq, unfinishedBytes, written };
}

function rateBetween(first: PlacedLine, last: PlacedLine, bytes: number): WrittenRate | undefined {
  const spanMs = last.head.mono - first.head.mono;
  if (spanMs < shortestSpanMs) return undefined;
  const seconds = spanMs / 1000;
  return {
    eventsPerSecond: (last.head.seq - first.head.seq) / seconds,
    bytesPerSecond: bytes / seconds,
  };
}
