import fs from "node:fs";
import type { Liveness, ProcessIdentity } from "./environment.ts";
import { errorCode } from "./file-errors.ts";

/** Who this process is, from `/proc`; without one, its pid alone. */
export function ownIdentity(): ProcessIdentity {
  return {
    pid: process.pid,
    startTime: readProcess(process.pid)?.startTime ?? null,
    hostBoot: readText("/proc/sys/kernel/random/boot_id"),
    pidNamespace: /\d+/.exec(readLink("/proc/self/ns/pid") ?? "")?.[0] ?? null,
  };
}

/** Whether `holder` still runs, as far as the process `self` can see. */
export function holderIsAlive(holder: ProcessIdentity, self: ProcessIdentity): Liveness {
  if (holder.hostBoot !== self.hostBoot) return "dead";
  if (holder.pidNamespace !== self.pidNamespace) {
    // A pid of another namespace means nothing here, but a namespace above sees the processes of those below.
    return seenFromAbove(holder) ? "alive" : "unknown";
  }
  if (holder.startTime === null || self.startTime === null) {
    return signalReaches(holder.pid) ? "alive" : "dead";
  }
  const found = readProcess(holder.pid);
  // A zombie has closed its files: it cannot write any more, though its parent may never reap it.
  return found !== undefined && found.startTime === holder.startTime && !found.ended
    ? "alive"
    : "dead";
}

interface ProcessFacts {
  readonly startTime: string;
  readonly ended: boolean;
}

/** State and start time of a process, from `/proc/<pid>/stat` (fields 3 and 22). */
function readProcess(pid: number | string): ProcessFacts | undefined {
  const text = readText(`/proc/${pid}/stat`);
  // Field 2, the command's name, may hold spaces and parentheses: fields are counted behind its last one.
  const fields = text?.slice(text.lastIndexOf(")") + 2).split(" ");
  const state = fields?.[0];
  const startTime = fields?.[19];
  if (state === undefined || startTime === undefined) return undefined;
  return { startTime, ended: state === "Z" || state === "X" };
}

function seenFromAbove(holder: ProcessIdentity): boolean {
  if (holder.startTime === null) return false;
  for (const name of listDirectory("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const facts = readProcess(name);
    if (facts === undefined || facts.ended || facts.startTime !== holder.startTime) continue;
    const pids = /^NSpid:\s*(.*)$/m.exec(readText(`/proc/${name}/status`) ?? "")?.[1];
    const inner = pids?.split(/\s+/).slice(1) ?? [];
    if (inner.includes(String(holder.pid))) return true;
  }
  return false;
}

function signalReaches(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process refuses the signal, which is an answer as well.
    return errorCode(error) === "EPERM";
  }
}

function readText(path: string): string | null {
  try {
    return fs.readFileSync(path, "utf8").trim();
  } catch {
    // No such process, or no /proc here: not known.
    return null;
  }
}

function readLink(path: string): string | null {
  try {
    return fs.readlinkSync(path);
  } catch {
    // Kernels without pid namespaces, and other systems: not known.
    return null;
  }
}

function listDirectory(path: string): string[] {
  try {
    return fs.readdirSync(path);
  } catch {
    // No /proc here: nothing to see.
    return [];
  }
}
