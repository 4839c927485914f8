import { readFileSync, statfs } from "node:fs";
import { readFile } from "node:fs/promises";
import { cpus, hostname, release, totalmem } from "node:os";
import { promisify } from "node:util";
import type { DiskFacts } from "./resources/disk.ts";
import { onExit, onTermination } from "./termination.ts";

/** What an attachment needs of the machine and of its own process. */
export interface AttachWorld {
  /** Wall clock, ms since the epoch. */
  now(): number;
  /** Monotonic clock, ms. */
  monotonicNow(): number;
  /** Calls `work` once, later, without keeping the process alive. @returns what cancels it */
  later(delayMs: number, work: () => void): () => void;
  /** Calls `work` when the code that runs now is done. */
  soon(work: () => void): void;
  /** A small file of /proc or /sys, whole. @throws where it cannot be read */
  readTextNow(path: string): string;
  /** The same, without blocking. */
  readText(path: string): Promise<string>;
  diskOf(path: string): Promise<DiskFacts>;
  readonly machine: MachineFacts;
  /** Calls `listener` when this process exits, before other listeners. @returns what takes it back */
  onExit(listener: (code: number) => void): () => void;
  /**
   * Calls `listener` when this process is told to end, before whoever handles that; `isLast` where nobody
   * does, so that the process ends right behind it. @returns what takes it back
   */
  onTermination(listener: (signal: string, isLast: boolean) => void): () => void;
  /** Says something where the operator of pidnap sees it. */
  warn(message: string): void;
}

/** What is known of the machine without asking twice. */
export interface MachineFacts {
  readonly hostname: string;
  readonly kernel: string;
  readonly cpus: number;
  readonly memoryTotalMb: number;
  /** Age of this process, ms. */
  readonly processAgeMs: () => number;
}

/** The real one. */
export function nodeAttachWorld(): AttachWorld {
  return {
    now: () => Date.now(),
    monotonicNow: () => performance.now(),
    later(delayMs, work) {
      const timer = setTimeout(work, delayMs).unref();
      return () => clearTimeout(timer);
    },
    soon: (work) => queueMicrotask(work),
    readTextNow: (path) => readFileSync(path, "utf8"),
    readText: (path) => readFile(path, "utf8"),
    diskOf: promisify(statfs),
    machine: {
      hostname: hostname(),
      kernel: release(),
      cpus: cpus().length,
      memoryTotalMb: Math.round(totalmem() / 1024 / 1024),
      processAgeMs: () => process.uptime() * 1000,
    },
    onExit,
    onTermination,
    warn: (message) => process.emitWarning(message, { type: "PidnapJournalWarning" }),
  };
}
