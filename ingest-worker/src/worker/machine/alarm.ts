import type { AlarmClock } from "./world.ts";

/**
 * Keeps the object's one alarm at the earliest moment anything is due. Setting it costs as much as
 * writing a row, so it is left alone where it already rings early enough: it may ring for nothing,
 * and is then set to what is really due.
 */
export class EarliestAlarm {
  readonly #clock: AlarmClock;
  /** undefined until the clock was asked. */
  #at: number | null | undefined;

  constructor(clock: AlarmClock) {
    this.#clock = clock;
  }

  /** To be awaited once before `by`, which must not wait between two writes. */
  async load(): Promise<void> {
    this.#at ??= await this.#clock.get();
  }

  /** Sees to it that it rings at `at` or before. */
  by(at: number): Promise<void> {
    if (this.#at !== null && this.#at !== undefined && this.#at <= at) return Promise.resolve();
    this.#at = at;
    return this.#clock.set(at);
  }

  /** It is ringing: nothing is set any more. */
  rang(): void {
    this.#at = null;
  }
}
