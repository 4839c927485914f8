/** When what is pending should leave. Each request and each row costs money; a transition is worth it, a sample alone is not. */

/** Urgent events wait this long for company, ms: what stops or starts together leaves together. */
export const urgentSettleMs = 100;
/** Urgent requests that may leave at once. */
export const urgentBurst = 20;
/** After the burst, one urgent request each so many ms: a process in a crash loop then costs what a busy one does. */
export const urgentEveryMs = 15_000;

/** A bucket of urgent requests. */
export interface UrgentBudget {
  readonly tokens: number;
  readonly atMs: number;
}

export interface Pending {
  readonly urgent: boolean;
  /** A whole batch is there. */
  readonly full: boolean;
  /** When the first pending event was seen, by the monotonic clock. */
  readonly sinceMs: number;
  /** When the first urgent one was seen. */
  readonly urgentSinceMs: number;
}

export const fullBudget = (nowMs: number): UrgentBudget => ({ tokens: urgentBurst, atMs: nowMs });

/** Samples can wait, and so can the table that begins a segment; whatever else happens is news. */
export function isUrgent(type: string): boolean {
  return type !== "resources.sampled" && type !== "segment.opened";
}

/** The moment, on the monotonic clock, at which `pending` is to be sent. */
export function dueAtMs(pending: Pending, budget: UrgentBudget, lingerMs: number): number {
  if (pending.full) return pending.sinceMs;
  const lingered = pending.sinceMs + lingerMs;
  if (!pending.urgent) return lingered;
  const settled = pending.urgentSinceMs + urgentSettleMs;
  return Math.min(lingered, Math.max(settled, nextTokenAtMs(budget)));
}

/** The budget after one urgent request at `nowMs`. What leaves for another reason spends nothing. */
export function spend(budget: UrgentBudget, nowMs: number): UrgentBudget {
  return { tokens: Math.max(0, tokensAt(budget, nowMs) - 1), atMs: nowMs };
}

function tokensAt(budget: UrgentBudget, nowMs: number): number {
  const earned = Math.max(0, nowMs - budget.atMs) / urgentEveryMs;
  return Math.min(urgentBurst, budget.tokens + earned);
}

function nextTokenAtMs(budget: UrgentBudget): number {
  return budget.tokens >= 1 ? budget.atMs : budget.atMs + (1 - budget.tokens) * urgentEveryMs;
}
