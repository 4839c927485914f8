import { join } from "node:path";
import type { Liveness, ProcessIdentity, WriterEnvironment } from "./environment.ts";
import { isMissing } from "./file-errors.ts";
import { removeQuietly } from "./small-files.ts";

/**
 * One writer at a time, without help from the kernel's locks, which Node does not offer.
 *
 * A lock is an empty file whose name says which process holds it: it is there whole or not at all,
 * whatever dies when, and needs no room on a full disk. To take it: look for others, and where a
 * living process is named, the journal is locked; else make the own file, and look again. Only
 * where no other living process is named then is the lock taken; else the own file goes away and
 * all begins anew. Of two processes, one made its file before the other looked again, so that other
 * has seen it: both never hold the lock, whatever was deleted in between.
 */

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

/**
 * Tries once to take the lock of `dir`.
 *
 * @param unseen what a holder counts as whose pid namespace cannot be looked into. For who opens a
 *   journal, dead: else a container that was replaced would block the one in its place for ever. For
 *   who lost its lock, alive: it was taken by a later writer, and of the two the later one goes on
 * @throws what the file system throws
 */
export function tryLock(
  env: WriterEnvironment,
  dir: string,
  unseen: "dead" | "alive",
): LockAttempt {
  const dirInode = String(env.fs.statSync(dir).ino);
  const isLiving = (lock: LockFile) => {
    const seen = livenessOf(env, lock, dirInode);
    return (seen === "unknown" ? unseen : seen) === "alive";
  };
  const living = readLocks(env, dir).find(isLiving);
  if (living !== undefined) return { kind: "locked", pid: living.holder.pid };
  const name = lockName(env.self, dirInode, env.randomUuid());
  const own = makeLock(env, join(dir, name));
  try {
    const others = readLocks(env, dir).filter((lock) => lock.name !== name);
    if (others.some(isLiving)) {
      own.release();
      return { kind: "contended" };
    }
    for (const stale of others) removeQuietly(env.fs, join(dir, stale.name));
  } catch (error) {
    own.release();
    throw error;
  }
  return { kind: "held", lock: own };
}

/**
 * Whether a process holds the lock of `dir`, as far as can be seen; for who only reads.
 *
 * @throws what the file system throws
 */
export function writerLiveness(env: LookingEnvironment, dir: string): Liveness {
  const dirInode = String(env.fs.statSync(dir).ino);
  const seen = readLocks(env, dir).map((lock) => livenessOf(env, lock, dirInode));
  return seen.find((one) => one === "alive") ?? seen.find((one) => one === "unknown") ?? "dead";
}

/** What is needed to look at locks without taking one. */
type LookingEnvironment = Pick<WriterEnvironment, "holderIsAlive"> & {
  readonly fs: Pick<WriterEnvironment["fs"], "readdirSync" | "statSync">;
};

function livenessOf(env: LookingEnvironment, lock: LockFile, dirInode: string): Liveness {
  if (lock.inode !== dirInode || releasedInPlace.has(lock.name)) return "dead";
  return env.holderIsAlive(lock.holder);
}

interface LockFile {
  readonly name: string;
  readonly holder: ProcessIdentity;
  /** The directory's own number: the copy of a directory has another one, and its lock locks nothing. */
  readonly inode: string;
}

/** Locks of this process that were released although their files could not be removed (a read-only disk). */
const releasedInPlace = new Set<string>();

function readLocks(env: LookingEnvironment, dir: string): LockFile[] {
  return env.fs.readdirSync(dir).flatMap((name) => parseLockName(name) ?? []);
}

function makeLock(env: WriterEnvironment, path: string): HeldLock {
  const { fs } = env;
  fs.closeSync(fs.openSync(path, "wx", 0o640));
  const isHeld = () => {
    try {
      fs.statSync(path);
      return true;
    } catch (error) {
      return !isMissing(error);
    }
  };
  return {
    isHeld,
    release: () => {
      // Where the file cannot be taken away, this process must still know that nobody holds it.
      if (!removeQuietly(fs, path)) releasedInPlace.add(nameOf(path));
    },
  };
}

const lockPattern = /^writer_([1-9]\d{0,9})_([^_]*)_([^_]*)_([^_]*)_([^_]*)_[^_]+\.lock$/;

/** A fact of a process that is not known is left empty. */
function lockName(self: ProcessIdentity, dirInode: string, unique: string): string {
  const { pid, startTime, hostBoot, pidNamespace } = self;
  const facts = [pid, startTime ?? "", hostBoot ?? "", pidNamespace ?? "", dirInode, unique];
  return `writer_${facts.join("_")}.lock`;
}

function parseLockName(name: string): LockFile | undefined {
  const [, pid, startTime, hostBoot, pidNamespace, inode = ""] = lockPattern.exec(name) ?? [];
  if (pid === undefined) return undefined;
  const holder = {
    pid: Number(pid),
    startTime: startTime || null,
    hostBoot: hostBoot || null,
    pidNamespace: pidNamespace || null,
  };
  return { name, holder, inode };
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
