/** One line that cannot be folded, and why. */
export interface RejectedLine {
  readonly seq: number;
  readonly reason: string;
}

/**
 * Every way in which a request is refused: expected outcomes, returned and never thrown. The names
 * are the slugs of the problems that clients see (problem.ts).
 */
export type Refusal =
  | { readonly kind: "not-found" }
  | { readonly kind: "method-not-allowed"; readonly allow: string }
  | { readonly kind: "no-token" }
  | { readonly kind: "bad-token"; readonly reason: string }
  | { readonly kind: "expired-token" }
  | { readonly kind: "revoked-token" }
  | { readonly kind: "wrong-audience"; readonly needed: string }
  | { readonly kind: "rate-limited" }
  | { readonly kind: "unsupported-content-type" }
  | { readonly kind: "unsupported-content-encoding" }
  | { readonly kind: "too-large"; readonly maxEvents: number; readonly maxBytes: number }
  | { readonly kind: "not-gzip" }
  | { readonly kind: "incomplete-body" }
  | { readonly kind: "not-ndjson"; readonly line: number; readonly reason: string }
  | { readonly kind: "bad-previous-line" }
  | { readonly kind: "gap"; readonly expected: number }
  | { readonly kind: "fork" }
  | { readonly kind: "not-gapless"; readonly rejected: readonly RejectedLine[] }
  | { readonly kind: "invalid-events"; readonly rejected: readonly RejectedLine[] }
  | { readonly kind: "too-many-journals" }
  | { readonly kind: "points-owed" }
  | { readonly kind: "newer-state" }
  | { readonly kind: "unavailable" }
  | { readonly kind: "misconfigured" }
  | { readonly kind: "dashboard-not-configured"; readonly missing: readonly string[] }
  | { readonly kind: "bad-parameter"; readonly reason: string }
  | { readonly kind: "query-budget"; readonly retryAfterSeconds: number }
  | {
      readonly kind: "analytics-limit";
      readonly reason: string;
      readonly retryAfterSeconds: number | undefined;
    }
  | { readonly kind: "analytics-query-refused"; readonly reason: string }
  | { readonly kind: "analytics-token-refused"; readonly status: number }
  | { readonly kind: "analytics-unavailable"; readonly reason: string }
  | { readonly kind: "internal" };

export type RefusalOf<Kind extends Refusal["kind"]> = Extract<Refusal, { kind: Kind }>;
