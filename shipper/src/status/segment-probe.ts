import { JournalVersionError } from "pidnap-journal";
import { frame, lineOfRun } from "../core/frame.ts";
import { headOfLine, type LineHead } from "../core/line-head.ts";
import { isAbsent, type Segment } from "../disk/segments.ts";
import type { ShipperFile, ShipperFs } from "../world.ts";

/** An event's head, and where its line lies in its segment. */
export interface PlacedLine {
  readonly head: LineHead;
  readonly start: number;
  /** Its `\n` included. */
  readonly end: number;
}

/** Bytes looked at first, wherever: some twenty lines. More where they hold no event. */
const windowBytes = 4 * 1024;

/**
 * Finds lines of a segment by halving it, since what stands in it is in order: some twenty small
 * reads, however long it is. Corrupt lines are passed over.
 */
export class SegmentProbe {
  readonly path: string;
  /** As it was when it was opened. */
  readonly bytes: number;
  readonly #file: ShipperFile;

  private constructor(path: string, file: ShipperFile, bytes: number) {
    this.path = path;
    this.#file = file;
    this.bytes = bytes;
  }

  /** Undefined where the segment has been deleted. */
  static async open(fs: ShipperFs, segment: Segment): Promise<SegmentProbe | undefined> {
    let file;
    try {
      file = await fs.open(segment.path, "r");
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
    try {
      return new SegmentProbe(segment.path, file, (await file.stat()).size);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  /**
   * The first event of which `test` holds; it has to hold of all behind it too.
   *
   * @throws JournalVersionError where the segment begins with another format version
   */
  async firstWhere(test: (head: LineHead) => boolean): Promise<PlacedLine | undefined> {
    let from = 0;
    let to = this.bytes;
    let found: PlacedLine | undefined;
    while (from < to) {
      const middle = Math.floor((from + to) / 2);
      const line = await this.#firstOf(middle, to);
      if (line !== undefined && !test(line.head)) {
        from = line.end;
        continue;
      }
      found = line ?? found;
      to = middle;
    }
    return found;
  }

  /** The last event; undefined where there is none. */
  async last(): Promise<PlacedLine | undefined> {
    for (let size = windowBytes; ; size *= 4) {
      const from = Math.max(0, this.bytes - size);
      const line = (await this.#linesOf(from, this.bytes)).findLast(isEvent);
      if (line !== undefined || from === 0) return placed(line);
    }
  }

  /** The first event whose line begins at `from` or later and before `to`. */
  async #firstOf(from: number, to: number): Promise<PlacedLine | undefined> {
    for (let size = windowBytes; ; size *= 4) {
      const end = Math.min(this.bytes, from + size);
      const line = (await this.#linesOf(from, end)).find(isEvent);
      if (line !== undefined) return line.start < to ? placed(line) : undefined;
      if (end === this.bytes) return undefined;
    }
  }

  /** The whole lines that begin in these bytes, by their looks. */
  async #linesOf(from: number, to: number): Promise<Candidate[]> {
    // Whether a line begins exactly here, the byte before tells.
    const readFrom = Math.max(0, from - 1);
    const bytes = await this.#read(readFrom, to);
    const { items } = frame(bytes, { thorough: false, skipping: from > 0 });
    const [first] = items;
    if (from === 0 && first?.kind === "other-version") {
      throw new JournalVersionError(this.path, first.version);
    }
    return items.flatMap((item) => {
      if (item.kind !== "run") return [];
      return [...item.ends].map((end, index) => {
        const line = lineOfRun(item, index);
        return { line, start: readFrom + end - line.length - 1, end: readFrom + end };
      });
    });
  }

  async #read(from: number, to: number): Promise<Uint8Array> {
    const buffer = Buffer.allocUnsafe(to - from);
    let filled = 0;
    while (filled < buffer.length) {
      const { bytesRead } = await this.#file.read(
        buffer,
        filled,
        to - from - filled,
        from + filled,
      );
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return buffer.subarray(0, filled);
  }
}

interface Candidate {
  readonly line: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** In bulk a line is taken at its word: whether it is an event is seen when it is needed. */
function isEvent({ line }: Candidate): boolean {
  return headOfLine(line) !== undefined;
}

function placed(candidate: Candidate | undefined): PlacedLine | undefined {
  if (candidate === undefined) return undefined;
  const { line, start, end } = candidate;
  const head = headOfLine(line);
  return head === undefined ? undefined : { head, start, end };
}
