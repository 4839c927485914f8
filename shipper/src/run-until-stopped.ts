import { createLog } from "./log.ts";
import { ship, type ShipOptions } from "./ship.ts";
import { nodeWorld } from "./world-node.ts";

/** Ships with the real world: the first signal ends in order, a second one at once. */
export async function runUntilStopped(options: ShipOptions): Promise<void> {
  const log = createLog(process.stderr, () => Date.now());
  const world = nodeWorld(log);
  const stop = new AbortController();
  const onSignal = (signal: NodeJS.Signals): void => {
    if (stop.signal.aborted) process.exit(signal === "SIGINT" ? 130 : 143);
    log.info("Told to stop: shipping what is left.", { signal });
    stop.abort();
  };
  process.on("SIGTERM", onSignal);
  process.on("SIGINT", onSignal);
  try {
    await ship(world, options, stop.signal);
  } finally {
    world.close();
    process.off("SIGTERM", onSignal);
    process.off("SIGINT", onSignal);
  }
}
