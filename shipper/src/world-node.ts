import { nodeFs } from "./disk/node-fs.ts";
import type { Engine } from "./engine.ts";
import { nodeGzip } from "./net/node-gzip.ts";
import { nodeRequest } from "./net/node-request.ts";
import type { Log, Watch, World } from "./world.ts";

/** The real clock, disk, network and chance. @param engine where this process is all the shipper's */
export function nodeWorld(log: Log, engine?: Engine): World & { close(): void } {
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
    watch: (dir, onChange) => watchLater(log, dir, onChange),
    gzip: lazily(nodeGzip),
    random: () => Math.random(),
    log,
    ...(engine !== undefined && { engine }),
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

/** Nothing waits for the watcher, and what ships once needs none: its library is loaded by who watches. */
function watchLater(log: Log, dir: string, onChange: () => void): ReturnType<Watch> {
  const watching = import("./watch.ts").then(({ watchByChokidar }) =>
    watchByChokidar(log, dir, onChange),
  );
  return { close: async () => (await watching).close() };
}
