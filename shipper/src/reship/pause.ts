import type { Clock } from "../world.ts";

/** Resolves after `ms`; rejects with the signal's reason as soon as that is aborted. */
export function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      cancel();
      reject(signal.reason);
    };
    // A longer timer would fire at once (Node holds its delay in 31 bits).
    const cancel = clock.after(Math.min(ms, 2 ** 31 - 1), () => {
      signal.removeEventListener("abort", end);
      resolve();
    });
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true });
  });
}
