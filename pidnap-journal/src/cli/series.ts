/** Numbers over time, in memory that does not grow with them. */
export interface Series {
  add(value: number): void;
  summary(): SeriesSummary | null;
}

/** What a series was. */
export interface SeriesSummary {
  readonly count: number;
  readonly min: number;
  readonly avg: number;
  readonly max: number;
  readonly last: number;
  /** The course in at most `bucketsMax` averages, oldest first. */
  readonly course: readonly number[];
}

const bucketsMax = 48;

export function createSeries(): Series {
  let count = 0;
  let sum = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let last = 0;
  let perBucket = 1;
  let buckets: number[] = [];
  let open: number[] = [];

  return {
    add(value) {
      count += 1;
      sum += value;
      min = Math.min(min, value);
      max = Math.max(max, value);
      last = value;
      open.push(value);
      if (open.length < perBucket) return;
      buckets.push(average(open));
      open = [];
      if (buckets.length < bucketsMax * 2) return;
      // Full: each two neighbours become one, and each new one stands for twice as many.
      buckets = buckets.flatMap((bucket, index) =>
        index % 2 === 0 ? [average([bucket, buckets[index + 1] ?? bucket])] : [],
      );
      perBucket *= 2;
    },
    summary() {
      if (count === 0) return null;
      const all = open.length === 0 ? buckets : [...buckets, average(open)];
      // A sum of many rounds: an average is never beyond what it is one of.
      const avg = Math.min(max, Math.max(min, sum / count));
      return { count, min, avg, max, last, course: shortened(all) };
    },
  };
}

function shortened(values: readonly number[]): number[] {
  const step = Math.ceil(values.length / bucketsMax);
  return values.flatMap((_, index) =>
    index % step === 0 ? [average(values.slice(index, index + step))] : [],
  );
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

const bars = "▁▂▃▄▅▆▇█";

/** A course as bars from its least to its greatest value. */
export function sparkline(values: readonly number[]): string {
  const least = Math.min(...values);
  const span = Math.max(...values) - least;
  return values
    .map((value) => bars[span === 0 ? 0 : Math.round(((value - least) / span) * (bars.length - 1))])
    .join("");
}
