import { join } from "node:path";
import type { JournalId } from "../event.ts";
import { firstSeqOfSegment, segmentName, segmentNames } from "../segment-name.ts";
import type { WriterEnvironment } from "./environment.ts";
import { errorCode, isMissing } from "./file-errors.ts";
import { LiveSegment } from "./live-segment.ts";
import type { WriterOptions } from "./options.ts";
import { mendTail } from "./mend-tail.ts";
import { findJournalId, scanSegment } from "./scan-segment.ts";
import { removeQuietly, syncDirectory } from "./small-files.ts";

/** What a writer knows of its journal when it has to find its directory again. */
export interface KnownJournal {
  readonly journal: JournalId;
  readonly nextSeq: number;
  /** File name of the segment that was being written. */
  readonly liveName: string;
}

interface SealedSegment {
  readonly name: string;
  readonly bytes: number;
}

/** How long a rotation or a deletion that failed is left alone, ms: trying at every append would cost each of them. */
const retryDelayMs = 1000;

/** How long after a declared loss the table is told again, ms: what else is lost with it is declared by then. */
const retellDelayMs = 10_000;

/** Shortest time between two segments begun for that alone, ms. */
const retellIntervalMs = 60_000;

/** The segments of one journal, of which the last is being written. */
export class SegmentStore {
  readonly journal: JournalId;
  /** The position that the next event gets. */
  nextSeq: number;
  readonly #env: WriterEnvironment;
  readonly #dir: string;
  readonly #options: WriterOptions;
  readonly #note: (operation: string, error: unknown) => void;
  #sealed: SealedSegment[];
  #sealedBytes: number;
  #live: LiveSegment;
  #rotateNotBefore = Number.NEGATIVE_INFINITY;
  #deleteNotBefore = Number.NEGATIVE_INFINITY;
  #retellAt = Number.POSITIVE_INFINITY;
  #retoldAt = Number.NEGATIVE_INFINITY;
  /** A power cut took the line that named the journal and left later ones: the next segment names it. */
  #isNameless: boolean;

  /**
   * Opens the journal in `dir`, which exists and is locked. The newest segment is read and gone on
   * with; of the others only the sizes are asked.
   *
   * @param known what this writer knows already, where the directory was lost under its hands
   * @throws JournalVersionError, and what the file system throws
   */
  constructor(
    env: WriterEnvironment,
    dir: string,
    options: WriterOptions,
    note: (operation: string, error: unknown) => void,
    known?: KnownJournal,
  ) {
    this.#env = env;
    this.#dir = dir;
    this.#options = options;
    this.#note = note;
    const names = segmentNames(env.fs.readdirSync(dir));
    const sizes = names.map((name) => ({ name, bytes: env.fs.statSync(join(dir, name)).size }));
    this.#sealed = sizes;
    this.#sealedBytes = sizes.reduce((sum, segment) => sum + segment.bytes, 0);
    const newest = names.at(-1);
    const resumed = newest === undefined ? undefined : this.#resume(newest);
    const named = resumed?.journal ?? this.#journalOfOlder() ?? known?.journal;
    this.journal = named ?? newJournalId(env);
    this.#isNameless = named === undefined;
    const isSameJournal = known !== undefined && known.journal === this.journal;
    this.nextSeq = Math.max(resumed?.nextSeq ?? 1, isSameJournal ? known.nextSeq : 1);
    // A segment after which there has been another is immutable, though that other one was deleted.
    const goesOn = resumed !== undefined && !(isSameJournal && resumed.live.name < known.liveName);
    if (goesOn) {
      this.#live = resumed.live;
      this.#sealedBytes -= this.#sealed.pop()?.bytes ?? 0;
    } else {
      resumed?.live.close();
      this.#live = this.#create();
      this.#isNameless = false;
    }
  }

  get live(): LiveSegment {
    return this.#live;
  }

  get known(): KnownJournal {
    return { journal: this.journal, nextSeq: this.nextSeq, liveName: this.#live.name };
  }

  get segments(): number {
    return this.#sealed.length + 1;
  }

  get bytes(): number {
    return this.#sealedBytes + this.#live.bytes;
  }

  /** Whether the live segment is to be sealed before `bytes` more. */
  isDue(bytes: number, mono: number): boolean {
    const live = this.#live;
    return (
      live.hasEvents &&
      (this.#isNameless ||
        live.bytes + bytes > this.#options.maxSegmentBytes ||
        mono - live.openedMono >= this.#options.maxSegmentAgeMs ||
        mono >= this.#retellAt) &&
      mono >= this.#rotateNotBefore
    );
  }

  /**
   * After a loss no reader believes its table until a segment tells it again, so one is begun soon:
   * the runs that were open then would else end without a duration.
   */
  retellSoon(mono: number): void {
    const at = Math.max(mono + retellDelayMs, this.#retoldAt + retellIntervalMs);
    this.#retellAt = Math.min(this.#retellAt, at);
  }

  /**
   * Seals the live segment and begins the next one. Where that fails, for want of descriptors or of
   * rights, the old one is written on: an event in too large a segment is better than none.
   */
  rotate(mono: number): void {
    const old = this.#live;
    try {
      if (this.#options.fsync !== "never") old.sync();
    } catch (error) {
      this.#note("fsync", error);
    }
    try {
      this.#live = this.#create();
    } catch (error) {
      this.#note("rotate", error);
      this.#rotateNotBefore = mono + retryDelayMs;
      return;
    }
    this.#isNameless = false;
    this.#retellAt = Number.POSITIVE_INFINITY;
    this.#retoldAt = mono;
    this.#sealed.push({ name: old.name, bytes: old.bytes });
    this.#sealedBytes += old.bytes;
    try {
      old.close();
    } catch (error) {
      this.#note("close", error);
    }
  }

  /** Whether the live segment can take `bytes` more without outgrowing the total by itself. */
  fits(bytes: number): boolean {
    return this.#live.bytes + bytes <= this.#options.maxTotalBytes;
  }

  /**
   * Deletes the oldest segments until `bytes` more fit into the total; never the live one.
   *
   * @throws Error where the live one would outgrow the total: a full disk has to be impossible
   */
  makeRoom(bytes: number, mono: number): void {
    const { maxTotalBytes } = this.#options;
    if (this.bytes + bytes <= maxTotalBytes) return;
    while (this.#sealed.length > 0 && this.bytes + bytes > maxTotalBytes) {
      if (mono < this.#deleteNotBefore || !this.#deleteOldest(mono)) break;
    }
    const live = this.#live;
    if (live.hasEvents && !this.fits(bytes)) {
      throw new Error(`the segment ${live.name} cannot be sealed and has the size of all together`);
    }
  }

  #deleteOldest(mono: number): boolean {
    const oldest = this.#sealed[0];
    if (oldest === undefined) return false;
    try {
      this.#env.fs.unlinkSync(join(this.#dir, oldest.name));
    } catch (error) {
      if (!isMissing(error)) {
        this.#note("delete", error);
        this.#deleteNotBefore = mono + retryDelayMs;
        return false;
      }
    }
    this.#sealed.shift();
    this.#sealedBytes -= oldest.bytes;
    return true;
  }

  #create(): LiveSegment {
    const name = segmentName(this.nextSeq);
    const path = join(this.#dir, name);
    const fd = this.#env.fs.openSync(path, "ax", 0o640);
    this.#syncDirectory();
    const openedMono = this.#env.monotonicNow();
    try {
      return this.#holding(fd, () => {
        const begun = { openedMono, bytes: 0, hasEvents: false, owedEnd: "" } as const;
        return new LiveSegment(this.#env.fs, { fd, path, name }, begun);
      });
    } catch (error) {
      // The old segment is written on, past the position that this name promises.
      removeQuietly(this.#env.fs, path);
      throw error;
    }
  }

  #resume(name: string) {
    const { fs } = this.#env;
    const path = join(this.#dir, name);
    // Opened for writing first: where that fails, reading it all would be for nothing.
    const fd = fs.openSync(path, "a", 0o640);
    return this.#holding(fd, () => {
      const scan = this.#reading(path, (readFd) => scanSegment(fs, readFd, path));
      const ageMs = scan.firstAt === null ? 0 : Math.max(0, this.#env.now() - scan.firstAt);
      const promised = firstSeqOfSegment(name) ?? 1;
      const { nextSeq, owedEnd } = mendTail(scan, promised);
      const live = new LiveSegment(
        fs,
        { fd, path, name },
        {
          openedMono: this.#env.monotonicNow() - ageMs,
          bytes: scan.bytes,
          hasEvents: nextSeq > promised,
          owedEnd,
        },
      );
      return { live, journal: scan.journal, nextSeq };
    });
  }

  /** The journal's id from the older segments, where the newest does not say it. */
  #journalOfOlder(): JournalId | undefined {
    for (const { name } of this.#sealed.slice(0, -1).reverse()) {
      const path = join(this.#dir, name);
      const found = this.#reading(path, (fd) => findJournalId(this.#env.fs, fd));
      if (found !== null) return found;
    }
    return undefined;
  }

  #reading<T>(path: string, read: (fd: number) => T): T {
    const fd = this.#env.fs.openSync(path, "r");
    try {
      return read(fd);
    } finally {
      this.#env.fs.closeSync(fd);
    }
  }

  /** Closes the descriptor again where what it was opened for fails. */
  #holding<T>(fd: number, make: () => T): T {
    try {
      return make();
    } catch (error) {
      this.#env.fs.closeSync(fd);
      throw error;
    }
  }

  /** A file whose name was not forced to the disk is not there after a power cut, whatever was forced into it. */
  #syncDirectory(): void {
    if (this.#options.fsync === "never") return;
    try {
      syncDirectory(this.#env.fs, this.#dir);
    } catch (error) {
      // Some file systems refuse this for a directory, and keep its names in their own way.
      if (errorCode(error) !== "EINVAL") this.#note("fsync", error);
    }
  }
}

function newJournalId(env: WriterEnvironment): JournalId {
  return env.randomUuid() as JournalId;
}
