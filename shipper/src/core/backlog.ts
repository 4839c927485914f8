import { dropBelow, type BacklogItem } from "./batch.ts";
import { isUrgent } from "./due.ts";
import { lineOfRun, type Run } from "./frame.ts";
import { headOfLine } from "./line-head.ts";

interface Seen {
  readonly item: BacklogItem;
  /** When it was read, monotonic ms. */
  readonly atMs: number;
  /** Whether it holds an urgent event; found out when first asked, since a full batch never asks. */
  urgent: boolean | undefined;
}

/** What has been read from disk and is not yet acknowledged. It is filled only as fast as it empties. */
export class Backlog {
  #seen: Seen[] = [];

  get items(): readonly BacklogItem[] {
    return this.#seen.map(({ item }) => item);
  }

  push(items: readonly BacklogItem[], atMs: number): void {
    for (const item of items) this.#seen.push({ item, atMs, urgent: undefined });
  }

  clear(): void {
    this.#seen = [];
  }

  /** Lets go of what is below `seq`; returns the buffers that nothing in it looks at any more. */
  dropBelow(seq: number): Set<ArrayBufferLike> {
    const kept = new Set(dropBelow(this.items, seq));
    const dropped = this.#seen.filter(({ item }) => !kept.has(item));
    this.#seen = this.#seen.filter(({ item }) => kept.has(item));
    const freed = buffersOf(dropped);
    for (const buffer of buffersOf(this.#seen)) freed.delete(buffer);
    return freed;
  }

  /** Events at or above `from`. */
  events(from: number): number {
    return this.#sum((run) => Math.min(run.ends.length, run.firstSeq + run.ends.length - from));
  }

  /** Bytes of the lines at or above `from`: what lies below is kept to know what `from` follows, and is not sent. */
  bytes(from: number): number {
    return this.#sum((run) => {
      const below = Math.min(Math.max(0, from - run.firstSeq), run.ends.length);
      const start = below === 0 ? run.start : (run.ends[below - 1] ?? run.start);
      return (run.ends.at(-1) ?? run.start) - start;
    });
  }

  /** When the first event was read, if there is one. */
  sinceMs(): number | undefined {
    return this.#seen.find(({ item }) => item.kind === "run")?.atMs;
  }

  /** When the first urgent event was read, if there is one. */
  urgentSinceMs(): number | undefined {
    return this.#seen.find((seen) => {
      seen.urgent ??= seen.item.kind === "run" && holdsUrgent(seen.item);
      return seen.urgent;
    })?.atMs;
  }

  #sum(amount: (run: Run) => number): number {
    return this.#seen.reduce(
      (sum, { item }) => (item.kind === "run" ? sum + Math.max(0, amount(item)) : sum),
      0,
    );
  }
}

function buffersOf(seen: readonly Seen[]): Set<ArrayBufferLike> {
  return new Set(seen.flatMap(({ item }) => (item.kind === "run" ? [item.bytes.buffer] : [])));
}

function holdsUrgent(run: Run): boolean {
  for (let index = 0; index < run.ends.length; index += 1) {
    if (isUrgent(headOfLine(lineOfRun(run, index))?.type ?? "")) return true;
  }
  return false;
}
