import { watch as chokidarWatch } from "chokidar";
import { nodeFs } from "./disk/node-fs.ts";
import { nodeEngine } from "./engine.ts";
import { nodeRequest } from "./net/node-request.ts";
import type { Log, Watch, World } from "./world.ts";

const zlib = process.getBuiltinModule("node:zlib");

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
    gzip: (bytes) =>
      new Promise((resolve, reject) => {
        zlib.gzip(bytes, (error, zipped) => (error === null ? resolve(zipped) : reject(error)));
      }),
    random: () => Math.random(),
    log,
    engine: nodeEngine(() => performance.now()),
    close: () => network.close(),
  };
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
