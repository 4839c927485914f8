/** What /proc/meminfo says, MiB. */
export interface MemoryReading {
  readonly usedMb: number;
  readonly totalMb: number;
  /** Absent where the kernel was built without swap. */
  readonly swapUsedMb?: number;
}

/** /proc/meminfo, or undefined where it does not say what is used. */
export function parseMeminfo(text: string): MemoryReading | undefined {
  const kb = new Map<string, number>();
  for (const [, name = "", value] of text.matchAll(/^([^:\n]+):\s+(\d+)(?: kB)?$/gm)) {
    kb.set(name, Number(value));
  }
  const total = kb.get("MemTotal");
  const available = kb.get("MemAvailable") ?? availableBefore314(kb);
  if (total === undefined || available === undefined) return undefined;
  const swapTotal = kb.get("SwapTotal");
  const swapFree = kb.get("SwapFree");
  return {
    totalMb: total / 1024,
    usedMb: Math.max(0, total - available) / 1024,
    ...(swapTotal === undefined || swapFree === undefined
      ? {}
      : { swapUsedMb: Math.max(0, swapTotal - swapFree) / 1024 }),
  };
}

/** Kernels before 3.14 leave the estimate to their readers. */
function availableBefore314(kb: ReadonlyMap<string, number>): number | undefined {
  const free = kb.get("MemFree");
  if (free === undefined) return undefined;
  return free + (kb.get("Buffers") ?? 0) + (kb.get("Cached") ?? 0);
}
