import { Bell } from "./bell.ts";
import type { World } from "./world.ts";

/** Longest wait between attempts while draining, ms: there are only seconds left. */
const drainRetryMs = 500;

/**
 * The two ways to end: in order, shipping on until the journal has been quiet or `drainMs` are
 * over, and at once. Everything that waits, waits here.
 */
export class Control {
  /** Rings when the journal may have something new, and when the end begins. */
  readonly tail: Bell;
  readonly #retry: Bell;
  readonly #world: World;
  readonly #hard = new AbortController();
  #stoppingSinceMs: number | undefined;
  #cancelHard: () => void = () => undefined;

  constructor(world: World, stop: AbortSignal | undefined, drainMs: number) {
    this.#world = world;
    this.tail = new Bell(world.clock);
    this.#retry = new Bell(world.clock);
    const begin = (): void => this.#beginStop(drainMs);
    if (stop?.aborted === true) begin();
    else stop?.addEventListener("abort", begin, { once: true });
  }

  /** Aborted when everything has to end at once. */
  get signal(): AbortSignal {
    return this.#hard.signal;
  }

  /** When the end in order began, monotonic ms. */
  get stoppingSinceMs(): number | undefined {
    return this.#stoppingSinceMs;
  }

  get stopping(): boolean {
    return this.#stoppingSinceMs !== undefined;
  }

  /** A wait between attempts. What may have been cured ends it early. */
  async backOff(delayMs: number): Promise<void> {
    if (this.#hard.signal.aborted) return;
    await this.#retry.wait(this.stopping ? Math.min(delayMs, drainRetryMs) : delayMs);
  }

  /** Ends a wait between attempts. */
  retryNow(): void {
    this.#retry.ring();
  }

  /** Lets go of the timer that would end everything: it has ended by itself. */
  end(): void {
    this.#cancelHard();
  }

  #beginStop(drainMs: number): void {
    this.#stoppingSinceMs = this.#world.clock.mono();
    this.#cancelHard = this.#world.clock.after(drainMs, () => {
      this.#hard.abort(new Error("the time to drain is over"));
      this.tail.ring();
      this.#retry.ring();
    });
    this.tail.ring();
    this.#retry.ring();
  }
}
