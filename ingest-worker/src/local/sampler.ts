import { hash } from "node:crypto";
import { z } from "zod";
import type { Column, Dataset } from "./store-schema.ts";

const pointSchema = z.looseObject({ index1: z.string(), blobs: z.array(z.string()) });
type Point = z.infer<typeof pointSchema>;
const pointsSchema = z.array(pointSchema);

/** How many points one index wrote lately. */
interface Rate {
  readonly second: number;
  readonly inSecond: number;
  readonly inSecondBefore: number;
}

/** Indexes whose rate is remembered; the one that wrote longest ago is forgotten first. */
const maxIndexes = 10_000;

/**
 * Samples points at their write, as Analytics Engine does with what comes too fast: of an index that
 * writes more than `maxPerSecond` points a second, one in n is kept, at random, and says so by a
 * `_sample_interval` of n. Each index has an interval of its own, so that a busy one costs a quiet
 * one nothing.
 */
export class Sampler {
  readonly #maxPerSecond: number;
  readonly #now: () => number;
  readonly #rates = new Map<string, Rate>();

  constructor(options: { maxPerSecond: number; now: () => number }) {
    this.#maxPerSecond = options.maxPerSecond;
    this.#now = options.now;
  }

  /** Takes points as the store does and gives those that are kept; none may be left. */
  sample(dataset: Dataset, encoded: Uint8Array): Uint8Array {
    const points = pointsSchema.parse(JSON.parse(`[${new TextDecoder().decode(encoded)}]`));
    const byIndex = Map.groupBy(points, ({ index1 }) => index1);
    const intervals = new Map(
      [...byIndex].map(([index, { length }]) => [index, this.#intervalOf(index, length)]),
    );
    const kept = points.flatMap((point) => {
      const interval = intervals.get(point.index1) ?? 1;
      if (shareOf(identityOf(dataset, point)) >= 1 / interval) return [];
      return JSON.stringify({ ...point, _sample_interval: interval });
    });
    return new TextEncoder().encode(kept.join(","));
  }

  /**
   * By the busier of this second and the one before: by this one alone, a steady stream would begin
   * each second unsampled.
   */
  #intervalOf(index: string, count: number): number {
    const second = Math.floor(this.#now() / 1000);
    const before = this.#rates.get(index);
    const inSecond = (before?.second === second ? before.inSecond : 0) + count;
    const inSecondBefore = pointsBefore(before, second);
    this.#rates.delete(index);
    this.#rates.set(index, { second, inSecond, inSecondBefore });
    for (const oldest of this.#rates.keys()) {
      if (this.#rates.size <= maxIndexes) break;
      this.#rates.delete(oldest);
    }
    return Math.ceil(Math.max(inSecond, inSecondBefore) / this.#maxPerSecond);
  }
}

/** Points in the second before this one. */
function pointsBefore(rate: Rate | undefined, second: number): number {
  if (rate?.second === second) return rate.inSecondBefore;
  return rate?.second === second - 1 ? rate.inSecond : 0;
}

/** What a point is told apart by: the same at every delivery, so that it is kept again or left out again. */
function identityOf({ identity }: Dataset, point: Point): string {
  if (identity === undefined) return JSON.stringify(point);
  const valueOf = (column: Column) =>
    column === "index1" ? point.index1 : (point.blobs[Number(column.slice(4)) - 1] ?? "");
  return JSON.stringify([...identity.lookup, ...identity.rest].map(valueOf));
}

/** An even share from 0 to 1 for a text, always the same: what is kept of one interval is kept of each smaller one. */
function shareOf(text: string): number {
  return hash("sha1", text, "buffer").readUInt32BE() / 2 ** 32;
}
