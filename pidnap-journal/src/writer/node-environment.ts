import { randomUUID } from "node:crypto";
import fs from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { makeFolder } from "../make-folder.ts";
import { openFlags } from "../open-flags.ts";
import type { WriterEnvironment } from "./environment.ts";
import { holderIsAlive, ownIdentity } from "./process-identity.ts";

/**
 * The real world. `fs` looks through to the module's own object, so that what replaces one of its
 * functions is seen here too; only folders are made, and files opened, in a way that always comes back.
 */
export function nodeEnvironment(): WriterEnvironment {
  const self = ownIdentity();
  // `performance.now()` counts from the process's start and is cheap to read; this makes it the
  // host's monotonic clock, which other processes can read as well.
  const processStartMs = measureProcessStart();
  return {
    fs: Object.assign(Object.create(fs) as typeof fs, {
      openSync: (path: string, flags: string, mode?: number) =>
        fs.openSync(path, flags === "r" || flags === "a" ? openFlags[flags] : flags, mode),
      mkdirSync: (path: string, { mode }: { readonly mode: number }) => makeFolder(path, mode),
    }),
    now: Date.now,
    monotonicNow: () => processStartMs + performance.now(),
    randomUuid: randomUUID,
    every(intervalMs, work) {
      const timer = setInterval(work, intervalMs);
      timer.unref();
      return () => clearInterval(timer);
    },
    delay: (delayMs) => delay(delayMs),
    self,
    holderIsAlive: (holder) => holderIsAlive(holder, self),
    fsyncInBackground: (fd, done) => fs.fsync(fd, done),
  };
}

/** Tries at reading two clocks at once. */
const measurements = 5;

/**
 * When this process began, by the host's monotonic clock, ms. The two clocks are read one after the
 * other, and on a busy host something else may run in between, which would put this process's marks
 * out of order with others': the pair that was read fastest counts.
 */
function measureProcessStart(): number {
  let [shortestMs, startMs] = [Number.POSITIVE_INFINITY, 0];
  for (let count = 0; count < measurements; count += 1) {
    const beforeMs = performance.now();
    const hostMs = Number(process.hrtime.bigint()) / 1e6;
    const tookMs = performance.now() - beforeMs;
    if (tookMs >= shortestMs) continue;
    [shortestMs, startMs] = [tookMs, hostMs - beforeMs - tookMs / 2];
  }
  return startMs;
}
