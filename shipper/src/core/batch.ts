import type { LossReason } from "pidnap-journal";
import { lineOfRun, type Run } from "./frame.ts";
import { headOfLine, type LineHead } from "./line-head.ts";
import { besideOf, lossLine, type LostRange } from "./loss.ts";

/** The beginning of a segment: its name promises the position of its first event. */
interface SegmentStart {
  readonly kind: "segment";
  readonly firstSeq: number;
  /** What was before it has been deleted, so a gap before it is no fault of the disk. */
  readonly previousGone: boolean;
}

/** What has been read and not yet been acknowledged, in the order of the disk. */
export type BacklogItem = Run | SegmentStart;

/** A line of the journal with its position; `bytes` are without `\n`. */
export interface JournalLine {
  readonly seq: number;
  readonly bytes: Uint8Array;
}

export interface BatchRequest {
  readonly backlog: readonly BacklogItem[];
  /** The position the batch begins with. */
  readonly from: number;
  /** The last line below `from` that was on disk, where one is known. */
  readonly before: JournalLine | undefined;
  readonly maxEvents: number;
  readonly maxBytes: number;
  /** Positions that the server will not have. */
  readonly refused: ReadonlyMap<number, LossReason>;
  /** Positions below this one belong to another history. */
  readonly foreignBefore: number;
  /** More of the journal is to be read before it is known what follows the backlog. */
  readonly more: boolean;
  /** Nothing is waited for: what is there is all there is. */
  readonly final: boolean;
}

/** Consecutive positions, ready to be sent: lines as they are on disk and what stands for the lost ones. */
export interface Batch {
  readonly first: number;
  /** The position after the last one. */
  readonly end: number;
  readonly events: number;
  readonly bytes: number;
  readonly pieces: readonly Uint8Array[];
  readonly lost: readonly LostRange[];
  /** The last line below `first`, for the server to compare. */
  readonly before: JournalLine | undefined;
  /** The last line below `end`. */
  readonly last: JournalLine | undefined;
  /** A limit ended it: more can be sent at once. */
  readonly full: boolean;
}

/** A gap without a trace that is believed of the last line of a journal at rest: its next line may never come. */
const fewPositions = 16;

/** Puts the next batch together. Pure: the same request gives the same bytes, so that it can be sent again. */
export function buildBatch(request: BatchRequest): Batch | undefined {
  const building = new Building(request);
  building.collect();
  return building.batch();
}

/** The one place that walks a backlog. Lives for one call of `buildBatch`. */
class Building {
  readonly #request: BatchRequest;
  readonly #pieces: Uint8Array[] = [];
  readonly #lost: LostRange[] = [];
  /** Ranges that wait for the line after them, whose clocks they take. */
  #waiting: LostRange[] = [];
  #expected: number;
  /** The position after what is in `#pieces`. */
  #end: number;
  #events = 0;
  #bytes = 0;
  #full = false;
  #before: JournalLine | undefined;
  #last: JournalLine | undefined;
  #beforeIsGone = false;
  /** Bytes since the last line that was believed. A lost line has left at least one, so they bound how many there can be. */
  #doubtfulBytes = 0;
  /** The position after the last line that was believed. */
  #seen: number;

  constructor(request: BatchRequest) {
    this.#request = request;
    this.#expected = request.from;
    this.#end = request.from;
    this.#before = request.before;
    this.#last = request.before;
    this.#seen = (request.before?.seq ?? 0) + 1;
  }

  collect(): void {
    const { backlog, foreignBefore, from } = this.#request;
    if (from < foreignBefore) this.#lose(from, foreignBefore - 1, "foreign");
    for (const [index, item] of backlog.entries()) {
      if (this.#full) return;
      if (item.kind === "segment") this.#enterSegment(item);
      else this.#visitRun(item, index);
    }
    if (!this.#full) this.#settleLosses(undefined);
  }

  batch(): Batch | undefined {
    if (this.#events === 0) return undefined;
    return {
      first: this.#request.from,
      end: this.#end,
      events: this.#events,
      bytes: this.#bytes,
      pieces: this.#pieces,
      lost: this.#lost,
      before: this.#before,
      last: this.#last,
      full: this.#full,
    };
  }

  #enterSegment(segment: SegmentStart): void {
    this.#beforeIsGone = segment.previousGone;
    if (segment.firstSeq > this.#expected) {
      const reason = segment.previousGone ? "expired" : "corrupt";
      this.#lose(this.#expected, segment.firstSeq - 1, reason);
    }
  }

  /**
   * A single line ahead of the lines that follow it has a damaged position: believing it would lose
   * them all. Where none follows yet, it is believed only as far as what is corrupt before it
   * can have cost the positions between: a writer leaves out none, so the next line will tell.
   */
  #isStray(run: Run, index: number): boolean {
    const { backlog, more, final } = this.#request;
    const ahead = run.firstSeq - this.#expected;
    if (ahead <= 0) return false;
    const next = backlog[index + 1];
    if (next !== undefined) {
      return next.firstSeq >= this.#expected && next.firstSeq <= run.firstSeq;
    }
    if (more || run.ends.length > 1) return more && run.ends.length === 1;
    return ahead > Math.max(this.#doubtfulBytes, final ? fewPositions : 0);
  }

  #visitRun(run: Run, index: number): void {
    this.#doubtfulBytes += run.corruptBytes ?? 0;
    const end = run.firstSeq + run.ends.length;
    // What runs backwards has a damaged position, too: it stands where another one should.
    if (end <= this.#seen || this.#isStray(run, index)) {
      this.#doubtfulBytes += bytesOfRun(run);
      return;
    }
    this.#doubtfulBytes = 0;
    this.#seen = end;
    this.#takeRun(run);
  }

  #takeRun(run: Run): void {
    const count = run.ends.length;
    if (run.firstSeq + count <= this.#expected) {
      this.#passOver(run, count - 1);
      return;
    }
    let index = Math.max(0, this.#expected - run.firstSeq);
    if (index > 0) this.#passOver(run, index - 1);
    if (run.firstSeq > this.#expected) this.#lose(this.#expected, run.firstSeq - 1, "corrupt");
    if (this.#waiting.length > 0 && !this.#settleLosses(lineOfRun(run, index))) return;
    const { refused } = this.#request;
    while (index < count && !this.#full) {
      index =
        refused.size === 0
          ? this.#takeLines(run, index, count)
          : this.#takeUnrefused(run, index, refused);
    }
  }

  /** Takes lines `from` to `through` (exclusive) as one piece, as far as the limits allow. */
  #takeLines(run: Run, from: number, through: number): number {
    const start = from === 0 ? run.start : (run.ends[from - 1] ?? run.start);
    const index = from + this.#linesThatFit(run, start, from, through);
    this.#full = index < through;
    if (index === from) return index;
    const end = run.ends[index - 1] ?? start;
    this.#add(run.bytes.subarray(start, end), index - from, run.firstSeq + index);
    this.#last = { seq: run.firstSeq + index - 1, bytes: lineOfRun(run, index - 1) };
    this.#beforeIsGone = false;
    return index;
  }

  /** How many of a run's lines fit, found by halving: a batch may have ten thousand. */
  #linesThatFit(run: Run, start: number, from: number, through: number): number {
    const most = Math.min(through - from, this.#request.maxEvents - this.#events);
    const room = this.#request.maxBytes - this.#bytes;
    const bytesOf = (lines: number): number => (run.ends[from + lines - 1] ?? start) - start;
    let [low, high] = [0, Math.max(0, most)];
    if (bytesOf(high) <= room) low = high;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (bytesOf(middle) <= room) low = middle;
      else high = middle - 1;
    }
    // A batch takes at least one event, however long it is.
    return low === 0 && this.#events === 0 ? 1 : low;
  }

  #takeUnrefused(run: Run, from: number, refused: ReadonlyMap<number, LossReason>): number {
    let through = from;
    while (through < run.ends.length && !refused.has(run.firstSeq + through)) through += 1;
    if (through > from) return this.#takeLines(run, from, through);
    const reason = refused.get(run.firstSeq + from) ?? "rejected";
    while (refused.get(run.firstSeq + through) === reason && through < run.ends.length) {
      through += 1;
    }
    this.#lose(run.firstSeq + from, run.firstSeq + through - 1, reason);
    // Where nothing before is left and nothing after is there yet, its own clocks are the nearest.
    const after = lineOfRun(run, Math.min(through, run.ends.length - 1));
    this.#settleLosses(after);
    return through;
  }

  /** Lines below the beginning: they are not sent, but the last of them is what the first is sent after. */
  #passOver(run: Run, index: number): void {
    const line = { seq: run.firstSeq + index, bytes: lineOfRun(run, index) };
    const nearer = line.seq < this.#request.from && line.seq >= (this.#before?.seq ?? 0);
    if (!nearer || this.#events > 0) return;
    this.#before = line;
    this.#last = line;
    this.#beforeIsGone = false;
  }

  #lose(from: number, through: number, reason: LossReason): void {
    this.#waiting.push({ from, through, reason });
    this.#expected = through + 1;
  }

  /** Adds the lines for what is lost, as far as it is known whose clocks they take. False where one had no room. */
  #settleLosses(after: Uint8Array | undefined): boolean {
    while (this.#waiting[0] !== undefined) {
      const range = this.#waiting[0];
      const beside = besideOf(range.reason, this.#headBefore(), headOf(after));
      if (beside === undefined) return false;
      const line = lossLine(range, beside);
      if (!this.#fits(this.#events, this.#bytes + line.length)) {
        this.#full = true;
        return false;
      }
      this.#waiting = this.#waiting.slice(1);
      this.#lost.push(range);
      this.#add(line, 1, range.through + 1);
    }
    return true;
  }

  #headBefore(): LineHead | undefined {
    return this.#beforeIsGone ? undefined : headOf(this.#last?.bytes);
  }

  /** Whether one more event fits; a batch takes at least one, however long. */
  #fits(events: number, bytes: number): boolean {
    if (events === 0) return true;
    return events < this.#request.maxEvents && bytes <= this.#request.maxBytes;
  }

  #add(piece: Uint8Array, events: number, end: number): void {
    this.#pieces.push(piece);
    this.#events += events;
    this.#bytes += piece.length;
    this.#end = end;
    this.#expected = end;
  }
}

function bytesOfRun(run: Run): number {
  return (run.ends.at(-1) ?? run.start) - run.start;
}

function headOf(line: Uint8Array | undefined): LineHead | undefined {
  return line === undefined ? undefined : headOfLine(line);
}

/** What of a backlog is still needed once everything below `seq` has been acknowledged. */
export function dropBelow(backlog: readonly BacklogItem[], seq: number): BacklogItem[] {
  const endOf = (run: Run): number => run.firstSeq + run.ends.length;
  // Where the last acknowledged line lies, everything before has had its turn, whatever positions it claims.
  const done = backlog.findIndex(
    (item) => item.kind === "run" && item.firstSeq < seq && endOf(item) >= seq,
  );
  const rest = done < 0 ? backlog : backlog.slice(done);
  const needed = rest.findIndex((item) => item.kind === "run" && endOf(item) > seq);
  const from = needed < 0 ? rest.length : needed;
  // Where a segment begins decides what a gap at its beginning means.
  const keepsStart = from > 0 && rest[from - 1]?.kind === "segment";
  return rest.slice(keepsStart ? from - 1 : from);
}
