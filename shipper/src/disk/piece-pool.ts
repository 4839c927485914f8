import { maxLineBytes } from "pidnap-journal";
import { mostLines } from "../core/frame.ts";
import { pieceBytes } from "../limits.ts";

/** Bytes of a pooled piece: what is read at once and the unterminated rest of what was read before. */
const pooledBytes = pieceBytes + maxLineBytes;
/** Behind the bytes there is room for where their lines end, in one buffer, so that both come back together. */
const endsBytes = mostLines(pooledBytes) * Int32Array.BYTES_PER_ELEMENT;
/** Buffers kept for reuse; what is in use at once is bounded by the backlog. */
const maxKept = 8;
/** Smaller pieces are what a live journal grows by: they get memory of their own size, and none is kept for them. */
const smallestPooledBytes = 64 * 1024;

/** Memory for one piece of a journal. */
export interface PieceMemory {
  readonly bytes: Buffer;
  /** For where its lines end. */
  readonly ends: Int32Array;
}

/**
 * The memory a backlog is read into, used again and again: fresh memory would lie about until the
 * collector notices what is outside its heap, some thirty pieces later.
 */
export class PiecePool {
  #free: ArrayBuffer[] = [];

  /** Memory for `bytes`, with whatever was in it before. */
  take(bytes: number): PieceMemory {
    if (bytes < smallestPooledBytes || bytes > pooledBytes) {
      return { bytes: Buffer.allocUnsafeSlow(bytes), ends: new Int32Array(mostLines(bytes)) };
    }
    const buffer = this.#free.pop() ?? new ArrayBuffer(pooledBytes + endsBytes);
    return { bytes: Buffer.from(buffer, 0, bytes), ends: new Int32Array(buffer, pooledBytes) };
  }

  /** Takes back what nobody looks at any more. */
  giveBack(buffer: ArrayBufferLike): void {
    const fits = buffer instanceof ArrayBuffer && buffer.byteLength === pooledBytes + endsBytes;
    if (fits && this.#free.length < maxKept) this.#free.push(buffer);
  }

  /** Nothing is to be read for now. */
  empty(): void {
    this.#free = [];
  }
}
