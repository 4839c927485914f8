import * as z from "zod/mini";

/**
 * What a running shipper leaves beside its checkpoint for `status`: everything that the checkpoint
 * and the journal on disk do not say. It is for people; shipping never depends on it.
 */

const ms = z.number();
const amount = z.number().check(z.gte(0));
const count = z.int().check(z.gte(0));
const position = z.int().check(z.gte(1));

const statusSchema = z.object({
  version: z.literal(1),
  /** The shipper's process. */
  pid: count,
  /** When that process began by the system's own count, where it says so: another process gets the pid one day. */
  processStart: z.optional(z.string()),
  startedAtMs: ms,
  writtenAtMs: ms,
  /** There where the shipper ended in order. */
  stoppedAtMs: z.optional(ms),
  /** The journal's directory. */
  dir: z.string(),
  url: z.string(),
  tokenFile: z.string(),
  tokenExpiresAtMs: z.optional(ms),
  /** Size at which the journal's writer deletes its oldest segment, where the shipper was told. */
  retentionBytes: z.optional(z.int().check(z.gte(1))),
  /** The server's position as it was last heard. */
  server: z.optional(z.object({ next: position, heardAtMs: ms })),
  lastSuccess: z.optional(z.object({ atMs: ms, events: count, tookMs: amount })),
  lastError: z.optional(
    z.object({
      atMs: ms,
      slug: z.string(),
      /** HTTP status, 0 where no answer came. */
      status: count,
      message: z.string(),
      hint: z.string(),
    }),
  ),
  /** Attempts that failed in a row; 0 where the last one did not. */
  failedAttempts: count,
  nextRetryAtMs: z.optional(ms),
  /** Since this process began. */
  shipped: z.object({ events: count, bytes: count, lost: count }),
  /** In the last minute or so. */
  rate: z.object({ eventsPerSecond: amount, bytesPerSecond: amount }),
});

export type ShipperStatus = z.infer<typeof statusSchema>;

export const statusPath = (stateDir: string): string => `${stateDir}/status.json`;

/** The status that `value` is, or undefined where it is none: a damaged one counts as lost. */
export function readStatus(value: unknown): ShipperStatus | undefined {
  return statusSchema.safeParse(value).data;
}
