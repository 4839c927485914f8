import { watch } from "chokidar";
import type { Log, Watch } from "./world.ts";

/** Watches the segments of a directory, which need not be there yet. */
export function watchByChokidar(log: Log, dir: string, onChange: () => void): ReturnType<Watch> {
  const watcher = watch(dir, {
    depth: 0,
    ignoreInitial: true,
    ignored: (path, stats) => stats?.isFile() === true && !path.endsWith(".ndjson"),
  });
  watcher.on("all", onChange);
  // Polling goes on behind it: a watcher that fails (too many watches, say) makes the shipper slower, not deaf.
  watcher.on("error", (error: unknown) => {
    log.warn(
      "Watching the journal's directory failed; it is looked at every few seconds instead.",
      { error: error instanceof Error ? error.message : String(error) },
    );
  });
  return { close: () => watcher.close() };
}
