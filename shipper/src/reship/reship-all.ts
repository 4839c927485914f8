import { shiftToNowMs, type Shift } from "../core/shift.ts";
import type { RequestError } from "../errors.ts";
import { warnEveryMs } from "../limits.ts";
import { Exchange, type RetryControl } from "../net/exchange.ts";
import { isHopeless } from "../net/hopeless.ts";
import { TokenFile } from "../net/token.ts";
import type { World } from "../world.ts";
import { pause } from "./pause.ts";
import { refuseMixture, targetOf, type JournalPlan } from "./plan.ts";
import { Reshipping } from "./reshipping.ts";
import type { ReshipSummary } from "./tally.ts";
import { WireSource } from "./wire-source.ts";

export interface ReshipOptions {
  /** Segments, recordings, and directories of either. */
  readonly paths: readonly string[];
  readonly url: URL;
  readonly tokenFile: string;
  readonly maxEvents: number;
  /** Of a batch, before compression. */
  readonly maxBytes: number;
  readonly compress: "gzip" | "none";
  /** How long a request may take, ms. */
  readonly deadlineMs: number;
  /** Times the recorded pace; Infinity for as fast as possible. */
  readonly speed: number;
  /** An id, or `new` for a fresh one a journal. */
  readonly asJournal?: string;
  /** Move all wall clock times so that the last event is now. */
  readonly shiftToNow: boolean;
}

export interface ReshipWatch {
  readonly signal: AbortSignal;
  /** Told of lines that the server has confirmed, of all journals together. */
  readonly onProgress: (lines: number) => void;
  /** Told of each journal when its end has come, in order or not. */
  readonly onSummary: (summary: ReshipSummary) => void;
}

/** Sends journals one after the other. Reads no state and leaves none. */
export async function reshipAll(
  world: World & { readonly newId: () => string },
  options: ReshipOptions,
  plans: readonly JournalPlan[],
  watch: ReshipWatch,
): Promise<void> {
  const { tokenFile, asJournal, speed } = options;
  refuseMixture(plans, asJournal);
  const targets = plans.map((plan) => targetOf(plan, asJournal, world.newId()));
  const token = new TokenFile(world.fs, tokenFile);
  await token.refresh();
  const retry = new Retry(world, token, watch.signal);
  const exchange = new Exchange(world, options, token, retry);
  let doneBefore = 0;
  for (const [index, plan] of plans.entries()) {
    const sendAs = targets[index] ?? world.newId();
    const shift: Shift | undefined = options.shiftToNow
      ? { ms: shiftToNowMs(plan, speed, world.clock.now()), journal: sendAs }
      : undefined;
    const { maxEvents, maxBytes } = options;
    const reshipping = new Reshipping({
      world,
      exchange,
      source: new WireSource(world.fs, plan, shift),
      plan,
      sendAs,
      limits: { maxEvents, maxBytes },
      speed,
      signal: watch.signal,
      failures: () => retry.failures,
      onProgress: (lines) => watch.onProgress(doneBefore + Math.min(lines, plan.lines)),
    });
    try {
      await reshipping.run();
    } finally {
      watch.onSummary(reshipping.summary());
    }
    doneBefore += plan.lines;
  }
}

/** Waits out what passes, says so, and gives up where nothing can heal: somebody is waiting for the command. */
class Retry implements RetryControl {
  readonly signal: AbortSignal;
  readonly #world: World;
  readonly #token: TokenFile;
  readonly #saidAtMs = new Map<string, number>();
  failures = 0;

  constructor(world: World, token: TokenFile, signal: AbortSignal) {
    this.#world = world;
    this.#token = token;
    this.signal = signal;
  }

  wait(_error: RequestError, delayMs: number): Promise<void> {
    return pause(this.#world.clock, delayMs, this.signal);
  }

  async onFailure(error: RequestError, attempt: number, delayMs: number): Promise<void> {
    this.failures += 1;
    if (isHopeless(error) && !(error.status === 401 && (await this.#token.refresh()))) throw error;
    const { slug, hint } = error;
    const nowMs = this.#world.clock.mono();
    if (nowMs - (this.#saidAtMs.get(slug) ?? -Infinity) < warnEveryMs) return;
    this.#saidAtMs.set(slug, nowMs);
    this.#world.log.warn(error.message, { slug, attempt, retryInMs: delayMs, hint });
  }
}
