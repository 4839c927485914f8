import type { LossReason } from "pidnap-journal";
import type { LineHead } from "./line-head.ts";
import { besideOf, lossLine, type LostRange } from "./loss.ts";

/** A line as it is on disk, or as it was once sent: an `events.lost` stands for several positions. */
export interface RecordedLine {
  readonly kind: "line";
  readonly head: LineHead;
  /** The last position it stands for. */
  readonly through: number;
  /** With its `\n`. */
  readonly bytes: Uint8Array;
  /** Why positions are lost, where it says that they are. */
  readonly lost: LossReason | undefined;
}

/** The beginning of a file whose name promises the position of its first event. */
export interface RecordedSegment {
  readonly kind: "segment";
  readonly firstSeq: number;
}

/** A line that is ready to be sent. Each begins where the one before ended. */
export interface WireLine {
  readonly seq: number;
  /** The position after the last one it stands for. */
  readonly end: number;
  /** With its `\n`. */
  readonly bytes: Uint8Array;
  readonly head: LineHead;
  /** The positions that it says are lost. */
  readonly lost: LostRange | undefined;
}

/**
 * Makes what was recorded gapless: what is missing is declared lost, what comes twice is left out,
 * and a single line far ahead of those behind it is not believed.
 */
export class GapFiller {
  #expected: number;
  #before: LineHead | undefined;
  /** Lost ranges that wait for the line after them. */
  #waiting: LostRange[] = [];
  /** A line ahead of its time: the next one says whether it is where it claims to be. */
  #ahead: RecordedLine | undefined;
  #leftOut = 0;

  /** @param from the position that the first line should have */
  constructor(from: number) {
    this.#expected = from;
  }

  /** Lines that were left out: their positions had been seen, or were not believed. */
  get leftOut(): number {
    return this.#leftOut;
  }

  push(recorded: RecordedLine | RecordedSegment): WireLine[] {
    const lines: WireLine[] = [];
    const ahead = this.#ahead;
    this.#ahead = undefined;
    if (ahead !== undefined) {
      const seq = recorded.kind === "line" ? recorded.head.seq : recorded.firstSeq;
      if (seq >= this.#expected && seq <= ahead.head.seq) this.#leftOut += 1;
      else lines.push(...this.#take(ahead));
    }
    if (recorded.kind === "segment") this.#enter(recorded);
    else if (recorded.head.seq > this.#expected) this.#ahead = recorded;
    else lines.push(...this.#take(recorded));
    return lines;
  }

  /** Nothing more comes. */
  end(): WireLine[] {
    const ahead = this.#ahead;
    this.#ahead = undefined;
    return ahead === undefined ? this.#settle(undefined) : this.#take(ahead);
  }

  #enter({ firstSeq }: RecordedSegment): void {
    if (firstSeq > this.#expected) this.#lose(firstSeq - 1);
  }

  #take(line: RecordedLine): WireLine[] {
    const { head, through, lost } = line;
    if (through < this.#expected) {
      this.#leftOut += 1;
      return [];
    }
    if (head.seq > this.#expected) this.#lose(head.seq - 1);
    const filled = this.#settle(head);
    const seq = this.#expected;
    this.#expected = through + 1;
    this.#before = head;
    const range = lost === undefined ? undefined : { from: seq, through, reason: lost };
    // Of what stands for several positions, only those count that have not had their turn.
    const cut = range !== undefined && seq > head.seq;
    const bytes = cut ? lossLine(range, head) : line.bytes;
    return [...filled, { seq, end: through + 1, bytes, head, lost: range }];
  }

  #lose(through: number): void {
    // Where nothing comes before, the beginning was deleted: oldest first, as segments go.
    const reason = this.#before === undefined ? "expired" : "corrupt";
    this.#waiting.push({ from: this.#expected, through, reason });
    this.#expected = through + 1;
  }

  #settle(after: LineHead | undefined): WireLine[] {
    const filled: WireLine[] = [];
    for (const range of this.#waiting) {
      const beside = besideOf(range.reason, this.#before, after);
      // Without a line on either side there is nothing to send them with.
      if (beside === undefined) break;
      const head = { ...beside, seq: range.from, type: "events.lost" };
      const bytes = lossLine(range, beside);
      filled.push({ seq: range.from, end: range.through + 1, bytes, head, lost: range });
    }
    this.#waiting = [];
    return filled;
  }
}
