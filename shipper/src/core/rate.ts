/** How fast something goes on, remembered in three numbers. */
export interface Rate {
  readonly eventsPerSecond: number;
  readonly bytesPerSecond: number;
  /** When it was worked out, monotonic ms. */
  readonly atMs: number;
}

/** What happened this long ago counts a third of what happens now, ms: long enough to be calm between two batches. */
const memoryMs = 60_000;

export const noRate = (nowMs: number): Rate => ({
  eventsPerSecond: 0,
  bytesPerSecond: 0,
  atMs: nowMs,
});

/** `rate` at a later moment, in which nothing has happened since. */
export function rateAt(rate: Rate, nowMs: number): Rate {
  const kept = Math.exp(-Math.max(0, nowMs - rate.atMs) / memoryMs);
  return {
    eventsPerSecond: rate.eventsPerSecond * kept,
    bytesPerSecond: rate.bytesPerSecond * kept,
    atMs: nowMs,
  };
}

/** `rate` after so much has happened at once. */
export function addTo(rate: Rate, nowMs: number, events: number, bytes: number): Rate {
  const faded = rateAt(rate, nowMs);
  return {
    eventsPerSecond: faded.eventsPerSecond + (events * 1000) / memoryMs,
    bytesPerSecond: faded.bytesPerSecond + (bytes * 1000) / memoryMs,
    atMs: nowMs,
  };
}
