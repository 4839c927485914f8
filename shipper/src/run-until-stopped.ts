import { nodeFs } from "./disk/node-fs.ts";
import { nodeEngine } from "./engine.ts";
import { MetricsPortError } from "./errors.ts";
import { maxEventsForParsing } from "./limits.ts";
import type { LiveShipper, ShipListener } from "./listener.ts";
import { createLog } from "./log.ts";
import type { Metrics } from "./metrics.ts";
import { OnceProgress } from "./once-progress.ts";
import { ProgressBar } from "./progress.ts";
import type { RunOptions } from "./settings.ts";
import { ship } from "./ship.ts";
import { measureBacklog } from "./status/backlog-on-disk.ts";
import { positionOf } from "./status/findings.ts";
import type { Log } from "./world.ts";
import { nodeWorld } from "./world-node.ts";

/** Ships with the real world: the first signal ends in order, a second one at once. */
export async function runUntilStopped(options: RunOptions): Promise<void> {
  // Whoever reads the log may go away; shipping does not depend on being read.
  process.stderr.on("error", () => undefined);
  const bar = new ProgressBar(process.stderr, () => performance.now());
  const log = createLog(bar, () => Date.now());
  const world = nodeWorld(
    log,
    nodeEngine(() => performance.now(), options.maxEvents <= maxEventsForParsing),
  );
  const stop = new AbortController();
  const onSignal = (signal: NodeJS.Signals): void => {
    if (stop.signal.aborted) process.exit(signal === "SIGINT" ? 130 : 143);
    log.info("Told to stop: shipping what is left.", { signal });
    stop.abort();
  };
  process.on("SIGTERM", onSignal);
  process.on("SIGINT", onSignal);
  const metrics = await metricsOf(options);
  if (metrics !== undefined) log.info("Figures can be read.", { url: metrics.url });
  const request = metrics?.counting(world.request) ?? world.request;
  const progress =
    options.once && bar.isTTY ? new OnceProgress(nodeFs, options.dir, bar) : undefined;
  let shipper: LiveShipper | undefined;
  const remember: ShipListener = { started: (live) => (shipper = live) };
  try {
    const listener = together([remember, metrics?.listener ?? {}, progress ?? {}]);
    await ship({ ...world, request }, options, stop.signal, listener);
    bar.end();
    if (shipper !== undefined) await sayEnd(log, shipper, stop.signal.aborted);
  } finally {
    bar.end();
    metrics?.close();
    world.close();
    process.off("SIGTERM", onSignal);
    process.off("SIGINT", onSignal);
  }
}

type Listening = Extract<Metrics, { kind: "listening" }>;

async function metricsOf({ metricsPort, state }: RunOptions): Promise<Listening | undefined> {
  if (metricsPort === undefined) return undefined;
  const { startMetrics } = await import("./metrics.ts");
  const world = { fs: nodeFs, now: () => Date.now(), isAlive: async () => true };
  const metrics = await startMetrics(world, { port: metricsPort, state });
  if (metrics.kind === "failed") throw new MetricsPortError(metricsPort, metrics.code);
  return metrics;
}

/** Says how far it came, and whether something is left for the next start. */
async function sayEnd(log: Log, shipper: LiveShipper, stopped: boolean): Promise<void> {
  const status = shipper.status();
  const position = positionOf(shipper.checkpoint(), status);
  if (position === undefined) return;
  const { events, lost } = status.shipped;
  // An end without a signal is the end of the journal.
  const left = stopped ? await eventsLeft(status.dir, position) : 0;
  const fields = { position, events, lost, left };
  if (left === 0) log.info("Ended: everything is shipped.", fields);
  else log.warn("Ended before everything was shipped; the next start goes on here.", fields);
}

async function eventsLeft(dir: string, position: number): Promise<number | undefined> {
  try {
    return (await measureBacklog(nodeFs, dir, position))?.events ?? 0;
  } catch {
    // Why the disk cannot be read has been said; that it cannot must not look like an end that failed.
    return undefined;
  }
}

function together(listeners: readonly ShipListener[]): ShipListener {
  return {
    started: (shipper) => listeners.forEach((each) => each.started?.(shipper)),
    positioned: (next) => listeners.forEach((each) => each.positioned?.(next)),
    advanced: (batch) => listeners.forEach((each) => each.advanced?.(batch)),
    failed: (error) => listeners.forEach((each) => each.failed?.(error)),
  };
}
