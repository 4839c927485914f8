import type { AttachWorld } from "../world.ts";
import { cgroupDir, parseCgroup, type CgroupReading } from "./cgroup.ts";
import { parseProcStat, type CpuReading } from "./cpu.ts";
import type { DiskFacts } from "./disk.ts";
import { parseLoadavg } from "./load.ts";
import { parseMeminfo, type MemoryReading } from "./memory.ts";
import { parseNetDev, type NetworkReading } from "./network.ts";
import { parsePressure } from "./pressure.ts";

/** All that one look at the machine tells; undefined is what it does not tell. */
export interface Reading {
  /** Monotonic clock, ms. */
  readonly takenMs: number;
  readonly cpu: CpuReading | undefined;
  readonly memory: MemoryReading | undefined;
  readonly disk: DiskFacts;
  readonly load1: number | undefined;
  readonly network: NetworkReading | undefined;
  /** Microseconds waited since the host's boot. */
  readonly pressureUs: {
    readonly cpu: number | undefined;
    readonly memory: number | undefined;
    readonly io: number | undefined;
  };
  readonly cgroup: CgroupReading;
}

/** A part of the world of an attachment. */
export type ReadingWorld = Pick<AttachWorld, "readText" | "diskOf" | "monotonicNow">;

/**
 * Looks at the machine. A file that is not there only leaves out what it says.
 *
 * @param dir on the file system to look at
 * @throws where `statfs` fails
 */
export async function takeReading(world: ReadingWorld, dir: string): Promise<Reading> {
  const text = async (path: string): Promise<string | undefined> => {
    try {
      return await world.readText(path);
    } catch {
      // Other kernels and containers have fewer files; what such a one would say stays unsaid.
      return undefined;
    }
  };
  const parsed = async <T>(path: string, parse: (text: string) => T): Promise<T | undefined> => {
    const content = await text(path);
    return content === undefined ? undefined : parse(content);
  };
  const takenMs = world.monotonicNow();
  const [cpu, memory, load1, network, cpuUs, memoryUs, ioUs, cgroup, disk] = await Promise.all([
    parsed("/proc/stat", parseProcStat),
    parsed("/proc/meminfo", parseMeminfo),
    parsed("/proc/loadavg", parseLoadavg),
    parsed("/proc/net/dev", parseNetDev),
    parsed("/proc/pressure/cpu", parsePressure),
    parsed("/proc/pressure/memory", parsePressure),
    parsed("/proc/pressure/io", parsePressure),
    readCgroup(text),
    world.diskOf(dir),
  ]);
  const pressureUs = { cpu: cpuUs, memory: memoryUs, io: ioUs };
  return { takenMs, cpu, memory, disk, load1, network, pressureUs, cgroup };
}

async function readCgroup(
  text: (path: string) => Promise<string | undefined>,
): Promise<CgroupReading> {
  // Looked up each time: a process can be moved to another cgroup.
  const cgroup = await text("/proc/self/cgroup");
  const mountinfo = await text("/proc/self/mountinfo");
  const dir = cgroupDir(cgroup ?? "", mountinfo ?? "");
  // The root of all cgroups is the machine itself, and has none of the files of a group that is within
  // one. A v1 host that has a v2 tree beside it keeps its processes there.
  if (dir === undefined || (await text(`${dir}/cgroup.events`)) === undefined) return {};
  const [cpuStat, memoryCurrent, memoryMax, memoryEvents] = await Promise.all([
    text(`${dir}/cpu.stat`),
    text(`${dir}/memory.current`),
    text(`${dir}/memory.max`),
    text(`${dir}/memory.events`),
  ]);
  return parseCgroup({ cpuStat, memoryCurrent, memoryMax, memoryEvents });
}
