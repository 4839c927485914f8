import { StateNotFoundError, TokenFileError } from "../errors.ts";
import { codeOf, isAbsent } from "../disk/segments.ts";
import { usualRetentionBytes } from "../limits.ts";
import { TokenFile } from "../net/token.ts";
import {
  checkpointPath,
  jsonOrUndefined,
  readCheckpoint,
  type Checkpoint,
} from "../state/checkpoint.ts";
import type { ShipperFs } from "../world.ts";
import { measureBacklog, type BacklogOnDisk } from "./backlog-on-disk.ts";
import { readStatus, statusPath, type ShipperStatus } from "./status-file.ts";

/** What is looked at from outside. */
export interface StatusWorld {
  readonly fs: ShipperFs;
  /** Wall clock, ms since the epoch. */
  readonly now: () => number;
  /** Whether a process lives; `start` is what `processStart` said of it. */
  readonly isAlive: (pid: number, start: string | undefined) => Promise<boolean>;
}

export interface StatusOptions {
  readonly state: string;
  /** The journal's directory, where the one in the state is not to be believed. */
  readonly dir?: string;
  /** Size at which the journal's writer deletes its oldest segment, bytes, where the shipper's word is not to be believed. */
  readonly retention?: number;
}

/** What a shipper has left, or says itself. */
interface Known {
  readonly status: ShipperStatus | undefined;
  readonly checkpoint: Checkpoint | undefined;
  /** Files that are there and say nothing. */
  readonly damaged: readonly string[];
}

/** What is known before anything is concluded from it. */
export interface Findings extends Known {
  readonly options: StatusOptions;
  readonly nowMs: number;
  /** Size at which the journal's writer deletes its oldest segment, bytes. */
  readonly retentionBytes: number;
  readonly dir: string | undefined;
  readonly alive: boolean;
  readonly backlog: BacklogOnDisk | undefined;
  /** The system's word for why the journal cannot be read, where it is so. */
  readonly unreadable: string | undefined;
  readonly expiresAtMs: number | undefined;
}

/**
 * Looks at the state directory, the journal and the process; writes nothing.
 *
 * @throws StateNotFoundError where no shipper has left anything in the directory
 */
export async function findOut(world: StatusWorld, options: StatusOptions): Promise<Findings> {
  const statusText = await read(world.fs, options.state, statusPath(options.state));
  const checkpointText = await read(world.fs, options.state, checkpointPath(options.state));
  if (statusText === undefined && checkpointText === undefined) {
    throw new StateNotFoundError(options.state);
  }
  const status = readStatus(jsonOrUndefined(statusText ?? ""));
  const checkpoint = readCheckpoint(jsonOrUndefined(checkpointText ?? ""));
  const damaged = [
    ...(checkpointText !== undefined && checkpoint === undefined ? ["checkpoint.json"] : []),
    ...(statusText !== undefined && status === undefined ? ["status.json"] : []),
  ];
  return findingsOf(world, options, { status, checkpoint, damaged });
}

/** The same about a shipper of which is known what it knows itself. */
export async function findingsOf(
  world: StatusWorld,
  options: StatusOptions,
  known: Known,
): Promise<Findings> {
  const { status, checkpoint } = known;
  const dir = options.dir ?? status?.dir;
  const position = positionOf(checkpoint, status);
  const isRunning = status !== undefined && status.stoppedAtMs === undefined;
  return {
    ...known,
    options,
    nowMs: world.now(),
    retentionBytes: options.retention ?? status?.retentionBytes ?? usualRetentionBytes,
    dir,
    alive: isRunning && (await world.isAlive(status.pid, status.processStart)),
    ...(await backlogOf(world.fs, dir, position ?? 1)),
    expiresAtMs: await tokenExpiry(world.fs, status),
  };
}

/** A journal that cannot be read is a finding too: all else is still to be told. */
async function backlogOf(
  fs: ShipperFs,
  dir: string | undefined,
  position: number,
): Promise<Pick<Findings, "backlog" | "unreadable">> {
  if (dir === undefined) return { backlog: undefined, unreadable: undefined };
  try {
    return { backlog: await measureBacklog(fs, dir, position), unreadable: undefined };
  } catch (error) {
    const code = codeOf(error);
    if (code?.startsWith("E") !== true) throw error;
    return { backlog: undefined, unreadable: code };
  }
}

/** The first position to be shipped, as the shipper knows it. */
export function positionOf(
  checkpoint: Checkpoint | undefined,
  status: ShipperStatus | undefined,
): number | undefined {
  if (checkpoint === undefined) return status?.server?.next;
  return Math.max(checkpoint.next, checkpoint.foreignBefore);
}

async function read(fs: ShipperFs, stateDir: string, path: string): Promise<string | undefined> {
  try {
    return Buffer.from(await fs.readFile(path)).toString("utf8");
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw new StateNotFoundError(stateDir, "cannot be read", error);
  }
}

/** The token may have been replaced since the shipper last looked; where it cannot be read here, what the shipper saw counts. */
async function tokenExpiry(
  fs: ShipperFs,
  status: ShipperStatus | undefined,
): Promise<number | undefined> {
  if (status === undefined) return undefined;
  const file = new TokenFile(fs, status.tokenFile);
  try {
    await file.refresh();
    return file.claims.expiresAtMs;
  } catch (error) {
    if (!(error instanceof TokenFileError)) throw error;
    return status.tokenExpiresAtMs;
  }
}
