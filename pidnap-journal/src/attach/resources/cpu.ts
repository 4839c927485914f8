/** Time that one CPU has spent since the host's boot, in any unit that stays the same. */
interface CpuTimes {
  readonly busy: number;
  readonly total: number;
}

/** Times by CPU. */
export type CpuReading = ReadonlyMap<string, CpuTimes>;

/** The CPUs of /proc/stat, or undefined where it holds none. */
export function parseProcStat(text: string): CpuReading | undefined {
  const cpus = new Map<string, CpuTimes>();
  for (const [, name = "", fields = ""] of text.matchAll(/^(cpu\d+)\s+(.*)$/gm)) {
    const times = timesOf(fields);
    if (times !== undefined) cpus.set(name, times);
  }
  return cpus.size === 0 ? undefined : cpus;
}

function timesOf(fields: string): CpuTimes | undefined {
  // user nice system idle iowait irq softirq steal; guest times behind them are part of user and nice.
  const times = fields.trim().split(/\s+/).slice(0, 8).map(Number);
  const [, , , idle, iowait = 0] = times;
  if (idle === undefined || times.some((time) => !Number.isFinite(time))) return undefined;
  const total = times.reduce((sum, time) => sum + time, 0);
  return { total, busy: total - idle - iowait };
}

/**
 * Percent of all CPUs' time between two readings that was not idle. A CPU that came, left or began its
 * counters anew has no interval and does not count.
 *
 * @returns undefined where no time has passed
 */
export function cpuPercentBetween(before: CpuReading, now: CpuReading): number | undefined {
  let busy = 0;
  let total = 0;
  for (const [name, times] of now) {
    const earlier = before.get(name);
    if (earlier === undefined || times.total <= earlier.total) continue;
    total += times.total - earlier.total;
    // The kernel's estimate of iowait may go back a little.
    busy += Math.min(Math.max(0, times.busy - earlier.busy), times.total - earlier.total);
  }
  return total === 0 ? undefined : (busy / total) * 100;
}
