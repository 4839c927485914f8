import type { Clock } from "./world.ts";

/** Wakes the one loop that waits for it. A ring that nobody waits for is kept for the next wait. */
export class Bell {
  readonly #clock: Clock;
  #rung = false;
  #wake: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  /** Resolves at the next ring, or after `ms`; true where it rang. */
  async wait(ms: number): Promise<boolean> {
    if (!this.#rung && ms > 0) {
      await new Promise<void>((resolve) => {
        // A longer timer would fire at once (Node holds its delay in 31 bits).
        const cancel = this.#clock.after(Math.min(ms, 2 ** 31 - 1), resolve);
        this.#wake = () => {
          cancel();
          resolve();
        };
      });
      this.#wake = undefined;
    }
    const rang = this.#rung;
    this.#rung = false;
    return rang;
  }
}
