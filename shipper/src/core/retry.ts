/**
 * How long to wait after a failed attempt. Exponential with full jitter: the wait is drawn
 * evenly from zero to the ceiling, which spreads a fleet that lost its server at the same moment
 * over the whole of it.
 */

/** How a failure heals: by itself and perhaps soon, or by someone's hand. */
export type Healing = "soon" | "slow";

export interface RetryReason {
  readonly healing: Healing;
  /** What the server asked for in `Retry-After`, ms. */
  readonly retryAfterMs?: number | undefined;
}

/** First ceiling, ms. */
const retryBaseMs = 500;
/** What a ceiling is to the one before: tripled, a fleet that is refused makes half the attempts of a doubled one, and is served no later. */
const retryGrowth = 3;
/** Last ceiling, ms: a fleet of 10,000 without a server then makes some 670 attempts a second between them all. */
export const retryCapMs = 30_000;
/** What needs a person is tried between one and two times this, ms: it must be noticed when cured, and cost nothing before. */
export const slowRetryMs = 30_000;
/** Longest `Retry-After` that is believed, ms. A server that says a year means something else. */
export const retryAfterCapMs = 3_600_000;

/**
 * @param attempt how many attempts have failed in a row, from 1
 * @param random 0 (inclusive) to 1 (exclusive)
 * @returns ms
 */
export function retryDelayMs(reason: RetryReason, attempt: number, random: number): number {
  const ceilingMs = Math.min(retryCapMs, retryBaseMs * retryGrowth ** Math.min(attempt - 1, 30));
  if (reason.healing === "slow") return Math.round(slowRetryMs * (1 + random));
  if (reason.retryAfterMs === undefined) return Math.round(ceilingMs * random);
  const askedMs = Math.min(Math.max(0, reason.retryAfterMs), retryAfterCapMs);
  // Everyone is told the same moment: half of the wait, at least the usual ceiling, spreads them behind it.
  return Math.round(askedMs + random * Math.max(ceilingMs, askedMs / 2));
}
