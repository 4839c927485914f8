import { lineOfRun } from "../core/frame.ts";
import { headOfLine, type LineHead } from "../core/line-head.ts";
import { isAbsent, listSegments, type Segment } from "../disk/segments.ts";
import { runsOfSegment } from "../disk/segment-runs.ts";
import type { ShipperFs } from "../world.ts";

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
 * Reads at most the segment that holds `position` and the two newest ones.
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
  const tail = await scanTail(fs, segments.slice(-2));
  const from = Math.max(
    0,
    segments.findLastIndex(({ firstSeq }) => firstSeq <= position),
  );
  const sizes = await Promise.all(segments.slice(from).map((segment) => sizeOf(fs, segment)));
  const unread = await unreadOf(fs, segments.slice(from), position);
  const isCaughtUp = position >= tail.nextSeq;
  const laterBytes = sizes.slice(unread.segment + 1).reduce((sum, bytes) => sum + bytes, 0);
  return {
    nextSeq: tail.nextSeq,
    events: Math.max(0, tail.nextSeq - position),
    bytes: isCaughtUp ? 0 : unread.bytes + laterBytes,
    oldestAtMs: isCaughtUp ? undefined : unread.first?.at,
    expired: Math.max(0, oldest.firstSeq - position),
    unreadSegmentsBytes: isCaughtUp ? 0 : (sizes[unread.segment] ?? 0) + laterBytes,
    written: tail.written,
  };
}

/** The first event at or above `position`, and what follows it in its segment. */
async function unreadOf(
  fs: ShipperFs,
  segments: readonly Segment[],
  position: number,
): Promise<{ first: LineHead | undefined; bytes: number; segment: number }> {
  for (const [index, segment] of segments.entries()) {
    let bytes = 0;
    let first: LineHead | undefined;
    for await (const run of runsOfSegment(fs, segment)) {
      const skipped = Math.max(0, position - run.firstSeq);
      if (skipped >= run.ends.length) continue;
      first ??= headOfLine(lineOfRun(run, skipped));
      const start = skipped === 0 ? run.start : (run.ends[skipped - 1] ?? run.start);
      bytes += (run.ends.at(-1) ?? start) - start;
    }
    if (first !== undefined) return { first, bytes, segment: index };
  }
  return { first: undefined, bytes: 0, segment: 0 };
}

/** Where the journal ends, and how fast its newest boot was written in these segments. */
async function scanTail(
  fs: ShipperFs,
  segments: readonly Segment[],
): Promise<{ nextSeq: number; written: WrittenRate | undefined }> {
  let nextSeq = segments.at(-1)?.firstSeq ?? 1;
  let boot: string | undefined;
  let fromMs = 0;
  let throughMs = 0;
  let events = 0;
  let bytes = 0;
  for (const segment of segments) {
    for await (const run of runsOfSegment(fs, segment)) {
      nextSeq = Math.max(nextSeq, run.firstSeq + run.ends.length);
      for (let index = 0; index < run.ends.length; index += 1) {
        const line = lineOfRun(run, index);
        const head = headOfLine(line);
        if (head === undefined) continue;
        throughMs = head.mono;
        events += 1;
        bytes += line.length + 1;
        if (head.boot === boot) continue;
        boot = head.boot;
        fromMs = head.mono;
        events = 0;
        bytes = 0;
      }
    }
  }
  const seconds = (throughMs - fromMs) / 1000;
  if (seconds * 1000 < shortestSpanMs) return { nextSeq, written: undefined };
  const written = { eventsPerSecond: events / seconds, bytesPerSecond: bytes / seconds };
  return { nextSeq, written };
}

async function sizeOf(fs: ShipperFs, segment: Segment): Promise<number> {
  try {
    return (await fs.stat(segment.path)).size;
  } catch (error) {
    // Deleted since the directory was listed.
    if (isAbsent(error)) return 0;
    throw error;
  }
}
