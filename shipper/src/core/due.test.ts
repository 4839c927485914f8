import { expect, test } from "vitest";
import {
  dueAtMs,
  fullBudget,
  isUrgent,
  spend,
  urgentBurst,
  urgentEveryMs,
  urgentSettleMs,
} from "./due.ts";

const pending = { urgent: false, full: false, sinceMs: 1_000, urgentSinceMs: 1_000 };

test("samples and tables wait, everything else is news, unknown types too", () => {
  expect(["resources.sampled", "segment.opened"].map(isUrgent)).toEqual([false, false]);
  expect(
    ["process.transitioned", "machine.ready", "events.dropped", "new.type"].map(isUrgent),
  ).toEqual([true, true, true, true]);
});

test("what is not urgent is due when it has lingered, what is urgent when it has settled, a full batch at once", () => {
  const budget = fullBudget(0);
  expect(dueAtMs(pending, budget, 120_000)).toBe(121_000);
  expect(dueAtMs({ ...pending, urgent: true }, budget, 120_000)).toBe(1_000 + urgentSettleMs);
  expect(dueAtMs({ ...pending, full: true }, budget, 120_000)).toBe(1_000);
});

test("without a token an urgent event waits for one, but never longer than a sample would", () => {
  let budget = fullBudget(1_000);
  for (let times = 0; times < urgentBurst; times += 1) budget = spend(budget, 1_000);
  const urgent = { ...pending, urgent: true };
  expect(dueAtMs(urgent, budget, 120_000)).toBe(1_000 + urgentEveryMs);
  expect(dueAtMs(urgent, budget, 5_000)).toBe(6_000);
});

test("the budget fills up again, and not beyond its size", () => {
  let budget = fullBudget(0);
  for (let times = 0; times < urgentBurst; times += 1) budget = spend(budget, 0);
  budget = spend(budget, 3 * urgentEveryMs);
  expect(budget.tokens).toBeCloseTo(2);
  expect(spend(budget, 1e9).tokens).toBe(urgentBurst - 1);
});
