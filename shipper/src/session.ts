import type { Batch } from "./core/batch.ts";
import { dueAtMs, fullBudget, spend, type UrgentBudget } from "./core/due.ts";
import { beginAt } from "./core/fork.ts";
import { retryDelayMs } from "./core/retry.ts";
import {
  decide,
  forgetRefusals,
  initialShipState,
  resumeAt,
  type ShipState,
  type Step,
} from "./core/ship-state.ts";
import type { Control } from "./control.ts";
import { RequestError } from "./errors.ts";
import {
  eagerPollMs,
  hurryAboveBytes,
  longestPaceMs,
  missesUntilEager,
  pollMs,
  quietMs,
} from "./limits.ts";
import type { Lineage } from "./lineage.ts";
import type { Exchange, Position } from "./net/exchange.ts";
import type { Observer } from "./observer.ts";
import type { ShipOptions } from "./ship.ts";
import { Supply } from "./supply.ts";
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
  /** Segments that begin below this position are another journal's. */
  readonly since: number;
}

/** Ships one journal under one id, from the server's position on: the one loop. */
export class Session {
  readonly #parts: SessionParts;
  readonly #supply: Supply;
  #state: ShipState;
  #budget: UrgentBudget;
  /** There is a backlog to catch up with: nothing of it waits for company. */
  #hurrying = true;
  #paceUntilMs = 0;
  /** The server called the last batch another history. */
  #forkSaid = false;
  /** Sent without a pause. */
  #sentBytes = 0;
  /** How often in a row the poll found what the watcher had not announced. */
  #missed = 0;
  /** What ended the last wait, and when. */
  #woken: { readonly rang: boolean; readonly atMs: number } | undefined;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    const { world, options, lineage, observer, since } = parts;
    this.#state = initialShipState(1, 1, 1, options);
    this.#budget = fullBudget(world.clock.mono());
    this.#supply = new Supply({
      world,
      dir: options.dir,
      journal: lineage.journal,
      since,
      once: options.once,
      state: () => this.#state,
      onCorrupt: (place) => observer.corrupt(place),
    });
  }

  /** Where a segment of another journal begins that was met behind this one's. */
  get foreignFrom(): number | undefined {
    return this.#supply.foreignFrom;
  }

  async run(): Promise<SessionEnd> {
    try {
      if ((await this.#begin()) === "forked") return "forked";
      let end: SessionEnd | undefined;
      while (end === undefined) end = await this.#turn();
      return end;
    } finally {
      await this.#supply.close();
    }
  }

  /** Sends a batch, or finds out what to wait for. */
  async #turn(): Promise<SessionEnd | undefined> {
    const batch = await this.#supply.next();
    this.#learn();
    const nowMs = this.#parts.world.clock.mono();
    const dueMs = batch === undefined ? Infinity : this.#dueMs(batch);
    if (batch !== undefined && dueMs <= nowMs) return this.#send(batch, nowMs);
    const end = batch === undefined ? this.#endWithoutWork(nowMs) : undefined;
    if (end === undefined) await this.#idle(dueMs - nowMs);
    return end;
  }

  async #begin(): Promise<"forked" | undefined> {
    const { lineage, options, observer } = this.#parts;
    const { foreignBefore, checkpointNext } = lineage;
    // Most likely the server is where the checkpoint says: the disk is read while it is asked.
    const guess = checkpointNext ?? 1;
    this.#state = initialShipState(guess, guess, foreignBefore, options);
    await this.#supply.seek();
    void this.#supply.readAhead();
    const position = await this.#locate();
    if (position === undefined) return "forked";
    const begin = beginAt(position.next, checkpointNext, options.maxEvents);
    const from = position.next <= foreignBefore ? position.next : Math.max(begin, foreignBefore);
    this.#state = initialShipState(from, position.next, foreignBefore, options);
    observer.positioned(position.next);
    if (from !== guess) await this.#supply.seek();
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

  #dueMs(batch: Batch): number {
    const { control, options } = this.#parts;
    const sinceMs = this.#supply.sinceMs ?? 0;
    const hurried = this.#hurrying || options.once || control.stopping;
    const ending = this.#supply.isGone || this.#supply.fault !== undefined;
    // The last of a machine that is being destroyed leaves now or never.
    if (control.stopping && !batch.full) return 0;
    if (hurried || batch.full || ending) return this.#paceUntilMs;
    const urgentSinceMs = batch.lost.length > 0 ? sinceMs : this.#supply.urgentSinceMs;
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
    const lingered = nowMs - (this.#supply.sinceMs ?? nowMs) >= options.lingerMs;
    if (!this.#hurrying && !batch.full && !lingered) this.#budget = spend(this.#budget, nowMs);
    const thorough = this.#supply.isThorough;
    this.#sentBytes += batch.bytes;
    if (this.#sentBytes > hurryAboveBytes) world.engine?.hurry();
    const answering = exchange.post(lineage.shipAs, batch);
    // The disk is read while the server works, and the next batch does not wait for more than itself.
    void this.#supply.readAhead();
    const answer = await answering;
    const answeredMs = world.clock.mono();
    if (answer.kind === "accepted" && answer.pace !== undefined) {
      const paceMs = Math.min(longestPaceMs, (batch.events / answer.pace) * 1000);
      this.#paceUntilMs = Math.max(this.#paceUntilMs, nowMs) + paceMs;
    }
    const { state, step } = decide(this.#state, batch, answer, thorough);
    this.#state = state;
    observer.answered(answeredMs - nowMs);
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
        return this.#doubt();
      case "stuck":
        await this.#waitUnstuck(step.slug);
        return undefined;
    }
  }

  /** A fork is not undone, and one answer may lie: where the server is decides, or that it says so again. */
  async #doubt(): Promise<SessionEnd | undefined> {
    const { lineage, observer } = this.#parts;
    if (!this.#forkSaid) {
      this.#forkSaid = true;
      observer.asking("another history under this journal's id");
      return this.#ask();
    }
    await lineage.fork();
    return "forked";
  }

  async #advance(batch: Batch): Promise<void> {
    const { lineage, observer } = this.#parts;
    this.#supply.advance(batch);
    this.#forkSaid = false;
    if (this.#supply.isExhausted) this.#hurrying = false;
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
    this.#hurrying = true;
    await this.#supply.seek();
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
    if (this.#supply.fault !== undefined) throw this.#supply.fault;
    if (this.#supply.isGone) return "gone";
    this.#hurrying = false;
    if (options.once) return "drained";
    const sinceMs = control.stoppingSinceMs;
    if (sinceMs === undefined) return undefined;
    return nowMs - Math.max(sinceMs, this.#supply.lastNewsMs) >= quietMs ? "stopped" : undefined;
  }

  async #idle(dueInMs: number): Promise<void> {
    const { control, lineage, observer, world } = this.#parts;
    control.signal.throwIfAborted();
    this.#sentBytes = 0;
    this.#supply.rest();
    world.engine?.rest();
    await lineage.save();
    observer.idle();
    const usualMs = this.#missed >= missesUntilEager ? eagerPollMs : pollMs;
    const longestMs = control.stopping ? quietMs / 4 : usualMs;
    const rang = await control.tail.wait(Math.min(dueInMs, longestMs));
    control.signal.throwIfAborted();
    this.#woken = { rang, atMs: world.clock.mono() };
  }

  /** Learns from what a wait brought whether the watcher can be relied on. */
  #learn(): void {
    if (this.#woken === undefined) return;
    const { rang, atMs } = this.#woken;
    this.#woken = undefined;
    if (this.#supply.lastNewsMs >= atMs) this.#missed = rang ? 0 : this.#missed + 1;
  }
}
