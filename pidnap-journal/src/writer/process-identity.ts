import fs from "node:fs";
import type { Liveness, ProcessIdentity } from "./environment.ts";
import { errorCode } from "./file-errors.ts";

/** Who this process is, from `/proc`; without one, its pid alone. */
export function ownIdentity(): ProcessIdentity {
  return {
    pid: process.pid,
    // Not by the pid: where `/proc` is that of a namespace above, it has another process under it.
    startTime: readProcess("self")?.startTime ?? null,
    hostBoot: readText("/proc/sys/kernel/random/boot_id"),
    pidNamespace: /\d+/.exec(readLink("/proc/self/ns/pid") ?? "")?.[0] ?? null,
  };
}

/** Whether `holder` still runs, as far as the process `self` can see. */
export function holderIsAlive(holder: ProcessIdentity, self: ProcessIdentity): Liveness {
  if (holder.hostBoot !== self.hostBoot) return "dead";
  const isNeighbour = holder.pidNamespace === self.pidNamespace;
  if (holder.startTime === null || self.startTime === null) {
    return isNeighbour && signalReaches(holder.pid) ? "alive" : "dead";
  }
  if (isNeighbour && holder.pid === self.pid) {
    return holder.startTime === self.startTime ? "alive" : "dead";
  }
  if (isNeighbour && readLink("/proc/self") === String(self.pid)) {
    return runsSince(readProcess(holder.pid), holder.startTime) ? "alive" : "dead";
  }
  // The pid means nothing here. But a `/proc` of a namespace above shows those below as well.
  if (isSeenBelow(holder)) return "alive";
  return isNeighbour ? "dead" : "unknown";
}

interface ProcessFacts {
  readonly startTime: string;
  readonly hasEnded: boolean;
}

/** A zombie has closed its files: it cannot write any more, though its parent may never reap it. */
function runsSince(facts: ProcessFacts | undefined, startTime: string | null): boolean {
  return facts !== undefined && !facts.hasEnded && facts.startTime === startTime;
}

/** State and start time of a process, from `/proc/<pid>/stat` (fields 3 and 22). */
function readProcess(pid: number | string): ProcessFacts | undefined {
  const text = readText(`/proc/${pid}/stat`);
  // Field 2, the command's name, may hold spaces and parentheses: fields are counted behind its last one.
  const fields = text?.slice(text.lastIndexOf(")") + 2).split(" ");
  const state = fields?.[0];
  const startTime = fields?.[19];
  if (state === undefined || startTime === undefined) return undefined;
  return { startTime, hasEnded: state === "Z" || state === "X" };
}

/** Whether a process that started then has that pid in any of the namespaces it is in. */
function isSeenBelow(holder: ProcessIdentity): boolean {
  return listDirectory("/proc").some((name) => {
    if (!/^\d+$/.test(name) || !runsSince(readProcess(name), holder.startTime)) return false;
    const pids = /^NSpid:\s*(.*)$/m.exec(readText(`/proc/${name}/status`) ?? "")?.[1];
    return pids?.split(/\s+/).includes(String(holder.pid)) ?? false;
  });
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
