import { open, readdir, stat } from "node:fs/promises";
import type { FSWatcher } from "chokidar";
import { openFlags } from "../open-flags.ts";

/** An open segment. */
export interface ReaderFile {
  /** Reads up to `length` bytes from `position` on; 0 bytes at the end of what is there now. */
  read(
    buffer: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ readonly bytesRead: number }>;
  close(): Promise<void>;
  /** Which file it is. Without this and its like below, a journal in another one's place is not noticed. */
  stat?(): Promise<{ readonly ino: number }>;
}

/** What a reader asks of a file system: a part of `node:fs/promises`. */
export interface ReaderFs {
  readdir(path: string): Promise<string[]>;
  open(path: string, flags: "r"): Promise<ReaderFile>;
  stat?(path: string): Promise<{ readonly ino: number }>;
}

/** Tells a following reader when to look again. Changes between two calls of `next` are not missed. */
export interface ChangeWatch {
  /** Resolves at the next change, or without one after a while, or when `signal` aborts. Never rejects. */
  next(signal: AbortSignal): Promise<void>;
  close(): void;
}

/** What a reader needs of the world around it. */
export interface ReaderWorld {
  readonly fs: ReaderFs;
  watch(dir: string): ChangeWatch;
}

/**
 * How long a following reader waits without a hint, ms. File watching misses a directory that is not
 * there yet, network file systems, and exhausted inotify limits.
 */
const pollMs = 500;

/** The real file system. */
export const nodeReaderWorld: ReaderWorld = {
  fs: {
    readdir: (path) => readdir(path),
    open: (path, flags) => open(path, openFlags[flags]),
    stat: (path) => stat(path),
  },
  watch: watchDirectory,
};

function watchDirectory(dir: string): ChangeWatch {
  let watcher: FSWatcher | undefined;
  let closed = false;
  let changed = false;
  let wake = (): void => undefined;
  const notice = (): void => {
    changed = true;
    wake();
  };
  const close = (): void => {
    closed = true;
    void watcher?.close();
  };
  // Loaded where someone follows, and only there: pidnap itself imports this package and follows nothing.
  const begin = async (): Promise<void> => {
    const { watch } = await import("chokidar");
    if (closed) return;
    watcher = watch(dir, { depth: 0, ignoreInitial: true }).on("all", notice);
    // A watcher that breaks only costs its hints: the poll goes on.
    watcher.on("error", close);
  };
  void begin();

  return {
    next: (signal) =>
      new Promise((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          signal.removeEventListener("abort", done);
          wake = () => undefined;
          changed = false;
          resolve();
        };
        const timer = setTimeout(done, pollMs);
        signal.addEventListener("abort", done, { once: true });
        wake = done;
        if (changed || signal.aborted) done();
      }),
    close,
  };
}
