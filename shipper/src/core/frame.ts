import { maxLineBytes, type CorruptReason } from "pidnap-journal";
import { parseLine, seqOfLine } from "./line-head.ts";
import { NextHead } from "./next-head.ts";

const newline = 0x0a;
const closingBrace = 0x7d;

/**
 * Lines that follow each other without a gap, as they lie in one buffer. A backlog is moved in
 * runs: nothing is copied and nothing allocated for a line.
 */
export interface Run {
  readonly kind: "run";
  readonly bytes: Uint8Array;
  /** Where the first line begins in `bytes`. */
  readonly start: number;
  /** Where each line ends, its `\n` included. */
  readonly ends: Int32Array;
  readonly firstSeq: number;
  /** Bytes of the segment between the run before and this one: what is corrupt there may have cost positions. */
  readonly corruptBytes?: number;
}

/** A line that is no event. It costs a position only where the positions after it show one. */
interface CorruptLine {
  readonly kind: "corrupt";
  readonly reason: CorruptReason;
  readonly bytes: number;
}

/** A line of a format that this code does not know. */
interface OtherVersion {
  readonly kind: "other-version";
  readonly version: number;
}

export type Framed = Run | CorruptLine | OtherVersion;

export interface FrameResult {
  readonly items: readonly Framed[];
  /** Where the unterminated rest begins: not an event, to be framed again with what follows it. */
  readonly restAt: number;
  /** The rest is already longer than a line may be: what comes before the next `\n` belongs to it. */
  readonly skipping: boolean;
}

export interface FrameOptions {
  /** Every line is parsed; otherwise one that begins and ends as it should is taken at its word. */
  readonly thorough: boolean;
  /** The end of a line that was given up as too long stands at the beginning. */
  readonly skipping: boolean;
}

/** The shortest line that has a head: `{"v":1,"seq":1,"at":0,"mono":0,"boot":"b","type":"t"}` and its `\n`. */
const shortestLineBytes = 53;

/** How many lines `bytes` of a journal can hold. */
export function mostLines(bytes: number): number {
  return Math.floor(bytes / shortestLineBytes) + 1;
}

/**
 * Finds the whole lines of `bytes`. The result does not depend on how a file was cut into pieces.
 *
 * @param ends memory for where the lines end, for `mostLines` of them; the runs look into it
 */
export function frame(bytes: Uint8Array, options: FrameOptions, ends?: Int32Array): FrameResult {
  const room = ends ?? new Int32Array(mostLines(bytes.length));
  const items: Framed[] = [];
  let start = 0;
  if (options.skipping) {
    const end = bytes.indexOf(newline);
    if (end < 0) return { items, restAt: bytes.length, skipping: true };
    start = end + 1;
  }
  let runStart = start;
  let firstSeq = 0;
  let roomFrom = 0;
  let count = 0;
  const endRun = (): void => {
    if (count === 0) return;
    const runEnds = room.subarray(roomFrom, roomFrom + count);
    items.push({ kind: "run", bytes, start: runStart, ends: runEnds, firstSeq });
    roomFrom += count;
    count = 0;
  };
  const next = new NextHead(bytes);
  for (;;) {
    const end = bytes.indexOf(newline, start);
    if (end < 0) break;
    const quick = !options.thorough && mayBeLine(bytes, start, end);
    if (quick && count > 0 && next.isAt(start)) {
      room[roomFrom + count] = end + 1;
      count += 1;
      next.advance();
    } else {
      const seq = quick ? seqOfLine(bytes, start, end) : 0;
      const line = seq > 0 ? seq : lineOrFault(bytes, start, end);
      if (typeof line === "number") {
        if (count === 0 || line !== firstSeq + count) {
          endRun();
          runStart = start;
          firstSeq = line;
        }
        room[roomFrom + count] = end + 1;
        count += 1;
        next.expect(line + 1);
      } else {
        endRun();
        items.push(line);
      }
    }
    start = end + 1;
  }
  endRun();
  if (bytes.length - start < maxLineBytes) return { items, restAt: start, skipping: false };
  items.push({ kind: "corrupt", reason: "too-long", bytes: bytes.length - start });
  return { items, restAt: bytes.length, skipping: true };
}

/** Whether a line has a length that an event can have, and ends as an object does. */
function mayBeLine(bytes: Uint8Array, start: number, end: number): boolean {
  const length = end - start;
  return (
    length >= shortestLineBytes - 1 && length < maxLineBytes && bytes[end - 1] === closingBrace
  );
}

function lineOrFault(
  bytes: Uint8Array,
  start: number,
  end: number,
): number | CorruptLine | OtherVersion {
  const length = end - start;
  if (length >= maxLineBytes) return { kind: "corrupt", reason: "too-long", bytes: length + 1 };
  const parsed = parseLine(bytes.subarray(start, end));
  switch (parsed.kind) {
    case "line":
      return parsed.head.seq;
    case "corrupt":
      return { kind: "corrupt", reason: parsed.reason, bytes: length + 1 };
    case "other-version":
      return parsed;
  }
}

/** The bytes of a run's line, without its `\n`. */
export function lineOfRun(run: Run, index: number): Uint8Array {
  const start = index === 0 ? run.start : (run.ends[index - 1] ?? run.start);
  const end = run.ends[index] ?? start + 1;
  return run.bytes.subarray(start, end - 1);
}
