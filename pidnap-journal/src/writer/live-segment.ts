import type { WriterFs } from "./environment.ts";
import { isMissing } from "./file-errors.ts";

const newline = 10;

/**
 * What ends a line that was cut off: "" where none was; `\n`, which leaves it a corrupt line that
 * every reader skips; and where it lacks nothing else, so that a `\n` would make an event of it
 * that is not to be one, something in front of that to spoil it.
 */
export type OwedEnd = "" | "\n" | "~\n";

/** How much of a write reached the file. */
export interface WriteOutcome {
  readonly written: number;
  /** Why it is less than was given, where it is. */
  readonly failure: unknown;
}

/** The segment that is being written: a file that only ever grows. */
export class LiveSegment {
  readonly path: string;
  readonly name: string;
  /** Monotonic time at which its first event was written, as far as that is known. */
  readonly openedMono: number;
  bytes: number;
  /** It has its `segment.opened`, or an event of an earlier writer. */
  hasOpening: boolean;
  /** It has an event beside the opening, so that a rotation leads somewhere. */
  hasEvents: boolean;
  /** What the next write has to begin with. */
  owedEnd: OwedEnd;
  /** Its descriptor cannot be trusted any more: it has to be opened anew. */
  isBroken = false;
  readonly #fs: WriterFs;
  readonly #fd: number;
  readonly #inode: number;

  constructor(
    fs: WriterFs,
    file: { readonly fd: number; readonly path: string; readonly name: string },
    begun: {
      readonly openedMono: number;
      readonly bytes: number;
      readonly hasEvents: boolean;
      readonly owedEnd: OwedEnd;
    },
  ) {
    this.#fs = fs;
    this.#fd = file.fd;
    this.path = file.path;
    this.name = file.name;
    this.openedMono = begun.openedMono;
    this.bytes = begun.bytes;
    this.hasOpening = begun.hasEvents;
    this.hasEvents = begun.hasEvents;
    this.owedEnd = begun.owedEnd;
    this.#inode = fs.statSync(file.path).ino;
  }

  get fd(): number {
    return this.#fd;
  }

  /** A line can simply be put behind the others. */
  get isPlain(): boolean {
    return this.hasOpening && this.owedEnd === "";
  }

  /** One write, at the file's end. Never throws. */
  write(bytes: Uint8Array, length: number): WriteOutcome {
    let written = 0;
    let failure: unknown;
    try {
      written = this.#fs.writeSync(this.#fd, bytes, 0, length);
      // The kernel writes less than it was given where the disk has no more room.
      if (written < length) failure = diskFull();
    } catch (error) {
      failure = error;
      written = Math.min(this.#grownBytes(), length);
    }
    if (written > 0) this.owedEnd = endOwedAfter(bytes, written, length);
    this.bytes += written;
    return { written, failure };
  }

  sync(): void {
    this.#fs.fsyncSync(this.#fd);
  }

  /** Whether the path still leads to this file; it does not once the directory was deleted or replaced. */
  isInPlace(): boolean {
    try {
      return this.#fs.statSync(this.path).ino === this.#inode;
    } catch (error) {
      // Any other failure says nothing of the file.
      return !isMissing(error);
    }
  }

  /** @throws what the file system throws */
  close(): void {
    this.#fs.closeSync(this.#fd);
  }

  /** What a write that failed has added all the same. */
  #grownBytes(): number {
    try {
      return Math.max(0, this.#fs.fstatSync(this.#fd).size - this.bytes);
    } catch {
      // The descriptor itself is gone: what is in the file is found out when it is opened anew.
      this.isBroken = true;
      return 0;
    }
  }
}

function endOwedAfter(bytes: Uint8Array, written: number, length: number): OwedEnd {
  if (bytes[written - 1] === newline) return "";
  return written < length && bytes[written] === newline ? "~\n" : "\n";
}

function diskFull(): Error {
  return Object.assign(new Error("only a part of the line could be written"), { code: "ENOSPC" });
}
