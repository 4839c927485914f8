import { join } from "node:path";
import { z } from "zod";
import type { ProcessIdentity, WriterEnvironment } from "./environment.ts";
import { errorCode, isMissing } from "./file-errors.ts";

/**
 * One writer at a time, without help from the kernel's locks, which Node does not offer.
 *
 * A lock is a file `writer-<n>.lock` that names its process. To take it: look at all of them; where
 * a living process is named, the journal is locked; else make the file of the next number, which
 * only one process can, write one's name into it, and look again. Only who is now the highest, with
 * no other living process named, holds the lock; anyone else takes the own file away and begins
 * anew. Of two processes, one made its file before the other looked again, so the other has seen it:
 * never do both hold the lock, whatever was deleted in between. A file whose name was never written
 * names nobody, so a crash at any step leaves nothing that blocks.
 */

const lockPattern = /^writer-(\d{1,15})\.lock$/;

const holderSchema = z.object({
  pid: z.int().min(1),
  startTime: z.string().nullable(),
  hostBoot: z.string().nullable(),
  pidNamespace: z.string().nullable(),
  token: z.string(),
});
type Holder = z.infer<typeof holderSchema>;

/** Enough for any holder's file. */
const maxLockBytes = 4096;

/** Locks of this process that were released although their files could not be removed (a read-only disk). */
const releasedInPlace = new Set<string>();

/** A lock that this process holds. */
export interface HeldLock {
  /** Whether the file is still there: a directory that was deleted took it along. */
  isHeld(): boolean;
  release(): void;
}

/** What an attempt to take the lock came to. */
export type LockAttempt =
  | { readonly kind: "held"; readonly lock: HeldLock }
  | { readonly kind: "locked"; readonly pid: number }
  /** Another process was taking it at the same moment: to be tried again. */
  | { readonly kind: "contended" };

/** Tries once to take the lock of `dir`. @throws what the file system throws */
export function tryLock(env: WriterEnvironment, dir: string): LockAttempt {
  const before = readLocks(env, dir);
  const living = before.find((lock) => isLiving(env, lock));
  if (living?.holder !== undefined) return { kind: "locked", pid: living.holder.pid };
  const number = before.reduce((highest, lock) => Math.max(highest, lock.number), 0) + 1;
  const own = makeLock(env, dir, number);
  if (own === undefined) return { kind: "contended" };
  try {
    const others = readLocks(env, dir).filter((lock) => lock.number !== number);
    if (others.some((lock) => lock.number > number || isLiving(env, lock))) {
      own.release();
      return { kind: "contended" };
    }
    for (const stale of others) removeQuietly(env, stale.path);
  } catch (error) {
    own.release();
    throw error;
  }
  return { kind: "held", lock: own };
}

interface LockFile {
  readonly number: number;
  readonly path: string;
  /** Undefined where the file names nobody: its maker died, or is about to write. */
  readonly holder: Holder | undefined;
}

function readLocks(env: WriterEnvironment, dir: string): LockFile[] {
  const locks: LockFile[] = [];
  for (const name of env.fs.readdirSync(dir)) {
    const digits = lockPattern.exec(name)?.[1];
    if (digits === undefined) continue;
    const path = join(dir, name);
    const text = readSmallFile(env, path);
    if (text !== undefined) locks.push({ number: Number(digits), path, holder: parseHolder(text) });
  }
  return locks;
}

function isLiving(env: WriterEnvironment, { holder }: LockFile): boolean {
  if (holder === undefined || releasedInPlace.has(holder.token)) return false;
  return env.holderIsAlive(holder) === "alive";
}

/** Makes the lock file of this number; undefined where another process has just made it. */
function makeLock(env: WriterEnvironment, dir: string, number: number): HeldLock | undefined {
  const path = join(dir, `writer-${number}.lock`);
  const token = env.randomUuid();
  let fd: number;
  try {
    fd = env.fs.openSync(path, "wx", 0o640);
  } catch (error) {
    if (errorCode(error) === "EEXIST") return undefined;
    throw error;
  }
  try {
    writeHolder(env, fd, { ...identityFields(env.self), token });
  } catch (error) {
    removeQuietly(env, path);
    throw error;
  } finally {
    env.fs.closeSync(fd);
  }
  const isHeld = () => parseHolder(readSmallFile(env, path) ?? "")?.token === token;
  return {
    isHeld,
    release: () => {
      // Where the file cannot be taken away, this process must still know that nobody holds it.
      releasedInPlace.add(token);
      // Only the own file is taken away: after a directory was deleted, another's may stand there.
      if (!isHeld() || removeQuietly(env, path)) releasedInPlace.delete(token);
    },
  };
}

function writeHolder(env: WriterEnvironment, fd: number, holder: Holder): void {
  const bytes = Buffer.from(`${JSON.stringify(holder)}\n`);
  const written = env.fs.writeSync(fd, bytes, 0, bytes.length);
  if (written < bytes.length) {
    throw Object.assign(new Error("the lock file could not be written whole"), { code: "ENOSPC" });
  }
}

function identityFields({ pid, startTime, hostBoot, pidNamespace }: ProcessIdentity) {
  return { pid, startTime, hostBoot, pidNamespace };
}

function parseHolder(text: string): Holder | undefined {
  try {
    return holderSchema.safeParse(JSON.parse(text)).data;
  } catch {
    // Half-written by a crash: it names nobody.
    return undefined;
  }
}

function readSmallFile(env: WriterEnvironment, path: string): string | undefined {
  let fd: number;
  try {
    fd = env.fs.openSync(path, "r");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  try {
    const buffer = Buffer.alloc(maxLockBytes);
    return buffer.toString("utf8", 0, env.fs.readSync(fd, buffer, 0, maxLockBytes, 0));
  } finally {
    env.fs.closeSync(fd);
  }
}

/** Whether the file is gone now. */
function removeQuietly(env: WriterEnvironment, path: string): boolean {
  try {
    env.fs.unlinkSync(path);
    return true;
  } catch (error) {
    // A stale file that stays blocks nobody: it names a process that is gone.
    return isMissing(error);
  }
}
