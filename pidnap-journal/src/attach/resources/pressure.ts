/**
 * How long some task waited for a resource, microseconds since the host's boot, from a file of
 * /proc/pressure. Undefined where the kernel does not count it.
 */
export function parsePressure(text: string): number | undefined {
  const total = /^some .*\btotal=(\d+)/m.exec(text)?.[1];
  return total === undefined ? undefined : Number(total);
}

/** Percent of `elapsedMs` in which some task waited, between two readings. */
export function pressurePercent(beforeUs: number, nowUs: number, elapsedMs: number): number {
  return Math.min(100, Math.max(0, ((nowUs - beforeUs) / 1000 / elapsedMs) * 100));
}
