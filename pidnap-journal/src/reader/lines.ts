import { maxLineBytes } from "../limits.ts";

/** A piece of a segment that ended with `\n`, or what was left behind the last one. */
export interface Piece {
  /** Byte offset of its first byte in the segment. */
  readonly offset: number;
  /** Its length without `\n`, in bytes. */
  readonly length: number;
  /** Its bytes, or undefined where it is longer than any line may be: then they were not kept. */
  readonly bytes: Uint8Array | undefined;
}

/** Cuts a segment's bytes into lines. */
export interface LineSplitter {
  /** The lines that `chunk` ends. Their bytes are only good until the chunk's buffer is used again. */
  push(chunk: Uint8Array): Piece[];
  /** What was begun and has no `\n` yet, or undefined where there is nothing. */
  rest(): Piece | undefined;
}

const newline = 0x0a;

/**
 * Framing works on bytes: a chunk may end inside a character, and a torn line may hold any byte. Holds at
 * most one line; of a longer one it only counts the bytes, so that garbage cannot fill the memory.
 */
export function createLineSplitter(): LineSplitter {
  let lineOffset = 0;
  let heldBytes = 0;
  let held: Uint8Array[] = [];

  const hold = (bytes: Uint8Array): void => {
    heldBytes += bytes.length;
    if (heldBytes >= maxLineBytes) held = [];
    // Copied, since the caller reads the next chunk into the same buffer.
    else if (bytes.length > 0) held.push(new Uint8Array(bytes));
  };
  const take = (last: Uint8Array): Piece => {
    const length = heldBytes + last.length;
    const bytes = length >= maxLineBytes ? undefined : joined(held, last);
    return { offset: lineOffset, length, bytes };
  };

  return {
    push(chunk) {
      const pieces: Piece[] = [];
      let start = 0;
      for (;;) {
        const end = chunk.indexOf(newline, start);
        if (end === -1) break;
        const piece = take(chunk.subarray(start, end));
        pieces.push(piece);
        lineOffset = piece.offset + piece.length + 1;
        heldBytes = 0;
        held = [];
        start = end + 1;
      }
      hold(chunk.subarray(start));
      return pieces;
    },
    rest: () => (heldBytes === 0 ? undefined : take(new Uint8Array(0))),
  };
}

function joined(held: readonly Uint8Array[], last: Uint8Array): Uint8Array {
  return held.length === 0 ? last : Buffer.concat([...held, last]);
}
