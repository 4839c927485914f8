import fc from "fast-check";
import { expect, test } from "vitest";
import { quantile } from "./quantile.ts";
import { createSeries, sparkline } from "./series.ts";

test("a series keeps its extremes and its average, and a course of bounded length", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 3000 }),
      (values) => {
        const series = createSeries();
        for (const value of values) series.add(value);
        const summary = series.summary();
        expect(summary).toMatchObject({
          count: values.length,
          min: Math.min(...values),
          max: Math.max(...values),
          last: values.at(-1),
        });
        expect(summary?.avg).toBeCloseTo(
          values.reduce((sum, value) => sum + value, 0) / values.length,
        );
        expect(summary?.course.length).toBeLessThanOrEqual(96);
        for (const value of summary?.course ?? []) {
          expect(value).toBeGreaterThanOrEqual(summary?.min ?? 0);
          expect(value).toBeLessThanOrEqual(summary?.max ?? 0);
        }
      },
    ),
  );
});

test("an empty series has nothing to say", () => {
  expect(createSeries().summary()).toBeNull();
});

test("a sparkline goes from the least to the greatest", () => {
  expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7])).toBe("▁▂▃▄▅▆▇█");
  expect(sparkline([5, 5])).toBe("▁▁");
  expect(sparkline([])).toBe("");
});

test("a quantile lies between its neighbours", () => {
  expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5);
  expect(quantile([10], 0.95)).toBe(10);
  expect(quantile([0, 100], 0.95)).toBeCloseTo(95);
});
