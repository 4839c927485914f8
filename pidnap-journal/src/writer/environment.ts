/**
 * Everything the writer takes from the world. The real one is `nodeEnvironment`; a simulation gives
 * a disk in memory, a clock of its own and as many writers as it likes.
 */
export interface WriterEnvironment {
  readonly fs: WriterFs;
  /** Wall clock, ms since the epoch. May jump. */
  now(): number;
  /** Monotonic clock of the host, ms: shared by all its processes, so that a mark's making compares with it. */
  monotonicNow(): number;
  randomUuid(): string;
  /** Calls `work` every `intervalMs` without keeping the process alive. Returns what ends that. */
  every(intervalMs: number, work: () => void): () => void;
  delay(delayMs: number): Promise<void>;
  /** Who this process is, for the lock. */
  readonly self: ProcessIdentity;
  /** Whether the process that an earlier lock names still runs. */
  holderIsAlive(holder: ProcessIdentity): Liveness;
  /** fsync off the caller's path; `done` gets the error, where there was one. */
  fsyncInBackground(fd: number, done: (error: Error | null) => void): void;
}

/** "unknown" where the holder lives, or lived, in a pid namespace that cannot be looked into. */
export type Liveness = "alive" | "dead" | "unknown";

/**
 * A process beyond doubt: its pid alone is used again by others, and in a container every pidnap
 * may have the same one. No fact holds a `_` or a `/`, since they make a lock's name.
 */
export interface ProcessIdentity {
  readonly pid: number;
  /** Start time as the kernel counts it, clock ticks since the host's boot; null where it cannot be known. */
  readonly startTime: string | null;
  /** Id of the host's boot; null where it cannot be known. */
  readonly hostBoot: string | null;
  /** Number of the pid namespace that `pid` belongs to; null where it cannot be known. */
  readonly pidNamespace: string | null;
}

/** The part of `node:fs` that the writer uses; memfs has it too. */
export interface WriterFs {
  openSync(path: string, flags: string, mode?: number): number;
  closeSync(fd: number): void;
  readSync(
    fd: number,
    buffer: Uint8Array,
    offset: number,
    length: number,
    position: number | null,
  ): number;
  writeSync(fd: number, buffer: Uint8Array, offset: number, length: number): number;
  fsyncSync(fd: number): void;
  fstatSync(fd: number): FileFacts;
  statSync(path: string): FileFacts;
  readdirSync(path: string): string[];
  mkdirSync(path: string, options: { readonly recursive: boolean; readonly mode: number }): unknown;
  unlinkSync(path: string): void;
  renameSync(from: string, to: string): void;
}

/** What the writer asks of a file. */
export interface FileFacts {
  readonly size: number;
  readonly ino: number;
  readonly mtimeMs: number;
}
