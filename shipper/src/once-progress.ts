import type { Batch } from "./core/batch.ts";
import type { ShipListener } from "./listener.ts";
import type { ProgressBar } from "./progress.ts";
import { measureBacklog } from "./status/backlog-on-disk.ts";
import type { ShipperFs } from "./world.ts";

/** Shows how far shipping what is there has come. */
export class OnceProgress implements ShipListener {
  readonly #fs: ShipperFs;
  readonly #dir: string;
  readonly #bar: ProgressBar;
  #begin: number | undefined;
  #next = 1;
  /** Not known before the journal's end is. */
  #end: number | undefined;

  constructor(fs: ShipperFs, dir: string, bar: ProgressBar) {
    this.#fs = fs;
    this.#dir = dir;
    this.#bar = bar;
  }

  positioned(next: number): void {
    // A server that knows less than it did, or another journal: all of that is to be done.
    if (this.#begin === undefined || next < this.#begin) {
      this.#begin = next;
      void this.#measure(next);
    }
    this.#show(next);
  }

  advanced(batch: Batch): void {
    this.#show(batch.end);
  }

  #show(next: number): void {
    this.#next = next;
    if (this.#begin === undefined || this.#end === undefined) return;
    this.#end = Math.max(this.#end, next);
    const total = this.#end - this.#begin;
    if (total > 0) this.#bar.to(next - this.#begin, total);
  }

  async #measure(next: number): Promise<void> {
    try {
      this.#end = (await measureBacklog(this.#fs, this.#dir, next))?.nextSeq;
      this.#show(this.#next);
    } catch {
      // The shipper meets the same disk, and says what is wrong with it; a bar is no reason to stop.
      this.#end = undefined;
    }
  }
}
