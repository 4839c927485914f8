import { linkSync, readFileSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeFolder } from "pidnap-journal";
import { z } from "zod";
import { DataLockedError, DataUnusableError } from "./errors.ts";

const holderSchema = z.object({ pid: z.int().positive(), startedAt: z.string() });
type Holder = z.infer<typeof holderSchema>;

/**
 * Takes a data directory for this process; gives the function that frees it. Throws
 * DataLockedError where a living process has it, DataUnusableError where it cannot be written. A holder is known by its pid and its start, so
 * that a file left by a killed process never blocks, even where its pid is used again.
 */
export function lockDataDir(dir: string): () => void {
  const path = join(dir, "dev.lock");
  const mine: Holder = { pid: process.pid, startedAt: startOf(process.pid) };
  const draft = `${path}.${process.pid}`;
  try {
    makeFolder(dir, 0o750);
    writeFileSync(draft, `${JSON.stringify(mine)}\n`, { mode: 0o640 });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new DataUnusableError(dir, why, error);
  }
  try {
    for (;;) {
      try {
        // A link fails where the name exists: of two that start at once, one gets it.
        linkSync(draft, path);
        break;
      } catch (error) {
        if (!isCode(error, "EEXIST")) throw error;
        const holder = readHolder(path);
        if (holder !== undefined && isAlive(holder)) throw new DataLockedError(dir, holder.pid);
        unlinkIfThere(path);
      }
    }
  } finally {
    unlinkIfThere(draft);
  }
  return () => unlinkIfThere(path);
}

function readHolder(path: string): Holder | undefined {
  try {
    return holderSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    // Gone meanwhile, or torn by a power cut: nobody's.
    return undefined;
  }
}

function isAlive(holder: Holder): boolean {
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if (!isCode(error, "EPERM")) return false;
  }
  return startOf(holder.pid) === holder.startedAt;
}

/** When a process started, in the kernel's ticks since boot and the boot's id; "" where there is no /proc, "ended" for one that only waits to be reaped. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in parentheses may hold anything; the fields after it count from the third.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const ticks = fields[19] ?? "";
    // A zombie holds nothing any more, though its parent may be slow to reap it.
    if (fields[0] === "Z" || fields[0] === "X") return "ended";
    return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()}:${ticks}`;
  } catch {
    return "";
  }
}

function unlinkIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (!isCode(error, "ENOENT")) throw error;
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
