import type { JournalLine, Batch } from "../core/batch.ts";
import { retryDelayMs } from "../core/retry.ts";
import {
  decide,
  initialShipState,
  limitsOf,
  resumeAt,
  type Limits,
  type ShipState,
  type Step,
} from "../core/ship-state.ts";
import { lineOf, wireBatch } from "../core/wire-batch.ts";
import { HistoryError, RequestError } from "../errors.ts";
import type { Decided, Exchange } from "../net/exchange.ts";
import type { World } from "../world.ts";
import { pause } from "./pause.ts";
import type { JournalPlan } from "./plan.ts";
import { Tally, type ReshipSummary } from "./tally.ts";
import type { TimedLine, WireSource } from "./wire-source.ts";

export interface ReshippingParts {
  readonly world: World;
  readonly exchange: Exchange;
  readonly source: WireSource;
  readonly plan: JournalPlan;
  readonly sendAs: string;
  readonly limits: Limits;
  /** Times the recorded pace; Infinity for as fast as possible. */
  readonly speed: number;
  readonly signal: AbortSignal;
  /** How many attempts have failed so far, of all requests. */
  readonly failures: () => number;
  readonly onProgress: (confirmedLines: number) => void;
}

/** At the recorded pace, what comes within this leaves together, ms. */
const gatherMs = 250;

/** Sends one journal from its first line to its last, whatever of it the server has. */
export class Reshipping {
  readonly #parts: ReshippingParts;
  readonly #tally = new Tally();
  /** Read and not yet confirmed. */
  #queue: TimedLine[] = [];
  #sourceEnded = false;
  /** The last line below the queue. */
  #before: JournalLine | undefined;
  #state: ShipState;
  /** The server has everything below, by its own word. */
  #serverNext = 1;
  /** The first position that can be sent. */
  #floor = 1;
  #startMs = 0;
  #paceUntilMs = 0;

  constructor(parts: ReshippingParts) {
    this.#parts = parts;
    this.#state = initialShipState(1, 1, 1, parts.limits);
  }

  /** @throws HistoryError where the server's history of this journal is another one, or ends too early */
  async run(): Promise<void> {
    const { exchange, sendAs, source, plan, limits, world } = this.#parts;
    this.#serverNext = (await exchange.position(sendAs)).next;
    // To a server that knows nothing of it, a journal whose beginning was deleted is declared so.
    this.#floor = this.#serverNext === 1 ? 1 : plan.firstSeq;
    if (this.#floor > this.#serverNext) throw this.#beginsTooLate();
    this.#state = initialShipState(this.#floor, this.#serverNext, 1, limits);
    this.#startMs = world.clock.mono();
    try {
      await this.#begin();
      while (await this.#turn());
    } finally {
      await source.close();
    }
  }

  summary(): ReshipSummary {
    const { plan, sendAs, source, world } = this.#parts;
    const { events, accepted, duplicates, points, lost, bytes, requests } = this.#tally;
    return {
      journal: plan.journal ?? null,
      sentAs: sendAs,
      files: plan.files.length,
      paths: plan.files.map(({ path }) => path),
      events,
      accepted,
      duplicates,
      points,
      lost,
      corrupt: source.corrupt,
      leftOut: source.leftOut,
      next: this.#serverNext,
      bytes,
      requests,
      tookMs: Math.round(world.clock.mono() - this.#startMs),
    };
  }

  /** Sends a batch, or waits for its time; false where nothing is left. */
  async #turn(): Promise<boolean> {
    const { world, signal, exchange, sendAs, failures } = this.#parts;
    signal.throwIfAborted();
    await this.#fill();
    const nowMs = world.clock.mono();
    const batch = wireBatch({
      lines: this.#due(nowMs).map(({ line }) => line),
      from: this.#state.from,
      before: this.#before,
      limits: limitsOf(this.#state),
      refused: this.#state.refused,
    });
    if (batch === undefined && this.#queue.length === 0) return false;
    const waitMs = batch === undefined ? this.#untilDueMs(nowMs) : this.#paceUntilMs - nowMs;
    if (waitMs > 0) {
      await pause(world.clock, waitMs, signal);
      return true;
    }
    if (batch === undefined) return true;
    const failuresBefore = failures();
    const answer = this.#plausible(await exchange.post(sendAs, batch), batch);
    this.#keepPace(answer, batch, nowMs);
    const { state, step } = decide(this.#state, batch, answer, true);
    this.#state = state;
    await this.#follow(step, batch, answer, failures() === failuresBefore);
    return true;
  }

  /** A server that is further than the batch, and was known to be, has said nothing new. */
  #plausible(answer: Decided, batch: Batch): Decided {
    if (answer.kind !== "accepted" || answer.next <= batch.end) return answer;
    return answer.next <= this.#serverNext ? { ...answer, next: batch.end } : answer;
  }

  async #follow(step: Step, batch: Batch, answer: Decided, undisturbed: boolean): Promise<void> {
    const { sendAs } = this.#parts;
    switch (step.do) {
      case "advance":
        this.#advance(batch, answer, undisturbed);
        return;
      case "rebuild":
        return;
      case "reread":
        this.#serverNext = this.#state.confirmed;
        await this.#goBack();
        return;
      case "ask":
        await this.#ask(batch, answer);
        return;
      case "fork":
        throw new HistoryError(
          sendAs,
          `The server holds another history under the journal id ${sendAs}.`,
          "Give --as-journal new to send it as a journal of its own.",
        );
      case "stuck":
        throw new RequestError(
          `The server refuses even what stands for lost events (${step.slug}).`,
          {
            slug: step.slug,
            healing: "slow",
            hint: "Check that the URL is that of an ingest Worker of this version, and nothing between changes bodies.",
          },
        );
    }
  }

  #advance(batch: Batch, answer: Decided, undisturbed: boolean): void {
    const done = this.#queue.findIndex(({ line }) => line.end > batch.end);
    const confirmed = this.#queue.splice(0, done < 0 ? this.#queue.length : done);
    const known = confirmed.filter(({ line }) => line.end <= this.#serverNext).length;
    const counts = answer.kind === "accepted" && undisturbed ? answer.counts : undefined;
    this.#tally.add(batch, Math.min(known, batch.events), counts);
    this.#before = lineOf(confirmed.at(-1)?.line);
    this.#serverNext = Math.max(this.#serverNext, batch.end);
    this.#parts.onProgress(this.#tally.events);
  }

  /** What an answer does not explain is asked for. */
  async #ask(batch: Batch, answer: Decided): Promise<void> {
    const { exchange, sendAs } = this.#parts;
    const { next } = await exchange.position(sendAs);
    this.#serverNext = next;
    if (answer.kind === "accepted" && next >= batch.end) {
      // Somebody else sends the same journal, and is further.
      this.#state = resumeAt(this.#state, batch.end);
      this.#advance(batch, answer, false);
      return;
    }
    this.#state = resumeAt(this.#state, Math.max(next, this.#floor));
    await this.#goBack();
  }

  async #goBack(): Promise<void> {
    const { world, signal } = this.#parts;
    if (this.#serverNext < this.#floor) throw this.#beginsTooLate();
    const { setbacks } = this.#state;
    if (setbacks >= 2) {
      // Answers that bring nothing new are spaced out: a server that contradicts itself must not be asked in a circle.
      const delayMs = retryDelayMs({ healing: "soon" }, setbacks - 1, world.random());
      await pause(world.clock, delayMs, signal);
    }
    const first = this.#queue[0]?.line.seq ?? Infinity;
    if (this.#state.from < first) await this.#begin();
  }

  async #begin(): Promise<void> {
    this.#queue = [];
    this.#sourceEnded = false;
    this.#before = undefined;
    await this.#parts.source.begin(this.#floor);
  }

  async #fill(): Promise<void> {
    const { maxEvents } = limitsOf(this.#state);
    while (!this.#sourceEnded) {
      const ready = this.#queue.findIndex(({ line }) => line.end > this.#state.from);
      if (ready >= 0 && this.#queue.length - ready > maxEvents) return;
      // Of what has been confirmed before, the last line is all that is needed.
      if (ready < 0) this.#before = lineOf(this.#queue.splice(0).at(-1)?.line) ?? this.#before;
      const more = await this.#parts.source.next();
      if (more === undefined) this.#sourceEnded = true;
      else this.#queue.push(...more);
    }
    const isLeft = this.#queue.some(({ line }) => line.end > this.#state.from);
    if (!isLeft) this.#queue = [];
  }

  #due(nowMs: number): readonly TimedLine[] {
    const { speed } = this.#parts;
    if (speed === Infinity) return this.#queue;
    const passedMs = (nowMs - this.#startMs) * speed;
    const next = this.#queue.findIndex(({ afterMs }) => afterMs > passedMs);
    return next < 0 ? this.#queue : this.#queue.slice(0, next);
  }

  #untilDueMs(nowMs: number): number {
    const { speed } = this.#parts;
    const next = this.#queue.find(({ line }) => line.end > this.#state.from);
    const inMs = this.#startMs + (next?.afterMs ?? 0) / speed - nowMs;
    return Math.max(gatherMs, inMs);
  }

  #keepPace(answer: Decided, batch: Batch, nowMs: number): void {
    if (answer.kind !== "accepted" || answer.pace === undefined) return;
    const fromMs = Math.max(this.#paceUntilMs, nowMs);
    this.#paceUntilMs = fromMs + (batch.events / answer.pace) * 1000;
  }

  #beginsTooLate(): HistoryError {
    const { plan, sendAs } = this.#parts;
    return new HistoryError(
      sendAs,
      `The server has the journal ${sendAs} up to position ${this.#serverNext - 1}, and these files begin with ${plan.firstSeq}.`,
      "Give the files before them too, or --as-journal new to send them as a journal of its own.",
    );
  }
}
