import type { LastLine } from "./answer.ts";

/** What the disk says about a position that a server gave. */
export interface DiskFacts {
  /** The position that the next event on disk will have. */
  readonly nextSeq: number;
  /** Hash of the line at the server's last position, where it is still on disk. */
  readonly hashOfLast: string | undefined;
}

/**
 * Whether the server's journal and the one on disk are one history. They are two where the
 * server has more than the disk, or another line at the same position: a snapshot was restored, a
 * machine cloned, or a power cut took back lines that had been shipped.
 */
export function isFork(
  server: { readonly next: number; readonly last: LastLine | undefined },
  disk: DiskFacts,
): boolean {
  if (server.next > disk.nextSeq) return true;
  if (server.last === undefined || disk.hashOfLast === undefined) return false;
  return server.last.hash !== disk.hashOfLast;
}

/**
 * Where to begin: where the last acknowledged batch ended by the checkpoint, or one batch below the
 * server's position, whichever is nearer. The server may have folded that batch without having
 * passed on its points, and passes them on when it sees the batch again; it counts the lines as
 * duplicates.
 */
export function beginAt(
  serverNext: number,
  checkpointNext: number | undefined,
  maxEvents: number,
): number {
  const oneBatchBack = Math.max(1, serverNext - maxEvents);
  return Math.min(serverNext, Math.max(oneBatchBack, checkpointNext ?? 1));
}
