/** Hears of the end of this process without changing how it ends. */

/** The signals that pidnap answers by stopping. */
const signals = ["SIGINT", "SIGTERM"] as const;
type Listener = (signal: string, isLast: boolean) => void;

const listeners = new Set<Listener>();

/**
 * Listens in front of all others. Node ends a process at a signal only where nobody listens, so where
 * there is no other listener (pidnap's are gone once it stops: a second signal is to end it at once), the
 * signal is sent again after ours is taken away.
 *
 * @returns what takes the listener back
 */
export function onTermination(listener: Listener): () => void {
  if (listeners.size === 0) for (const signal of signals) process.prependListener(signal, hear);
  listeners.add(listener);
  return () => {
    if (!listeners.delete(listener) || listeners.size > 0) return;
    for (const signal of signals) process.off(signal, hear);
  };
}

function hear(signal: NodeJS.Signals): void {
  const isLast = process.listenerCount(signal) <= 1;
  for (const listener of listeners) listener(signal, isLast);
  if (!isLast) return;
  process.off(signal, hear);
  process.kill(process.pid, signal);
}

/** @returns what takes the listener back */
export function onExit(listener: (code: number) => void): () => void {
  // In front: whoever closes the journal at the exit would otherwise do it before the last event.
  process.prependListener("exit", listener);
  return () => void process.off("exit", listener);
}
