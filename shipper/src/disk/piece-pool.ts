import { maxLineBytes } from "pidnap-journal";
import { pieceBytes } from "../limits.ts";

/** Buffers kept for reuse; what is in use at once is bounded by the backlog. */
const maxKept = 8;
/** Smaller pieces are what a live journal grows by: they get a buffer of their own size, and nothing is kept for them. */
const smallestPooledBytes = 64 * 1024;

/**
 * The buffers a backlog is read into, used again and again: fresh ones would lie about until the
 * collector notices memory that is outside its heap, some thirty pieces later.
 */
export class PiecePool {
  #free: ArrayBuffer[] = [];

  /** A buffer for `bytes`, with whatever was in it before. */
  take(bytes: number): Buffer {
    const whole = pieceBytes + maxLineBytes;
    if (bytes < smallestPooledBytes || bytes > whole) return Buffer.allocUnsafeSlow(bytes);
    return Buffer.from(this.#free.pop() ?? new ArrayBuffer(whole), 0, bytes);
  }

  /** Takes back what nobody looks at any more. */
  giveBack(buffer: ArrayBufferLike): void {
    const fits = buffer instanceof ArrayBuffer && buffer.byteLength === pieceBytes + maxLineBytes;
    if (fits && this.#free.length < maxKept) this.#free.push(buffer);
  }

  /** Nothing is to be read for now. */
  empty(): void {
    this.#free = [];
  }
}
