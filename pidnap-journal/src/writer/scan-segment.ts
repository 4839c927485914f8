import { decodeLine } from "../decode-line.ts";
import { JournalVersionError } from "../errors.ts";
import type { JournalEvent, JournalId } from "../event.ts";
import { isKnownEvent } from "../event.ts";
import { maxLineBytes } from "../limits.ts";
import { lastPosition } from "../reader/sequence.ts";
import type { WriterFs } from "./environment.ts";

/** What a writer must know of the segment that it goes on with. */
export interface SegmentScan {
  readonly bytes: number;
  /** Highest position of an event in it, the tail left out; null where it holds none. */
  readonly lastSeq: number | null;
  /** Wall clock of its first event, ms; null where it holds none. */
  readonly firstAt: number | null;
  /** The journal that it says it belongs to. */
  readonly journal: JournalId | null;
  /** What it ends with behind its last `\n`: null for nothing; `seq` where that is a whole event. */
  readonly tail: { readonly seq: number | undefined } | null;
}

const chunkBytes = 256 * 1024;
const newline = 10;
const openedText = Buffer.from('"segment.opened"');

/**
 * Reads a segment once, through one bounded buffer. A line's position is read from its head; only
 * the lines that decide something are decoded, since decoding them all would hold up pidnap's start
 * for as long as the segment is large.
 *
 * @throws JournalVersionError where a line is of another format version
 */
export function scanSegment(fs: WriterFs, fd: number, path: string): SegmentScan {
  const highest = new HighestEvents();
  let first: JournalEvent | undefined;
  let journal: JournalId | null = null;
  let tail: SegmentScan["tail"] = null;
  const bytes = forEachLine(fs, fd, (line, offset, ended) => {
    const headSeq = seqOfHead(line);
    const looksLikeOpening = journal === null && line.includes(openedText);
    if (ended && headSeq !== undefined && first !== undefined && !looksLikeOpening) {
      highest.note(headSeq, offset, line.length);
      return;
    }
    const decoded = decodeLine(line);
    // Versions do not mix within a segment: behind a good line this is damage.
    if (decoded.kind === "other-version" && first === undefined) {
      throw new JournalVersionError(path, decoded.version);
    }
    if (!ended) tail = { seq: positionOf(line) };
    if (decoded.kind !== "event") return;
    const { event } = decoded;
    first ??= event;
    journal ??= journalOf(event);
    if (ended) highest.note(event.seq, offset, line.length);
  });
  const lastSeq = highest.last(
    (offset, length) => readPosition(fs, fd, offset, length),
    () => highestOfAll(fs, fd),
  );
  return { bytes, lastSeq, firstAt: first?.at ?? null, journal, tail };
}

/** Looks for the journal's id alone, from the segment's beginning. */
export function findJournalId(fs: WriterFs, fd: number): JournalId | null {
  let journal: JournalId | null = null;
  forEachLine(fs, fd, (line) => {
    if (!line.includes(openedText)) return true;
    const decoded = decodeLine(line);
    if (decoded.kind === "event") journal = journalOf(decoded.event);
    return journal === null;
  });
  return journal;
}

function journalOf(event: JournalEvent): JournalId | null {
  return isKnownEvent(event) && event.type === "segment.opened" ? event.journal : null;
}

function readPosition(fs: WriterFs, fd: number, offset: number, length: number) {
  const line = Buffer.alloc(length);
  const read = fs.readSync(fd, line, 0, length, offset);
  return positionOf(line.subarray(0, read));
}

function highestOfAll(fs: WriterFs, fd: number): number | undefined {
  let highest: number | undefined;
  forEachLine(fs, fd, (line, _offset, ended) => {
    const seq = ended ? positionOf(line) : undefined;
    if (seq !== undefined && (highest === undefined || seq > highest)) highest = seq;
  });
  return highest;
}

function positionOf(line: Buffer): number | undefined {
  const decoded = decodeLine(line);
  return decoded.kind === "event" ? lastPosition(decoded.event) : undefined;
}

/**
 * The lines whose heads have the highest positions. A head can stand before a line that is damaged
 * behind it, so the highest that decodes counts; where none of those kept does, all lines are looked at.
 */
class HighestEvents {
  static readonly #kept = 32;
  readonly #lines: { seq: number; offset: number; length: number }[] = [];
  #forgot = false;

  note(seq: number, offset: number, length: number): void {
    const lines = this.#lines;
    let at = lines.length;
    while (at > 0 && (lines[at - 1]?.seq ?? 0) > seq) at -= 1;
    lines.splice(at, 0, { seq, offset, length });
    if (lines.length > HighestEvents.#kept) {
      lines.shift();
      this.#forgot = true;
    }
  }

  last(
    read: (offset: number, length: number) => number | undefined,
    readAll: () => number | undefined,
  ): number | null {
    for (const { offset, length } of this.#lines.toReversed()) {
      const seq = read(offset, length);
      if (seq !== undefined) return seq;
    }
    return (this.#forgot ? readAll() : undefined) ?? null;
  }
}

const head = Buffer.from('{"v":1,"seq":');

/** The position in a line that begins as this writer's lines do; undefined for any other. */
function seqOfHead(line: Buffer): number | undefined {
  if (line.length < head.length || line.length >= maxLineBytes) return undefined;
  if (line.compare(head, 0, head.length, 0, head.length) !== 0) return undefined;
  const text = line.toString("latin1", head.length, head.length + 17);
  const digits = /^([1-9]\d{0,15}),/.exec(text)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/**
 * Calls `see` with each line, without its `\n`; of a line too long to be an event it gets the first
 * bytes, still too long. The last one may not have ended. Stops where `see` returns false.
 * Returns the bytes read.
 */
function forEachLine(
  fs: WriterFs,
  fd: number,
  see: (line: Buffer, offset: number, ended: boolean) => boolean | void,
): number {
  const buffer = Buffer.alloc(chunkBytes + maxLineBytes);
  let kept = 0; // bytes of an unfinished line at the buffer's start
  let lineOffset = 0;
  let position = 0;
  for (;;) {
    const read = fs.readSync(fd, buffer, kept, chunkBytes, position);
    if (read === 0) break;
    position += read;
    const filled = kept + read;
    let start = 0;
    for (;;) {
      const end = buffer.indexOf(newline, start);
      if (end === -1 || end >= filled) break;
      if (
        see(buffer.subarray(start, Math.min(end, start + maxLineBytes)), lineOffset, true) === false
      )
        return position;
      lineOffset = position - filled + end + 1;
      start = end + 1;
    }
    // Beyond this many bytes a line is no event whatever follows, so no more of it is kept.
    const rest = Math.min(filled - start, maxLineBytes);
    buffer.copyWithin(0, start, start + rest);
    kept = rest;
  }
  if (position > lineOffset) see(buffer.subarray(0, kept), lineOffset, false);
  return position;
}
