import { line, temporaryDir, transition, writeSegment } from "./_journal-files.ts";

const journal = "87751d4c-a850-4e2c-84dc-da6a797d76de";
/** Wall clock of the first line, ms since the epoch. */
export const startAt = 1_700_000_000_000;

/** A line at a moment of a boot, ms. */
export const at = (ms: number, boot = "boot-1"): Record<string, unknown> => ({
  at: startAt + ms,
  mono: 5000 + ms,
  boot,
});
/** The first line of a segment, with the process table as it was. */
export const opened = (seq: number, processes: object, fields: object): string =>
  line(seq, { type: "segment.opened", journal, processes, ...fields });

/** A boot in which two tasks waited on each other, a process crashed, and the machine was lost; then another. */
export async function twoBoots(): Promise<string> {
  const dir = await temporaryDir();
  const crash = (seq: number, ms: number, from: string, to: string, more = {}): string =>
    transition(seq, "api", from, to, { kind: "process", ...at(ms), ...more });
  const task = (
    seq: number,
    name: string,
    ms: number,
    from: string,
    to: string,
    more = {},
  ): string => transition(seq, name, from, to, { kind: "task", ...at(ms), ...more });
  await writeSegment(
    dir,
    1,
    opened(1, {}, at(0)) +
      line(2, { type: "machine.booted", entrypointAt: startAt - 2000, ...at(0) }) +
      task(3, "migrate", 100, "idle", "running") +
      task(4, "migrate", 3100, "running", "stopped", { exitCode: 0 }) +
      task(5, "seed", 3110, "idle", "running") +
      task(6, "seed", 4110, "running", "stopped", { exitCode: 2 }) +
      line(7, { type: "tasks.completed", count: 2, failed: 1, ...at(4110) }) +
      crash(8, 4200, "idle", "running") +
      line(9, { type: "machine.ready", ...at(4500) }) +
      crash(10, 5200, "running", "restarting", { exitCode: 1, restarts: 1 }) +
      crash(11, 5300, "restarting", "running", { restarts: 1 }),
  );
  const table = {
    migrate: { state: "stopped", at: startAt + 3100, mono: 8100, restarts: 0, kind: "task" },
    seed: { state: "stopped", at: startAt + 4110, mono: 9110, restarts: 0 },
    api: { state: "running", at: startAt + 5300, mono: 10_300, restarts: 1, kind: "process" },
  };
  const sample = { cpuPercent: 10, memoryUsedMb: 100, memoryTotalMb: 1000, diskUsedPercent: 5 };
  await writeSegment(
    dir,
    12,
    opened(12, table, at(6000)) +
      line(13, { type: "resources.sampled", ...sample, ...at(7000) }) +
      line(14, { type: "resources.sampled", ...sample, cpuPercent: 30, load1: 2, ...at(8300) }) +
      opened(15, {}, at(20_000, "boot-2")) +
      line(16, { type: "machine.booted", entrypointAt: startAt + 19_000, ...at(20_000, "boot-2") }),
  );
  return dir;
}
