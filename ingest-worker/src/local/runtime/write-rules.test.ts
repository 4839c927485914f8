import { expect, it } from "vitest";
import { checkPoint } from "./write-rules.ts";

it("gives a point the store's shape", () => {
  expect(checkPoint()).toEqual({ index1: "", blobs: [], doubles: [] });
  expect(
    checkPoint({
      indexes: ["m"],
      blobs: ["a", null, new TextEncoder().encode("ü")],
      doubles: [1.5, -0],
    }),
  ).toEqual({ index1: "m", blobs: ["a", "", "ü"], doubles: [1.5, -0] });
});

it("keeps what a point was when it was written, whatever becomes of the arrays", () => {
  const given = { indexes: ["m"], blobs: ["a"], doubles: [1] };
  const checked = checkPoint(given);
  given.blobs[0] = "b";
  given.doubles[0] = 2;
  expect(checked).toEqual({ index1: "m", blobs: ["a"], doubles: [1] });
});

it("takes each thing up to its limit", () => {
  checkPoint({ indexes: ["€".repeat(32)] });
  checkPoint({ blobs: Array.from({ length: 20 }, () => "x".repeat(800)) });
  checkPoint({ blobs: ["€".repeat(5333)] });
  checkPoint({ doubles: Array.from({ length: 20 }, () => Number.MAX_VALUE) });
});

it("refuses one more, or another type, and says which rule that breaks", () => {
  const refused: [unknown, RegExp][] = [
    [null, /the point must be an object/],
    [{ indexes: "m" }, /indexes must be an array/],
    [{ indexes: ["a", "b"] }, /at most 1 indexes, 2/],
    [{ indexes: ["€".repeat(33)] }, /more than 96 bytes/],
    [{ indexes: [1] }, /indexes holds a number/],
    [{ blobs: Array.from({ length: 21 }, () => "") }, /at most 20 blobs/],
    [{ blobs: ["x".repeat(16_001)] }, /more than 16000 bytes/],
    [{ blobs: ["€".repeat(5334)] }, /more than 16000 bytes/],
    [{ blobs: [undefined] }, /blobs holds a undefined/],
    [{ doubles: Array.from({ length: 21 }, () => 1) }, /at most 20 doubles/],
    [{ doubles: ["1"] }, /doubles holds a string/],
    [{ doubles: [Number.NaN] }, /NaN; only finite/],
  ];
  for (const [point, said] of refused) expect(() => checkPoint(point)).toThrow(said);
});
