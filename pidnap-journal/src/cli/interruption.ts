/**
 * A signal for a command that waits: Ctrl-C then is its ordinary end, so that what it has begun (a JSON
 * array, a cursor file) is finished.
 *
 * @param listens false gives a signal that never comes, and leaves Ctrl-C its usual meaning
 */
export function interruption(listens: boolean): {
  readonly signal: AbortSignal;
  readonly dispose: () => void;
} {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  const signals = ["SIGINT", "SIGTERM"] as const;
  if (listens) for (const name of signals) process.once(name, abort);
  return {
    signal: controller.signal,
    dispose: () => {
      for (const name of signals) process.off(name, abort);
    },
  };
}
