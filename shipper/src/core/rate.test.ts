import { expect, test } from "vitest";
import { addTo, noRate, rateAt } from "./rate.ts";

test("what goes on evenly is measured as it is, and fades once it has ended", () => {
  let rate = noRate(0);
  for (let second = 1; second <= 600; second += 1) rate = addTo(rate, second * 1000, 50, 9_000);
  expect(rate.eventsPerSecond).toBeGreaterThan(49);
  expect(rate.eventsPerSecond).toBeLessThan(52);
  expect(rate.bytesPerSecond / rate.eventsPerSecond).toBeCloseTo(180, 6);
  expect(rateAt(rate, 1_200_000).eventsPerSecond).toBeLessThan(0.01);
});

test("a clock that stands still changes nothing", () => {
  const rate = addTo(noRate(5), 5, 60, 600);
  expect(rate).toEqual({ eventsPerSecond: 1, bytesPerSecond: 10, atMs: 5 });
  expect(rateAt(rate, 4)).toMatchObject({ eventsPerSecond: 1 });
});
