import { dirname, join } from "node:path";
import { JournalLockedError, JournalVersionError } from "../errors.ts";
import { marksFolder, marksMode } from "../marks/mark.ts";
import type { WriterEnvironment } from "./environment.ts";
import { errorCode } from "./file-errors.ts";
import type { JournalProblem } from "./journal-types.ts";
import { tryLock, type HeldLock } from "./lock.ts";
import type { WriterOptions } from "./options.ts";
import { syncDirectory } from "./small-files.ts";
import { SegmentStore, type KnownJournal } from "./segment-store.ts";

/** How long a directory is trusted to be there still, ms: asking at every event of a burst would cost half a write each. */
const trustMs = 1;

/** How often a contended lock is tried; each of the others either takes it or gives way within a few ms. */
const lockAttempts = 100;

/** An attempt to open that took a time is not made again before this many times that: it runs in pidnap's event loop. */
const restRatio = 20;

/**
 * Holds the lock and the segments while there is a disk that lets it, and gets them back when they
 * are lost: a directory that could not be made yet, that was deleted, a descriptor that went bad.
 */
export class StoreKeeper {
  readonly #env: WriterEnvironment;
  readonly #dir: string;
  readonly #options: WriterOptions;
  #lock: HeldLock | undefined;
  #store: SegmentStore | undefined;
  /** What is known of the journal since it was open last. */
  #known: KnownJournal | undefined;
  #trustedUntil = Number.NEGATIVE_INFINITY;
  #restUntil = Number.NEGATIVE_INFINITY;
  #lastFailure: unknown;
  /** The last thing that went wrong and was not thrown. */
  problem: JournalProblem | undefined;

  constructor(env: WriterEnvironment, dir: string, options: WriterOptions) {
    this.#env = env;
    this.#dir = dir;
    this.#options = options;
  }

  /** The segments, where they are open; they may have been lost since. */
  get store(): SegmentStore | undefined {
    return this.#store;
  }

  /** The position that the next event gets, as far as that is known. */
  get nextSeq(): number {
    return this.#store?.nextSeq ?? this.#known?.nextSeq ?? 1;
  }

  note(operation: string, error: unknown): void {
    this.problem = { operation, error, at: this.#env.now() };
  }

  /**
   * Opens for the first time. Resolves without a store where the disk does not allow one.
   *
   * @throws JournalLockedError, JournalVersionError
   */
  async start(): Promise<void> {
    try {
      await this.#waitForLock();
      this.#openStore();
    } catch (error) {
      if (error instanceof JournalLockedError) throw error;
      if (error instanceof JournalVersionError) {
        this.#lock?.release();
        throw error;
      }
      this.#lastFailure = error;
      this.note("open", error);
    }
  }

  /** The segments, opened anew where they have been lost. @throws what keeps them from being opened */
  ready(mono: number): SegmentStore {
    const store = this.#store;
    if (store !== undefined && !store.live.isBroken) {
      if (mono < this.#trustedUntil) return store;
      this.#trustedUntil = mono + trustMs;
      if (store.live.isInPlace()) return store;
    }
    return this.#reopen();
  }

  /** Finds out whether the lock is still this writer's; where it is not, takes it again or stops writing. */
  checkLock(): void {
    if (this.#store !== undefined && this.#lock?.isHeld() !== true) this.#reopen();
  }

  /** Closes the descriptor and frees the lock. */
  close(): void {
    this.#dropStore();
    this.#lock?.release();
    this.#lock = undefined;
  }

  #reopen(): SegmentStore {
    this.#dropStore();
    const startMono = this.#env.monotonicNow();
    if (startMono < this.#restUntil) throw this.#lastFailure;
    try {
      if (this.#lock?.isHeld() !== true) this.#lock = this.#takeLock();
      return this.#openStore();
    } catch (error) {
      const endMono = this.#env.monotonicNow();
      this.#restUntil = endMono + restRatio * (endMono - startMono);
      this.#lastFailure = error;
      this.note("open", error);
      throw error;
    }
  }

  #dropStore(): void {
    const store = this.#store;
    if (store === undefined) return;
    this.#known = store.known;
    this.#store = undefined;
    try {
      store.live.close();
    } catch (error) {
      this.note("close", error);
    }
  }

  #openStore(): SegmentStore {
    const note = (operation: string, error: unknown) => this.note(operation, error);
    this.#store = new SegmentStore(this.#env, this.#dir, this.#options, note, this.#known);
    this.#trustedUntil = this.#env.monotonicNow() + trustMs;
    return this.#store;
  }

  #takeLock(): HeldLock {
    this.#makeDirectory();
    const attempt = tryLock(this.#env, this.#dir, this.#known === undefined ? "dead" : "alive");
    switch (attempt.kind) {
      case "held":
        return attempt.lock;
      case "locked":
        throw new JournalLockedError(this.#dir, attempt.pid);
      case "contended":
        throw new Error(`another process is taking the lock of ${this.#dir}`);
    }
  }

  async #waitForLock(): Promise<void> {
    this.#makeDirectory();
    for (let round = 1; round <= lockAttempts; round += 1) {
      const attempt = tryLock(this.#env, this.#dir, "dead");
      if (attempt.kind === "locked") throw new JournalLockedError(this.#dir, attempt.pid);
      if (attempt.kind === "held") {
        this.#lock = attempt.lock;
        return;
      }
      // Those who got in each other's way come back at different times.
      await this.#env.delay(1 + (Number.parseInt(this.#env.randomUuid().slice(0, 2), 16) % 16));
    }
    throw new Error(`the lock of ${this.#dir} could not be taken: others keep trying as well`);
  }

  /** Forces new directories' names to the disk: whatever is forced into them would else be gone with them. */
  #syncAbove(firstMade: string): void {
    if (this.#options.fsync === "never") return;
    for (let made = this.#dir; made.length >= firstMade.length; made = dirname(made)) {
      try {
        syncDirectory(this.#env.fs, dirname(made));
      } catch (error) {
        // Some file systems refuse this for a directory, and keep its names in their own way.
        if (errorCode(error) !== "EINVAL") this.note("fsync", error);
      }
    }
  }

  #makeDirectory(): void {
    const made = this.#env.fs.mkdirSync(this.#dir, { recursive: true, mode: 0o750 });
    if (typeof made === "string") this.#syncAbove(made);
    try {
      this.#env.fs.mkdirSync(join(this.#dir, marksFolder), { recursive: true, mode: marksMode });
    } catch (error) {
      // Whoever drops a mark makes the folder as well.
      this.note("mark", error);
    }
  }
}
