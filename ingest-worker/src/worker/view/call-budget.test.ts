import { expect, it } from "vitest";
import { rollingBudget } from "./call-budget.ts";

const rules = { calls: 3, windowMs: 60_000, sharedWaitSeconds: 10 };

it("allows so many calls in any minute, and says when there will be one again", async () => {
  const budget = rollingBudget(rules);
  for (const at of [0, 10_000, 59_000]) expect(await budget.take(at)).toBeUndefined();
  // A minute of the clock has begun anew, but not the one behind us.
  expect(await budget.take(59_500)).toBe(1);
  expect(await budget.take(60_000)).toBeUndefined();
  expect(await budget.take(60_001)).toBe(10);
  expect(await budget.take(70_000)).toBeUndefined();
});

it("asks what is shared with other isolates too", async () => {
  const keys: string[] = [];
  const budget = rollingBudget({
    ...rules,
    shared: {
      limit({ key }) {
        keys.push(key);
        return Promise.resolve({ success: keys.length < 2 });
      },
    },
  });
  expect(await budget.take(0)).toBeUndefined();
  expect(await budget.take(1)).toBe(10);
  expect(keys).toEqual(["analytics", "analytics"]);
});
