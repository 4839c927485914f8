import { watch, type FSWatcher } from "node:fs";
import { open, readdir } from "node:fs/promises";

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
}

/** What a reader asks of a file system: a part of `node:fs/promises`. */
export interface ReaderFs {
  readdir(path: string): Promise<string[]>;
  open(path: string, flags: "r"): Promise<ReaderFile>;
}

/** Tells a following reader when to look again. Changes between two calls of `next` are not missed. */
export interface ChangeWatch {
  /** Resolves at the next change, or without one after a while, or when `signal` aborts. Never rejects. */
  next(signal: AbortSignal): Promise<void>;
  /** Says that the directory was not there, so that another one under its name is watched. */
  reset(): void;
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
  fs: { readdir: (path) => readdir(path), open: (path, flags) => open(path, flags) },
  watch: watchDirectory,
};

function watchDirectory(dir: string): ChangeWatch {
  let watcher: FSWatcher | undefined;
  let changed = false;
  let wake = (): void => undefined;
  const notice = (): void => {
    changed = true;
    wake();
  };
  const close = (): void => {
    watcher?.close();
    watcher = undefined;
  };
  const begin = (): void => {
    try {
      watcher = watch(dir, { persistent: false }, notice);
      // A watcher that breaks only costs its hints: the poll goes on.
      watcher.on("error", close);
    } catch {
      // Not there yet, or no watches left: the poll finds what changes.
      watcher = undefined;
    }
  };
  begin();

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
        if (watcher === undefined) begin();
        if (changed || signal.aborted) done();
      }),
    reset: close,
    close,
  };
}
