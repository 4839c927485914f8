/** Calls that may still be made. */
export interface CallBudget {
  /** Takes one call; where there is none left, says after how many seconds there will be. */
  take(now: number): Promise<number | undefined>;
}

/** A limiter shared with other isolates, as the platform binds it. */
interface SharedLimiter {
  limit(request: { readonly key: string }): Promise<{ readonly success: boolean }>;
}

/** What a budget allows. */
export interface BudgetRules {
  /** Calls in any `windowMs`. */
  readonly calls: number;
  readonly windowMs: number;
  /** What counts across isolates too, where it is bound. */
  readonly shared?: SharedLimiter | undefined;
  /** How long to wait after the shared one said no, s. */
  readonly sharedWaitSeconds: number;
}

/** So many calls in any stretch of time that long, and not only in each of its own windows. */
export function rollingBudget(rules: BudgetRules): CallBudget {
  const { calls, windowMs, shared, sharedWaitSeconds } = rules;
  /** When calls were made, the oldest first. */
  const made: number[] = [];
  return {
    async take(now) {
      while (made[0] !== undefined && made[0] <= now - windowMs) made.shift();
      const oldest = made[0];
      if (oldest !== undefined && made.length >= calls) {
        return Math.max(1, Math.ceil((oldest + windowMs - now) / 1000));
      }
      made.push(now);
      const allowed = await shared?.limit({ key: "analytics" });
      return allowed?.success === false ? sharedWaitSeconds : undefined;
    },
  };
}

/** For an upstream that counts nothing. */
export const noBudget: CallBudget = { take: () => Promise.resolve(undefined) };
