import { randomUUID } from "node:crypto";
import fs from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { WriterEnvironment } from "./environment.ts";
import { holderIsAlive, ownIdentity } from "./process-identity.ts";

/**
 * The real world. `fs` is passed as the module's own object, so that what replaces one of its
 * functions is seen here too.
 */
export function nodeEnvironment(): WriterEnvironment {
  const self = ownIdentity();
  // `performance.now()` counts from the process's start and is cheap to read; this makes it the
  // host's monotonic clock, which other processes can read as well.
  const processStartMs = Number(process.hrtime.bigint()) / 1e6 - performance.now();
  return {
    fs,
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
