import type { NewEvent } from "../../event.ts";
import { cgroupBetween, withoutUndefined } from "./cgroup.ts";
import { cpuPercentBetween } from "./cpu.ts";
import { diskFigures } from "./disk.ts";
import { trafficBetween } from "./network.ts";
import { pressurePercent } from "./pressure.ts";
import type { Reading } from "./reading.ts";

/**
 * What two readings say of the time between them. Percentages, bytes and kills are those of this
 * interval, never of the time since the boot; memory, disk and load are those of the second reading.
 *
 * @returns undefined where what every sample has cannot be known, or no time has passed
 */
export function sampleBetween(before: Reading, now: Reading): NewEvent | undefined {
  const { memory } = now;
  const elapsedMs = now.takenMs - before.takenMs;
  if (elapsedMs <= 0 || memory === undefined) return undefined;
  if (before.cpu === undefined || now.cpu === undefined) return undefined;
  const cpuPercent = cpuPercentBetween(before.cpu, now.cpu);
  if (cpuPercent === undefined) return undefined;
  const { diskTotalMb, diskUsedPercent } = diskFigures(now.disk);
  const pressure = (resource: keyof Reading["pressureUs"]): number | undefined => {
    const [beforeUs, nowUs] = [before.pressureUs[resource], now.pressureUs[resource]];
    if (beforeUs === undefined || nowUs === undefined) return undefined;
    return pressurePercent(beforeUs, nowUs, elapsedMs);
  };
  const traffic =
    before.network === undefined || now.network === undefined
      ? {}
      : trafficBetween(before.network, now.network);
  const figures = withoutUndefined({
    cpuPercent,
    memoryUsedMb: memory.usedMb,
    memoryTotalMb: memory.totalMb,
    diskUsedPercent,
    load1: now.load1,
    swapUsedMb: memory.swapUsedMb,
    ...cgroupBetween(before.cgroup, now.cgroup, elapsedMs, now.cpu.size),
    memoryPressurePercent: pressure("memory"),
    cpuPressurePercent: pressure("cpu"),
    ioPressurePercent: pressure("io"),
    ...traffic,
    diskTotalMb,
  });
  return { type: "resources.sampled", ...rounded(figures) };
}

/** Two decimals: more is noise, and half of the line. */
function rounded(figures: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(figures).map(([name, value]) => [name, Math.round(value * 100) / 100]),
  );
}
