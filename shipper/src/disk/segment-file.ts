import type { Run } from "../core/frame.ts";
import { pieceBytes } from "../limits.ts";
import type { ShipperFile, ShipperFs } from "../world.ts";
import type { PieceMemory, PiecePool } from "./piece-pool.ts";
import type { Segment } from "./segments.ts";

/** A segment being read, each byte once, in order. */
export class SegmentFile {
  readonly segment: Segment;
  readonly ino: number;
  /** No event of it has been seen yet; its first one says whose segment it is. */
  awaitsFirstEvent = true;
  readonly #file: ShipperFile;
  #offset = 0;
  /** Its size when it was last looked at: below it there is something to read without looking again. */
  #size: number;
  /** Where the last run of lines ended, bytes. */
  #runEnd = 0;

  private constructor(segment: Segment, file: ShipperFile, ino: number, size: number) {
    this.segment = segment;
    this.ino = ino;
    this.#file = file;
    this.#size = size;
  }

  static async open(fs: ShipperFs, segment: Segment): Promise<SegmentFile> {
    const file = await fs.open(segment.path, "r");
    const { ino, size } = await file.stat();
    return new SegmentFile(segment, file, ino, size);
  }

  /** How far it has been read, bytes. */
  get offset(): number {
    return this.#offset;
  }

  /** The next piece, put behind `rest`, what was left of the one before; undefined at the end as it is now. */
  async next(rest: Uint8Array, pool: PiecePool): Promise<PieceMemory | undefined> {
    if (this.#offset >= this.#size) this.#size = (await this.#file.stat()).size;
    const length = Math.min(this.#size - this.#offset, pieceBytes);
    if (length <= 0) return undefined;
    const { bytes, ends } = pool.take(rest.length + length);
    bytes.set(rest);
    const { bytesRead } = await this.#file.read(bytes, rest.length, length, this.#offset);
    if (bytesRead === 0) return undefined;
    this.#offset += bytesRead;
    return { bytes: bytes.subarray(0, rest.length + bytesRead), ends };
  }

  /** A run found in the last piece, with how far it stands from the run before. */
  placed(run: Run): Run {
    const pieceStart = this.#offset - run.bytes.length;
    const corruptBytes = pieceStart + run.start - this.#runEnd;
    this.#runEnd = pieceStart + (run.ends.at(-1) ?? run.start);
    return corruptBytes === 0 ? run : { ...run, corruptBytes };
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}
