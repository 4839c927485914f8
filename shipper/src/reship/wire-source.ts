import { shiftLine, type Shift } from "../core/shift.ts";
import { GapFiller, type WireLine } from "../core/wire-lines.ts";
import type { ShipperFs } from "../world.ts";
import { linesOfFile } from "./file-lines.ts";
import type { JournalPlan } from "./plan.ts";

/** A line, and when it was recorded after the first one, ms. */
export interface TimedLine {
  readonly line: WireLine;
  readonly afterMs: number;
}

/** The lines of a journal's files, gapless, from a position on. It can begin again. */
export class WireSource {
  readonly #fs: ShipperFs;
  readonly #plan: JournalPlan;
  readonly #shift: Shift | undefined;
  #lines: AsyncGenerator<TimedLine[]> | undefined;
  /** Lines that are no events, and those that were left out since others have their positions. */
  corrupt = 0;
  leftOut = 0;

  constructor(fs: ShipperFs, plan: JournalPlan, shift: Shift | undefined) {
    this.#fs = fs;
    this.#plan = plan;
    this.#shift = shift;
  }

  /** Goes back to the beginning. @param from the position that the first line should have */
  async begin(from: number): Promise<void> {
    await this.close();
    this.corrupt = 0;
    this.leftOut = 0;
    this.#lines = this.#read(new GapFiller(from));
  }

  /** The next piece; undefined at the end. */
  async next(): Promise<TimedLine[] | undefined> {
    const result = await this.#lines?.next();
    return result === undefined || result.done === true ? undefined : result.value;
  }

  async close(): Promise<void> {
    await this.#lines?.return(undefined);
    this.#lines = undefined;
  }

  async *#read(filler: GapFiller): AsyncGenerator<TimedLine[]> {
    const startMs = this.#plan.firstAtMs + (this.#shift?.ms ?? 0);
    let afterMs = 0;
    const timed = (line: WireLine): TimedLine => {
      // A clock that was set back holds nothing up.
      afterMs = Math.max(afterMs, line.head.at - startMs);
      return { line, afterMs };
    };
    for (const { path, namedSeq } of this.#plan.files) {
      if (namedSeq !== undefined) {
        yield filler.push({ kind: "segment", firstSeq: namedSeq }).map(timed);
      }
      for await (const piece of linesOfFile(this.#fs, path)) {
        this.corrupt += piece.corrupt;
        const shift = this.#shift;
        const lines = piece.lines
          .map((line) => (shift === undefined ? line : shiftLine(line, shift)))
          .flatMap((line) => filler.push(line));
        this.leftOut = filler.leftOut;
        yield lines.map(timed);
      }
    }
    yield filler.end().map(timed);
  }
}
