import * as z from "zod";
import { JournalOptionError } from "../errors.ts";
import { bootIdSchema, type BootId } from "../event.ts";
import { defaultMaxSegmentAgeMs, defaultMaxSegmentBytes, defaultMaxTotalBytes } from "../limits.ts";

const optionsSchema = z.object({
  boot: bootIdSchema.optional(),
  maxSegmentBytes: z.int().min(1).optional(),
  maxSegmentAgeMs: z.number().positive().default(defaultMaxSegmentAgeMs),
  maxTotalBytes: z.int().min(1).default(defaultMaxTotalBytes),
  fsync: z.enum(["interval", "always", "never"]).default("interval"),
});

/** When what was written is forced to the disk. */
export type FsyncPolicy = z.infer<typeof optionsSchema>["fsync"];

/** What `openJournal` can be told; everything has a default. */
export interface OpenJournalOptions {
  /** Id of this run of pidnap; else a random UUID. */
  readonly boot?: string | undefined;
  /** Size at which a segment is sealed and the next one begins; 8 MiB. */
  readonly maxSegmentBytes?: number | undefined;
  /** Age at which a segment is sealed; 24 h. */
  readonly maxSegmentAgeMs?: number | undefined;
  /** Size of all segments together above which the oldest are deleted; 64 MiB. */
  readonly maxTotalBytes?: number | undefined;
  /** "interval": at most every second (default); "always": before `append` returns; "never". */
  readonly fsync?: FsyncPolicy | undefined;
}

/** The options with nothing left open. */
export interface WriterOptions {
  readonly boot: BootId;
  readonly maxSegmentBytes: number;
  readonly maxSegmentAgeMs: number;
  readonly maxTotalBytes: number;
  readonly fsync: FsyncPolicy;
}

/** Checks the options and fills in what they leave open. @throws JournalOptionError */
export function readOptions(
  dir: unknown,
  options: unknown,
  randomUuid: () => string,
): WriterOptions {
  if (typeof dir !== "string" || dir === "") {
    throw new JournalOptionError(
      `The journal's directory must be a path, not ${describe(dir)}.`,
      "Pass the directory that the journal lives in; it is made where it does not exist.",
    );
  }
  const parsed = optionsSchema.safeParse(options ?? {});
  if (!parsed.success) {
    const fault = parsed.error.issues[0];
    throw new JournalOptionError(
      `The journal's option ${fault?.path.join(".") ?? ""} cannot be used: ${fault?.message ?? "invalid"}.`,
      "Sizes are whole bytes, ages ms, both above 0; fsync is interval, always or never.",
      parsed.error,
    );
  }
  const given = parsed.data;
  return {
    boot: given.boot ?? bootIdSchema.parse(randomUuid()),
    maxSegmentBytes: segmentBytes(given.maxSegmentBytes, given.maxTotalBytes),
    maxSegmentAgeMs: given.maxSegmentAgeMs,
    maxTotalBytes: given.maxTotalBytes,
    fsync: given.fsync,
  };
}

/** A live segment is never deleted, so one larger than the total would break the bound on the disk. */
function segmentBytes(given: number | undefined, maxTotalBytes: number): number {
  if (given !== undefined) return Math.min(given, maxTotalBytes);
  // As many segments as by default, so that a small total does not lose half its history at a time.
  const share = defaultMaxTotalBytes / defaultMaxSegmentBytes;
  return Math.min(defaultMaxSegmentBytes, Math.max(1, Math.floor(maxTotalBytes / share)));
}

function describe(value: unknown): string {
  return value === "" ? "an empty one" : typeof value;
}
