import fc from "fast-check";
import { expect, test } from "vitest";
import { createTail } from "./tail.ts";

test("keeps the last entries that count, and what stands between them", () => {
  fc.assert(
    fc.property(fc.nat(5), fc.array(fc.boolean(), { maxLength: 40 }), (size, counts) => {
      const tail = createTail<number>(size);
      for (const [index, counted] of counts.entries()) tail.hold(index, counted);
      const counted = counts.flatMap((value, index) => (value ? [index] : []));
      const released = tail.release();
      const kept = released.filter((index) => counts[index]);
      expect(kept).toEqual(size === 0 ? [] : counted.slice(-size));
      expect(released).toEqual([...released].toSorted((a, b) => a - b));
      expect(tail.isHolding).toBe(false);
    }),
  );
});

test("holds nothing where all are wanted", () => {
  expect(createTail(undefined).isHolding).toBe(false);
});

test("does not grow with what passes through", () => {
  const tail = createTail<number>(3);
  for (let index = 0; index < 100_000; index += 1) tail.hold(index, true);
  expect(tail.release()).toEqual([99_997, 99_998, 99_999]);
});
