/** A point as a test writes it. */
export interface Point {
  readonly metric: "resource" | "process" | "startup" | "journal";
  /** When it happened, ms since the epoch. */
  readonly at: number;
  readonly machine: string;
  readonly project: string;
  readonly machineType: string;
  readonly journal: string;
  readonly number: number;
  readonly boot: string;
  readonly lagMs: number;
  /** How many points it stands for, where points are sampled. */
  readonly weight: number;
  readonly blobs: Readonly<Record<number, string>>;
  readonly doubles: Readonly<Record<number, number>>;
}

/** What a test may say of any point. */
type Common = Partial<Omit<Point, "metric" | "at" | "blobs" | "doubles">>;

/** A journal's id, 36 characters as all have. */
export const journalId = "0b5bfb10-0000-4000-8000-000000000001";

let numbers = 0;

function point(
  metric: Point["metric"],
  at: number,
  common: Common,
  blobs: Point["blobs"],
  doubles: Point["doubles"],
): Point {
  const named = {
    machine: "m1",
    project: "p",
    machineType: "t",
    journal: journalId,
    boot: "b1",
    lagMs: 0,
    weight: 1,
    number: (numbers += 1),
  };
  return { metric, at, ...named, ...common, blobs, doubles };
}

/** A process that changed its state. */
export function change(
  at: number,
  process: string,
  [from, to]: readonly [string, string],
  more: Common & {
    readonly runMs?: number;
    readonly code?: number;
    readonly signal?: string;
    readonly restarts?: number;
    readonly kind?: string;
    readonly previousMs?: number;
  } = {},
): Point {
  const { runMs = 0, code = -1, signal = "", restarts = 0, kind = "process", ...rest } = more;
  const { previousMs = 0, ...common } = rest;
  const blobs = { 5: process, 6: to, 9: from, 10: signal, 11: kind };
  return point("process", at, common, blobs, { 1: runMs, 2: restarts, 3: code, 4: previousMs });
}

/** A sample; what is not said of the optional figures is absent. */
export function sample(
  at: number,
  more: Common & {
    readonly cpu?: number;
    readonly usedMb?: number;
    readonly totalMb?: number;
    readonly disk?: number;
    readonly load1?: number;
    readonly swapMb?: number;
    readonly cgroupCpu?: number;
    readonly cgroupMb?: number;
    readonly limitMb?: number;
    readonly throttled?: number;
    readonly oomKills?: number;
    readonly memoryPressure?: number;
    readonly cpuPressure?: number;
    readonly ioPressure?: number;
    readonly rxBytes?: number;
    readonly txBytes?: number;
    readonly diskMb?: number;
  } = {},
): Point {
  const { cpu = 0, usedMb = 0, totalMb = 1000, disk = 0, load1 = -1, swapMb = -1, ...rest } = more;
  const { cgroupCpu = -1, cgroupMb = -1, limitMb = -1, throttled = -1, oomKills = -1 } = rest;
  const { memoryPressure = -1, cpuPressure = -1, ioPressure = -1 } = rest;
  const { rxBytes = -1, txBytes = -1, diskMb = -1 } = rest;
  const optional = [load1, swapMb, cgroupCpu, cgroupMb, limitMb, throttled, oomKills];
  optional.push(memoryPressure, cpuPressure, ioPressure, rxBytes, txBytes, diskMb);
  const doubles: Record<number, number> = { 1: cpu, 2: usedMb, 3: totalMb, 4: disk };
  for (const [index, figure] of optional.entries()) doubles[7 + index] = figure;
  return point("resource", at, rest, {}, doubles);
}

/** A start-up. */
export function start(
  at: number,
  state: "ready" | "never-ready" | "silent",
  more: Common & {
    readonly readyMs?: number;
    readonly entrypointAt?: number;
    readonly tasksAt?: number;
    readonly daemonAt?: number;
    readonly version?: string;
    readonly cpus?: number;
    readonly memoryMb?: number;
  } = {},
): Point {
  const { readyMs = 0, entrypointAt = 0, tasksAt = 0, daemonAt = 0, version = "", ...rest } = more;
  const { cpus = -1, memoryMb = -1, ...common } = rest;
  const doubles = { 1: readyMs, 2: entrypointAt, 3: tasksAt, 4: daemonAt, 7: cpus, 8: memoryMb };
  return point("startup", at, common, { 6: state, 12: version }, doubles);
}

/** Events that are missing, or a silence. */
export function missing(at: number, reason: string, events: number, common: Common = {}): Point {
  return point("journal", at, common, { 6: reason }, { 1: events });
}
