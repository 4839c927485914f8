import type { DataPoint } from "../points/to-point.ts";

/**
 * What the Worker writes points to: Analytics Engine's binding, or a local one. The platform's
 * returns nothing; a local one may return a promise that settles when the point is stored.
 */
export interface PointBinding {
  readonly writeDataPoint: (point: DataPoint) => unknown;
}

/** What one invocation may still give. */
export interface PointBudget {
  left: number;
}

/** Throws in a row after which the invocation's budget is taken for spent; a single one may be a point's own fault. */
const throwsTillSpent = 3;

/**
 * Gives points to the binding, as many as the budget takes.
 *
 * Where the binding returns nothing, this ends in the same turn of the event loop: what the caller
 * stores right after it is stored, or the invocation ends, as one with the writes.
 *
 * @returns the points that were not taken, still owed
 * @throws what a local binding's promise rejects with: then none of the points is known to be stored
 */
export function give(
  binding: PointBinding,
  points: readonly DataPoint[],
  budget: PointBudget,
): { readonly rest: readonly DataPoint[]; readonly stored: Promise<unknown> | undefined } {
  const rest: DataPoint[] = [];
  const pending: PromiseLike<unknown>[] = [];
  let throwsInARow = 0;
  for (const point of points) {
    if (budget.left <= 0) {
      rest.push(point);
      continue;
    }
    try {
      const answer = binding.writeDataPoint(point);
      // Points that go over together may share their promise.
      if (isPromiseLike(answer) && answer !== pending.at(-1)) pending.push(answer);
      budget.left -= 1;
      throwsInARow = 0;
    } catch {
      // A refused write is no failure: the point stays owed and is tried again by alarm.
      rest.push(point);
      throwsInARow += 1;
      if (throwsInARow === throwsTillSpent) budget.left = 0;
    }
  }
  return { rest, stored: pending.length === 0 ? undefined : Promise.all(pending) };
}

function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value;
}
