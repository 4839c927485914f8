import { JournalVersionError, type CorruptReason } from "pidnap-journal";
import type { BacklogItem } from "../core/batch.ts";
import { frame, lineOfRun, type Framed, type Run } from "../core/frame.ts";
import type { ShipperFs } from "../world.ts";
import { openedJournal } from "./opened-journal.ts";
import type { PieceMemory, PiecePool } from "./piece-pool.ts";
import { SegmentFile } from "./segment-file.ts";
import { isAbsent, listSegments, type Segment } from "./segments.ts";

const { isAscii, isUtf8 } = process.getBuiltinModule("node:buffer");

/** A place in the journal that readers pass over. */
export interface CorruptPlace {
  readonly reason: CorruptReason | "unterminated";
  readonly segment: string;
  readonly bytes: number;
}

export interface Piece {
  readonly items: readonly BacklogItem[];
  readonly corrupt: readonly CorruptPlace[];
  /**
   * `more`: read on. `tail`: everything written so far has been read. `gone`: the file being read is
   * no longer this journal's newest, and none follows it: wiped, or replaced by another journal.
   */
  readonly state: "more" | "tail" | "gone";
}

const nothing: Piece = { items: [], corrupt: [], state: "tail" };
const noBytes = new Uint8Array(0);

/** Reads one journal forward, segment by segment, each byte once. Holds at most one file open. */
export class JournalReader {
  readonly #fs: ShipperFs;
  readonly #dir: string;
  readonly #journal: string;
  #current: SegmentFile | undefined;
  /** The directory as it was when it was last looked at. */
  #segments: readonly Segment[] = [];
  /** The unterminated rest of what has been read. */
  #rest: Uint8Array = noBytes;
  #skipping = false;
  /** A segment that was listed and could not be found. */
  #missing: string | undefined;
  #foreignFrom: number | undefined;
  /** The beginning of the segment being read, until it is known to be this journal's: the name of another's promises nothing. */
  #start: BacklogItem | undefined;
  readonly #since: number;
  readonly #pool: PiecePool;

  /** @param since segments that begin below this position are another journal's */
  constructor(fs: ShipperFs, dir: string, journal: string, pool: PiecePool, since = 0) {
    this.#fs = fs;
    this.#dir = dir;
    this.#journal = journal;
    this.#pool = pool;
    this.#since = since;
  }

  /** Where a segment of another journal begins that was met behind this one's. */
  get foreignFrom(): number | undefined {
    return this.#foreignFrom;
  }

  /** Goes to the segment that holds the line before `seq`, or to the oldest there is. */
  async seek(seq: number): Promise<Piece> {
    await this.close();
    const segments = await this.#list();
    const segment = segments.findLast(({ firstSeq }) => firstSeq < seq) ?? segments[0];
    if (segment === undefined) return nothing;
    const previousGone = segment === segments[0] && segment.firstSeq > 1;
    return this.#enter(segment, previousGone);
  }

  /** Reads the next piece. @param thorough parse every line, instead of taking heads at their word */
  async read(thorough: boolean): Promise<Piece> {
    const current = this.#current;
    if (current === undefined) return this.seek(1);
    const piece = await this.#readOn(current, thorough);
    if (piece !== undefined) return piece;
    // Had it a successor before it was read to its end, then it is complete.
    const known = this.#following(current);
    if (known !== undefined) return this.#leave(current, known, false);
    const segments = await this.#list();
    const following = this.#following(current);
    if (following === undefined) {
      const state = (await this.#isIntact(current)) ? "tail" : "gone";
      return { ...nothing, items: this.#takeStart(), state };
    }
    // What was written between the end of the file and the next segment's birth.
    const late = await this.#readOn(current, thorough);
    if (late !== undefined) return late;
    const exists = segments.some(({ name }) => name === current.segment.name);
    return this.#leave(current, following, !exists);
  }

  async #list(): Promise<readonly Segment[]> {
    this.#segments = await listSegments(this.#fs, this.#dir, this.#since);
    return this.#segments;
  }

  #following({ segment }: SegmentFile): Segment | undefined {
    return this.#segments.find(({ firstSeq }) => firstSeq > segment.firstSeq);
  }

  async #leave(current: SegmentFile, following: Segment, currentGone: boolean): Promise<Piece> {
    const torn = this.#tornTail(current);
    const items = this.#takeStart();
    const entered = await this.#enter(following, currentGone);
    const corrupt = this.#current === current ? [] : torn;
    return { items, corrupt, state: entered.state };
  }

  async close(): Promise<void> {
    const current = this.#current;
    this.#current = undefined;
    this.#rest = noBytes;
    this.#skipping = false;
    this.#start = undefined;
    await current?.close();
  }

  async #enter(segment: Segment, previousGone: boolean): Promise<Piece> {
    let entered: SegmentFile;
    try {
      entered = await SegmentFile.open(this.#fs, segment);
    } catch (error) {
      // Deleted since the directory was listed: the next look finds what is there now.
      // Where it is listed again all the same, its name leads nowhere, and looking again would never end.
      if (isAbsent(error) && this.#missing !== segment.name) {
        this.#missing = segment.name;
        this.#segments = [];
        return { ...nothing, state: "more" };
      }
      throw error;
    }
    await this.close();
    this.#current = entered;
    this.#start = { kind: "segment", firstSeq: segment.firstSeq, previousGone };
    return { ...nothing, state: "more" };
  }

  /** Undefined at the end of the file. */
  async #readOn(current: SegmentFile, thorough: boolean): Promise<Piece | undefined> {
    const memory = await current.next(this.#rest, this.#pool);
    return memory === undefined ? undefined : this.#frame(current, memory, thorough);
  }

  #frame(current: SegmentFile, { bytes, ends }: PieceMemory, thorough: boolean): Piece {
    const whole = bytes.subarray(0, bytes.lastIndexOf(0x0a) + 1);
    // Passes in native code tell for a whole piece what would cost a look at each line.
    const suspicious = whole.includes(0) || !(isAscii(whole) || isUtf8(whole));
    const how = { thorough: thorough || suspicious, skipping: this.#skipping };
    const framed = frame(bytes, how, ends);
    this.#skipping = framed.skipping;
    // Copied, so that a short rest does not keep a whole piece in memory.
    this.#rest = Uint8Array.from(bytes.subarray(framed.restAt));
    const items: BacklogItem[] = [];
    const corrupt: CorruptPlace[] = [];
    for (const item of framed.items) {
      if (item.kind !== "run") corrupt.push(this.#passOver(current, item));
      else if (this.#belongs(current, item)) items.push(...this.#takeStart(), current.placed(item));
      else {
        this.#foreignFrom = current.segment.firstSeq;
        return { items, corrupt, state: "gone" };
      }
    }
    return { items, corrupt, state: "more" };
  }

  #takeStart(): BacklogItem[] {
    const start = this.#start;
    this.#start = undefined;
    return start === undefined ? [] : [start];
  }

  /** Whether a segment's first event names this journal. */
  #belongs(current: SegmentFile, run: Run): boolean {
    if (!current.awaitsFirstEvent) return true;
    current.awaitsFirstEvent = false;
    const journal = openedJournal(lineOfRun(run, 0));
    return journal === undefined || journal === this.#journal;
  }

  #passOver(current: SegmentFile, item: Exclude<Framed, Run>): CorruptPlace {
    const segment = current.segment.name;
    if (item.kind === "corrupt") return { reason: item.reason, segment, bytes: item.bytes };
    // A writer never changes its version within a journal: elsewhere it is a damaged line.
    if (current.awaitsFirstEvent) {
      throw new JournalVersionError(current.segment.path, item.version);
    }
    return { reason: "not-an-event", segment, bytes: 0 };
  }

  #tornTail(current: SegmentFile): CorruptPlace[] {
    const bytes = this.#rest.length;
    return bytes === 0 ? [] : [{ reason: "unterminated", segment: current.segment.name, bytes }];
  }

  async #isIntact(current: SegmentFile): Promise<boolean> {
    try {
      const { ino, size } = await this.#fs.stat(current.segment.path);
      return ino === current.ino && size >= current.offset;
    } catch (error) {
      if (isAbsent(error)) return false;
      throw error;
    }
  }
}
