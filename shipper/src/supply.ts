import { Backlog } from "./core/backlog.ts";
import { buildBatch, type Batch, type JournalLine } from "./core/batch.ts";
import { limitsOf, type ShipState } from "./core/ship-state.ts";
import { PiecePool } from "./disk/piece-pool.ts";
import { JournalReader, type CorruptPlace, type Piece } from "./disk/reader.ts";
import { maxEventsForParsing } from "./limits.ts";
import type { World } from "./world.ts";

export interface SupplyParts {
  readonly world: World;
  readonly dir: string;
  readonly journal: string;
  /** Segments that begin below this position are another journal's. */
  readonly since?: number;
  /** Whether nothing is waited for once everything on disk is shipped. */
  readonly once: boolean;
  /** Where shipping stands: what is read and how follows it. */
  readonly state: () => ShipState;
  readonly onCorrupt: (place: CorruptPlace) => void;
}

/**
 * What there is to send: reads the journal on disk as fast as it is shipped, no further ahead than
 * the next batch but one, and puts batches together.
 */
export class Supply {
  readonly #parts: SupplyParts;
  readonly #backlog = new Backlog();
  readonly #pool = new PiecePool();
  readonly #reader: JournalReader;
  /** The last line below the backlog, for the server to compare and for losses to take their clocks from. */
  #before: JournalLine | undefined;
  #diskState: Piece["state"] = "more";
  #fault: unknown;
  #reading: Promise<void> | undefined;
  #isAhead = false;
  #isClosed = false;
  #lastNewsMs: number;

  constructor(parts: SupplyParts) {
    this.#parts = parts;
    const { fs, clock } = parts.world;
    this.#reader = new JournalReader(fs, parts.dir, parts.journal, this.#pool, parts.since);
    this.#lastNewsMs = clock.mono();
  }

  /** A fault of the disk. It is met once what was read before it has been shipped. */
  get fault(): unknown {
    return this.#fault;
  }

  /** Whether the journal that was being read is no longer there. */
  get isGone(): boolean {
    return this.#diskState === "gone";
  }

  /** Where a segment of another journal begins that was met behind this one's. */
  get foreignFrom(): number | undefined {
    return this.#reader.foreignFrom;
  }

  /** When something was last found on disk, monotonic ms. */
  get lastNewsMs(): number {
    return this.#lastNewsMs;
  }

  /** When the first event that waits was found; undefined where none waits. */
  get sinceMs(): number | undefined {
    return this.#backlog.sinceMs();
  }

  /** The same of the first urgent one. */
  get urgentSinceMs(): number | undefined {
    return this.#backlog.urgentSinceMs();
  }

  /** Whether everything that was on disk when it was last looked at has been shipped. */
  get isExhausted(): boolean {
    return this.sinceMs === undefined && !this.#awaitsMore;
  }

  /** Whether lines sent from here on have all been parsed, instead of being known by their heads alone. */
  get isThorough(): boolean {
    const { maxEvents, from, thoroughBelow } = this.#parts.state();
    return maxEvents <= maxEventsForParsing || from < thoroughBelow;
  }

  /** Begins anew where shipping stands. */
  async seek(): Promise<void> {
    // Whoever reads ahead may begin another piece before this gets its turn.
    while (this.#reading !== undefined) await this.#reading;
    await this.#exclusively(async () => {
      const { from, foreignBefore } = this.#parts.state();
      this.#backlog.clear();
      this.#before = undefined;
      this.#accept(await this.#reader.seek(Math.max(from, foreignBefore)));
      this.#diskState = "more";
    });
  }

  /** The next batch, as large as may be and as the disk has it; undefined where there is nothing to send. */
  async next(): Promise<Batch | undefined> {
    if (!this.#holds(1)) this.#diskState = this.isGone ? "gone" : "more";
    for (;;) {
      while (this.#awaitsMore && !this.#holds(1)) await this.#read();
      const batch = this.#build();
      if (batch !== undefined || !this.#awaitsMore) return batch;
      // What follows decides what to make of what is there.
      await this.#read();
    }
  }

  /** Reads on beside whatever else is done, up to the next batch but one. Never fails: a fault is kept. */
  async readAhead(): Promise<void> {
    if (this.#isAhead) return;
    this.#isAhead = true;
    while (this.#awaitsMore && !this.#holds(2)) await this.#read();
    this.#isAhead = false;
  }

  /** The batch has arrived. */
  advance(batch: Batch): void {
    const { last } = batch;
    // Copied, since the memory it lies in is used again.
    this.#before = last && { seq: last.seq, bytes: Uint8Array.from(last.bytes) };
    for (const buffer of this.#backlog.dropBelow(batch.end)) this.#pool.giveBack(buffer);
  }

  /** Nothing is to be read for a while. */
  rest(): void {
    this.#pool.empty();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    while (this.#reading !== undefined) await this.#reading;
    await this.#reader.close();
  }

  get #awaitsMore(): boolean {
    return this.#diskState === "more" && this.#fault === undefined && !this.#isClosed;
  }

  #holds(batches: number): boolean {
    const state = this.#parts.state();
    const { maxEvents, maxBytes } = limitsOf(state);
    return (
      this.#backlog.events(state.from) > batches * maxEvents ||
      this.#backlog.bytes(state.from) > batches * maxBytes
    );
  }

  /** Reads the next piece, once for all who wait for it. */
  #read(): Promise<void> {
    return (
      this.#reading ??
      this.#exclusively(async () => this.#accept(await this.#reader.read(this.isThorough)))
    );
  }

  /** One thing at a time with the reader: it stands at one place. A fault is kept, and met when its turn comes. */
  #exclusively(act: () => Promise<void>): Promise<void> {
    const acting = act()
      .catch((error: unknown) => {
        this.#fault = error;
      })
      .finally(() => {
        this.#reading = undefined;
      });
    this.#reading = acting;
    return acting;
  }

  #accept(piece: Piece): void {
    const nowMs = this.#parts.world.clock.mono();
    this.#backlog.push(piece.items, nowMs);
    this.#diskState = piece.state;
    if (piece.items.length > 0) this.#lastNewsMs = nowMs;
    for (const place of piece.corrupt) this.#parts.onCorrupt(place);
  }

  #build(): Batch | undefined {
    const state = this.#parts.state();
    const { from, refused, foreignBefore } = state;
    const backlog = this.#backlog.items;
    const before = this.#before;
    const known = { backlog, from, before, refused, foreignBefore };
    const then = { more: this.#awaitsMore, final: this.#parts.once };
    return buildBatch({ ...known, ...then, ...limitsOf(state) });
  }
}
