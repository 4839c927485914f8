import { posix } from "node:path";

/** What a cgroup v2 says; what it does not say is absent. */
export interface CgroupReading {
  readonly cpuUsageUs?: number;
  readonly periods?: number;
  readonly throttledPeriods?: number;
  readonly memoryMb?: number;
  readonly memoryLimitMb?: number;
  readonly oomKills?: number;
}

/** The contents of a cgroup's files; undefined for one that is not there. */
export interface CgroupFiles {
  readonly cpuStat: string | undefined;
  readonly memoryCurrent: string | undefined;
  readonly memoryMax: string | undefined;
  readonly memoryEvents: string | undefined;
}

/**
 * Where this process's cgroup v2 can be looked into, or undefined where there is none: on a v1 host, or
 * where it lies outside of what a container sees.
 *
 * @param cgroup content of /proc/self/cgroup, @param mountinfo of /proc/self/mountinfo
 */
export function cgroupDir(cgroup: string, mountinfo: string): string | undefined {
  // Hierarchy 0 is v2; all others are v1.
  const path = /^0::(\/.*)$/m.exec(cgroup)?.[1];
  if (path === undefined || path.startsWith("/../") || path === "/..") return undefined;
  for (const line of mountinfo.split("\n")) {
    const [before = "", behind = ""] = line.split(" - ");
    if (!behind.startsWith("cgroup2 ")) continue;
    const [, , , root = "", mountPoint = ""] = before.split(" ").map(unescapeOctal);
    const inside = posix.relative(root, path);
    // Mounted is another part of the tree than the one this process is in.
    if (inside === ".." || inside.startsWith("../")) continue;
    return posix.join(mountPoint, inside);
  }
  return undefined;
}

/** mountinfo writes blanks and backslashes of names as octal numbers. */
function unescapeOctal(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCodePoint(Number.parseInt(octal, 8)),
  );
}

/** What a cgroup's files say. */
export function parseCgroup(files: CgroupFiles): CgroupReading {
  const cpu = parseKeyed(files.cpuStat);
  return withoutUndefined({
    cpuUsageUs: cpu.get("usage_usec"),
    periods: cpu.get("nr_periods"),
    throttledPeriods: cpu.get("nr_throttled"),
    memoryMb: parseBytes(files.memoryCurrent),
    memoryLimitMb: parseBytes(files.memoryMax),
    oomKills: parseKeyed(files.memoryEvents).get("oom_kill"),
  });
}

function parseKeyed(text: string | undefined): ReadonlyMap<string, number> {
  const entries = (text ?? "").matchAll(/^(\S+) (\d+)$/gm);
  return new Map(Array.from(entries, ([, key = "", value]) => [key, Number(value)]));
}

/** Bytes as MiB; `max`, for no limit, is undefined. */
function parseBytes(text: string | undefined): number | undefined {
  const bytes = /^(\d+)\s*$/.exec(text ?? "")?.[1];
  return bytes === undefined ? undefined : Number(bytes) / 1024 / 1024;
}

type Defined<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

/** The same without the fields that are undefined. */
export function withoutUndefined<T extends object>(fields: T): Defined<T> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Defined<T>;
}

/** What a cgroup did between two readings; @param cpus CPUs that count as 100 percent */
export function cgroupBetween(
  before: CgroupReading,
  now: CgroupReading,
  elapsedMs: number,
  cpus: number,
): {
  readonly cgroupCpuPercent?: number;
  readonly cgroupMemoryMb?: number;
  readonly cgroupMemoryLimitMb?: number;
  readonly cgroupThrottledPercent?: number;
  readonly cgroupOomKills?: number;
} {
  const usageUs = increase(before.cpuUsageUs, now.cpuUsageUs);
  const periods = increase(before.periods, now.periods);
  const throttled = increase(before.throttledPeriods, now.throttledPeriods);
  return withoutUndefined({
    // Of all CPUs, as the host's figure beside it.
    cgroupCpuPercent: usageUs === undefined ? undefined : (usageUs / 1000 / elapsedMs / cpus) * 100,
    cgroupMemoryMb: now.memoryMb,
    cgroupMemoryLimitMb: now.memoryLimitMb,
    cgroupThrottledPercent:
      periods === undefined || throttled === undefined
        ? undefined
        : Math.min(100, periods === 0 ? 0 : (throttled / periods) * 100),
    cgroupOomKills: increase(before.oomKills, now.oomKills),
  });
}

/** How much a counter went up; what a counter that began anew has counted since. */
function increase(before: number | undefined, now: number | undefined): number | undefined {
  if (before === undefined || now === undefined) return undefined;
  return now >= before ? now - before : now;
}
