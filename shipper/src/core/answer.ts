import * as z from "zod/mini";

/** What a server said, read once at the edge. Each kind has its one consequence in `ship-state.ts` or `retry.ts`. */
export type Answer =
  | {
      readonly kind: "accepted";
      readonly next: number;
      readonly pace: number | undefined;
      readonly counts?: AcceptedCounts;
    }
  | { readonly kind: "position"; readonly next: number; readonly last: LastLine | undefined }
  | { readonly kind: "rewind"; readonly expected: number | undefined }
  | { readonly kind: "fork" }
  | { readonly kind: "too-large"; readonly maxEvents?: number; readonly maxBytes?: number }
  | { readonly kind: "refused"; readonly seqs: readonly number[] }
  | { readonly kind: "unreadable" }
  | FailedAnswer;

/** What became of a batch's lines; nothing but people depends on it. */
export interface AcceptedCounts {
  readonly accepted: number;
  readonly duplicates: number;
  readonly points: number;
}

/** Nothing was decided about the batch; the same request may succeed later. */
interface FailedAnswer {
  readonly kind: "failed";
  readonly status: number;
  /** Stable, for programs: the problem's own slug, or one for the status. */
  readonly slug: string;
  readonly healing: "soon" | "slow";
  readonly retryAfterMs: number | undefined;
}

/** The last line a server folded. */
export interface LastLine {
  readonly seq: number;
  /** First 32 hex digits of its SHA-256, without `\n`. */
  readonly hash: string;
}

/** An HTTP response as the shipper sees it. */
export interface RawAnswer {
  readonly status: number;
  readonly body: string;
  /** `Retry-After` as ms from now. */
  readonly retryAfterMs: number | undefined;
}

/** A field that is not what it should be is not there: the rest of the answer still counts. */
function lenient<T>(schema: z.ZodMiniType<T>): z.ZodMiniType<T | undefined> {
  // oxlint-disable-next-line promise/valid-params -- zod's catch, no promise's
  return z.catch(schema, undefined as T);
}

const position = z.int().check(z.gte(1));
const count = z.int().check(z.gte(0));
const acceptedSchema = z.object({
  next: position,
  pace: lenient(z.optional(z.number())),
});
const countsSchema = z.object({ accepted: count, duplicates: count, points: count });
const positionSchema = z.object({
  next: position,
  last: lenient(z.nullish(z.string().check(z.regex(/^[1-9]\d{0,15}:[0-9a-f]{32}$/)))),
});
const conflictSchema = z.object({
  type: lenient(z.optional(z.string())),
  expected: lenient(z.optional(position)),
});
const tooLargeSchema = z.object({
  maxEvents: lenient(z.optional(position)),
  maxBytes: lenient(z.optional(position)),
});
const refusedSchema = z.object({ rejected: z.array(z.object({ seq: position })) });
const problemSchema = z.object({ type: z.string() });

/** Statuses that no waiting cures: someone must mend a token, a URL or a version. */
const slowSlugs: Readonly<Record<number, string>> = {
  401: "unauthorized",
  403: "forbidden",
  404: "wrong-url",
  405: "wrong-url",
  415: "unsupported-media-type",
};

/** Reads the answer to a POST of events. */
export function readPostAnswer(raw: RawAnswer): Answer {
  switch (raw.status) {
    case 200: {
      const body = jsonOf(raw.body);
      const accepted = acceptedSchema.safeParse(body);
      if (!accepted.success) return failed(raw, "unreadable-answer", "soon");
      const { next, pace } = accepted.data;
      const believed = pace !== undefined && pace > 0 ? pace : undefined;
      const counts = countsSchema.safeParse(body).data;
      return { kind: "accepted", next, pace: believed, ...(counts !== undefined && { counts }) };
    }
    case 400:
      return { kind: "unreadable" };
    case 409: {
      const conflict = conflictSchema.safeParse(jsonOf(raw.body)).data;
      if (slugOf(conflict?.type) === "fork") return { kind: "fork" };
      return { kind: "rewind", expected: conflict?.expected };
    }
    case 413: {
      const said = tooLargeSchema.safeParse(jsonOf(raw.body)).data;
      return { kind: "too-large", ...definedOnly(said ?? {}) };
    }
    case 422: {
      const refused = refusedSchema.safeParse(jsonOf(raw.body)).data;
      return { kind: "refused", seqs: (refused?.rejected ?? []).map(({ seq }) => seq) };
    }
    default:
      return readFailure(raw);
  }
}

/** Reads the answer to a GET of a journal's position. */
export function readPositionAnswer(raw: RawAnswer): Answer {
  if (raw.status !== 200) return readFailure(raw);
  const said = positionSchema.safeParse(jsonOf(raw.body));
  if (!said.success) return failed(raw, "unreadable-answer", "soon");
  const { next, last } = said.data;
  return { kind: "position", next, last: lastLineOf(last) };
}

function readFailure(raw: RawAnswer): FailedAnswer {
  const { status } = raw;
  if (status >= 300 && status < 400) return failed(raw, "redirect", "slow");
  const slow = slowSlugs[status];
  const said = slugOf(problemSchema.safeParse(jsonOf(raw.body)).data?.type);
  if (slow !== undefined) return failed(raw, slow === "wrong-url" ? slow : (said ?? slow), "slow");
  // A timeout, too early and too many are the client errors that pass by themselves.
  const passes = status >= 500 || status < 400 || [408, 425, 429].includes(status);
  return failed(raw, said ?? `status-${status}`, passes ? "soon" : "slow");
}

function failed(raw: RawAnswer, slug: string, healing: "soon" | "slow"): FailedAnswer {
  return { kind: "failed", status: raw.status, slug, healing, retryAfterMs: raw.retryAfterMs };
}

/** A problem's `type` may be the slug itself or a URI that ends in it. */
function slugOf(type: string | undefined): string | undefined {
  const slug = type?.split(/[/#:]/).findLast((part) => part !== "");
  return slug === undefined || slug === "blank" ? undefined : slug.slice(0, 64);
}

function lastLineOf(text: string | null | undefined): LastLine | undefined {
  const [seq, hash] = text?.split(":") ?? [];
  return hash === undefined ? undefined : { seq: Number(seq), hash };
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // Not JSON is an answer too: the schemas refuse it.
    return undefined;
  }
}

type DefinedOnly<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

function definedOnly<T extends object>(value: T): DefinedOnly<T> {
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(entries) as DefinedOnly<T>;
}
