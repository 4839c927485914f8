import { buildBatch, type Batch, type JournalLine } from "./core/batch.ts";
import { Backlog } from "./core/backlog.ts";
import { dueAtMs, fullBudget, spend, type UrgentBudget } from "./core/due.ts";
import { beginAt } from "./core/fork.ts";
import { retryDelayMs } from "./core/retry.ts";
import {
  decide,
  forgetRefusals,
  initialShipState,
  limitsOf,
  resumeAt,
  type ShipState,
  type Step,
} from "./core/ship-state.ts";
import type { Control } from "./control.ts";
import { JournalReader, type Piece } from "./disk/reader.ts";
import { PiecePool } from "./disk/piece-pool.ts";
import { RequestError } from "./errors.ts";
import {
  eagerPollMs,
  hurryAboveBytes,
  maxEventsForParsing,
  missesUntilEager,
  pollMs,
  quietMs,
} from "./limits.ts";
import type { Lineage } from "./lineage.ts";
import type { Exchange, Position } from "./net/exchange.ts";
import type { Observer } from "./observer.ts";
import type { ShipOptions } from "./ship.ts";
import type { World } from "./world.ts";

/** Why a session ended: nothing more to ship, told to stop, or the journal on disk is another one now. */
export type SessionEnd = "drained" | "stopped" | "gone" | "forked";

export interface SessionParts {
  readonly world: World;
  readonly options: ShipOptions;
  readonly control: Control;
  readonly exchange: Exchange;
  readonly lineage: Lineage;
  readonly observer: Observer;
}

/** Ships one journal under one id, from the server's position on: the one loop. */
export class Session {
  readonly #parts: SessionParts;
  readonly #backlog = new Backlog();
  readonly #pool = new PiecePool();
  readonly #reader: JournalReader;
  #state: ShipState;
  /** The last line below the backlog, for the server to compare and for losses to take their clocks from. */
  #before: JournalLine | undefined;
  #diskState: Piece["state"] = "more";
  /** A fault of the disk that ends the session once what was read before it is shipped. */
  #fault: unknown;
  #budget: UrgentBudget;
  /** There is a backlog to catch up with: nothing of it waits for company. */
  #hurrying = true;
  #paceUntilMs = 0;
  /** Reading ahead, under way. */
  #filling: Promise<void> | undefined;
  /** Sent without a pause. */
  #sentBytes = 0;
  #lastNewsMs: number;
  /** How often in a row the poll found what the watcher had not announced. */
  #missed = 0;
  /** What ended the last wait, until it has been seen whether it brought news. */
  #wokenBy: "watcher" | "poll" | undefined;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    const { fs, clock } = parts.world;
    this.#reader = new JournalReader(fs, parts.options.dir, parts.lineage.journal, this.#pool);
    this.#state = initialShipState(1, 1, 1, parts.options);
    this.#budget = fullBudget(clock.mono());
    this.#lastNewsMs = clock.mono();
  }

  async run(): Promise<SessionEnd> {
    try {
      if ((await this.#begin()) === "forked") return "forked";
      let end: SessionEnd | undefined;
      while (end === undefined) end = await this.#turn();
      return end;
    } finally {
      await this.#filling;
      await this.#reader.close();
    }
  }

  /** Sends a batch, or finds out what to wait for. */
  async #turn(): Promise<SessionEnd | undefined> {
    if (!this.#holds(1)) {
      await this.#filling;
      await this.#fill(1);
    }
    const batch = this.#nextBatch();
    const nowMs = this.#parts.world.clock.mono();
    if (batch === undefined) {
      await this.#filling;
      if (this.#awaitsMore()) return this.#read();
      const end = this.#endWithoutWork(nowMs);
      if (end === undefined) await this.#idle(Infinity);
      return end;
    }
    const dueMs = this.#dueMs(batch);
    if (dueMs <= nowMs) return this.#send(batch, nowMs);
    await this.#idle(dueMs - nowMs);
    return undefined;
  }

  async #begin(): Promise<"forked" | undefined> {
    const { lineage, options, observer } = this.#parts;
    const position = await this.#locate();
    if (position === undefined) return "forked";
    const { foreignBefore, checkpointNext } = lineage;
    const begin = beginAt(position.next, checkpointNext, options.maxEvents);
    const from = position.next <= foreignBefore ? position.next : Math.max(begin, foreignBefore);
    this.#state = initialShipState(from, position.next, foreignBefore, options);
    observer.positioned(position.next);
    await this.#seek();
    return undefined;
  }

  /** Where the server is; undefined where it holds another history, and says so twice: a fork is not undone. */
  async #locate(): Promise<Position | undefined> {
    const { exchange, lineage } = this.#parts;
    for (let times = 0; times < 2; times += 1) {
      const position = await exchange.position(lineage.shipAs);
      if (!(await lineage.disputes(position))) return position;
    }
    await lineage.fork();
    return undefined;
  }

  /** Reads on until there is enough for so many batches, or nothing more on disk. */
  async #fill(batches: number): Promise<void> {
    while (this.#fault === undefined && this.#diskState !== "gone" && !this.#holds(batches)) {
      await this.#read();
      if (this.#diskState !== "more") return;
    }
  }

  #holds(batches: number): boolean {
    const { maxEvents, maxBytes } = limitsOf(this.#state);
    return (
      this.#backlog.events(this.#state.from) > batches * maxEvents ||
      this.#backlog.bytes(this.#state.from) > batches * maxBytes
    );
  }

  /** Reads the next piece. A fault of the disk is kept, and met when its turn comes. */
  async #read(): Promise<undefined> {
    const { options, world } = this.#parts;
    const thorough =
      options.maxEvents <= maxEventsForParsing || this.#state.from < this.#state.thoroughBelow;
    try {
      this.#accept(await this.#reader.read(thorough), world.clock.mono());
    } catch (error) {
      this.#fault = error;
    }
  }

  /** Whether what follows on disk has not been looked at. */
  #awaitsMore(): boolean {
    return this.#diskState === "more" && this.#fault === undefined;
  }

  #accept(piece: Piece, nowMs: number): void {
    this.#backlog.push(piece.items, nowMs);
    this.#diskState = piece.state;
    if (piece.items.length > 0) {
      this.#lastNewsMs = nowMs;
      if (this.#wokenBy !== undefined)
        this.#missed = this.#wokenBy === "poll" ? this.#missed + 1 : 0;
      this.#wokenBy = undefined;
    }
    for (const place of piece.corrupt) this.#parts.observer.corrupt(place);
  }

  #nextBatch(): Batch | undefined {
    const { from, refused, foreignBefore } = this.#state;
    const backlog = this.#backlog.items;
    const before = this.#before;
    const known = { backlog, from, before, refused, foreignBefore, more: this.#awaitsMore() };
    return buildBatch({ ...known, ...limitsOf(this.#state) });
  }

  #dueMs(batch: Batch): number {
    const { control, options } = this.#parts;
    const sinceMs = this.#backlog.sinceMs() ?? 0;
    const hurried = this.#hurrying || options.once || control.stopping;
    const ending = this.#diskState === "gone" || this.#fault !== undefined;
    if (hurried || batch.full || ending) return this.#paceUntilMs;
    const urgentSinceMs = batch.lost.length > 0 ? sinceMs : this.#backlog.urgentSinceMs();
    const pending = {
      urgent: urgentSinceMs !== undefined,
      full: false,
      sinceMs,
      urgentSinceMs: urgentSinceMs ?? sinceMs,
    };
    return Math.max(this.#paceUntilMs, dueAtMs(pending, this.#budget, options.lingerMs));
  }

  async #send(batch: Batch, nowMs: number): Promise<SessionEnd | undefined> {
    const { exchange, lineage, observer, world, options } = this.#parts;
    const lingered = nowMs - (this.#backlog.sinceMs() ?? nowMs) >= options.lingerMs;
    if (!this.#hurrying && !batch.full && !lingered) this.#budget = spend(this.#budget, nowMs);
    const thorough =
      options.maxEvents <= maxEventsForParsing || batch.first < this.#state.thoroughBelow;
    observer.sending(batch);
    this.#sentBytes += batch.bytes;
    if (this.#sentBytes > hurryAboveBytes) world.engine?.hurry();
    const answering = exchange.post(lineage.shipAs, batch);
    // The disk is read while the server works, and the next batch does not wait for more than itself.
    this.#filling ??= this.#fill(2).finally(() => {
      this.#filling = undefined;
    });
    const answer = await answering;
    const answeredMs = world.clock.mono();
    if (answer.kind === "accepted" && answer.pace !== undefined) {
      this.#paceUntilMs = Math.max(this.#paceUntilMs, nowMs) + (batch.events / answer.pace) * 1000;
    }
    const { state, step } = decide(this.#state, batch, answer, thorough);
    this.#state = state;
    observer.answered(batch, answer, answeredMs - nowMs);
    return this.#follow(step, batch);
  }

  async #follow(step: Step, batch: Batch): Promise<SessionEnd | undefined> {
    const { lineage, observer } = this.#parts;
    switch (step.do) {
      case "advance":
        await this.#advance(batch);
        return undefined;
      case "rebuild":
        return undefined;
      case "reread":
        await lineage.confirmed(this.#state.confirmed);
        await this.#afterSetback();
        await this.#seek();
        return undefined;
      case "ask":
        observer.asking(step.why);
        return this.#ask();
      case "fork":
        await lineage.fork();
        return "forked";
      case "stuck":
        await this.#waitUnstuck(step.slug);
        return undefined;
    }
  }

  async #advance(batch: Batch): Promise<void> {
    const { lineage, observer } = this.#parts;
    this.#before = batch.last && { seq: batch.last.seq, bytes: Uint8Array.from(batch.last.bytes) };
    for (const buffer of this.#backlog.dropBelow(batch.end)) this.#pool.giveBack(buffer);
    if (this.#backlog.sinceMs() === undefined && this.#diskState !== "more") this.#hurrying = false;
    observer.advanced(batch);
    await lineage.confirmed(this.#state.confirmed);
  }

  async #ask(): Promise<SessionEnd | undefined> {
    const { lineage, observer } = this.#parts;
    const position = await this.#locate();
    if (position === undefined) return "forked";
    this.#state = resumeAt(this.#state, position.next);
    observer.positioned(position.next);
    await lineage.confirmed(position.next);
    await this.#afterSetback();
    await this.#seek();
    return undefined;
  }

  async #seek(): Promise<void> {
    await this.#filling;
    const { from, foreignBefore } = this.#state;
    this.#backlog.clear();
    this.#before = undefined;
    this.#hurrying = true;
    this.#accept(
      await this.#reader.seek(Math.max(from, foreignBefore)),
      this.#parts.world.clock.mono(),
    );
    this.#diskState = "more";
  }

  /** Answers that bring nothing new are spaced out: a server that contradicts itself must not be asked in a circle. */
  async #afterSetback(): Promise<void> {
    const { setbacks } = this.#state;
    if (setbacks < 2) return;
    const { control, world } = this.#parts;
    await control.backOff(retryDelayMs({ healing: "soon" }, setbacks - 1, world.random()));
  }

  async #waitUnstuck(slug: string): Promise<void> {
    const { control, world, observer } = this.#parts;
    const error = new RequestError(
      `The server refuses even what stands for lost events (${slug}).`,
      {
        slug,
        healing: "slow",
        hint: "Check that the URL is that of an ingest Worker of this version, and nothing between changes bodies.",
      },
    );
    const delayMs = retryDelayMs(error, 1, world.random());
    observer.failed(error, 1, delayMs);
    this.#state = forgetRefusals(this.#state);
    await control.backOff(delayMs);
  }

  #endWithoutWork(nowMs: number): SessionEnd | undefined {
    const { control, options } = this.#parts;
    if (this.#fault !== undefined) throw this.#fault;
    if (this.#diskState === "gone") return "gone";
    this.#hurrying = false;
    if (options.once) return "drained";
    const sinceMs = control.stoppingSinceMs;
    if (sinceMs === undefined) return undefined;
    return nowMs - Math.max(sinceMs, this.#lastNewsMs) >= quietMs ? "stopped" : undefined;
  }

  async #idle(dueInMs: number): Promise<void> {
    const { control, lineage, observer } = this.#parts;
    control.signal.throwIfAborted();
    this.#pool.empty();
    this.#sentBytes = 0;
    this.#parts.world.engine?.rest();
    await lineage.save();
    await observer.idle();
    const usualMs = this.#missed >= missesUntilEager ? eagerPollMs : pollMs;
    const longestMs = control.stopping ? quietMs / 4 : usualMs;
    const rang = await control.tail.wait(Math.min(dueInMs, longestMs));
    this.#wokenBy = rang ? "watcher" : "poll";
    control.signal.throwIfAborted();
  }
}
