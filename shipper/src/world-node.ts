import { watch as chokidarWatch } from "chokidar";
import { nodeFs } from "./disk/node-fs.ts";
import { nodeEngine } from "./engine.ts";
import { nodeGzip } from "./net/node-gzip.ts";
import { nodeRequest } from "./net/node-request.ts";
import type { Log, Watch, World } from "./world.ts";

/** The real clock, disk, network and chance. */
export function nodeWorld(log: Log): World & { close(): void } {
  const network = nodeRequest();
  return {
    clock: {
      now: () => Date.now(),
      mono: () => performance.now(),
      after(ms, callback) {
        const timer = setTimeout(callback, ms);
        return () => clearTimeout(timer);
      },
    },
    fs: nodeFs,
    request: network.request,
    watch: watchByChokidar(log),
    gzip: lazily(nodeGzip),
    random: () => Math.random(),
    log,
    engine: nodeEngine(() => performance.now()),
    close: () => network.close(),
  };
}

/** Most of what is not needed at the start is never needed. */
function lazily<Args extends unknown[], Result>(
  make: () => (...args: Args) => Result,
): (...args: Args) => Result {
  let made: ((...args: Args) => Result) | undefined;
  return (...args) => (made ??= make())(...args);
}

function watchByChokidar(log: Log): Watch {
  return (dir, onChange) => {
    const watcher = chokidarWatch(dir, {
      depth: 0,
      ignoreInitial: true,
      ignored: (path, stats) => stats?.isFile() === true && !path.endsWith(".ndjson"),
    });
    watcher.on("all", onChange);
    // Polling goes on behind it: a watcher that fails (too many watches, say) makes the shipper slower, not deaf.
    watcher.on("error", (error: unknown) => {
      log.warn(
        "Watching the journal's directory failed; it is looked at every few seconds instead.",
        {
          error: error instanceof Error ? error.message : String(error),
        },
      );
    });
    return { close: () => watcher.close() };
  };
}
