import { expect, it } from "vitest";
import { encodePoints } from "./encode-points.ts";

it("gives points as JSON without the brackets", () => {
  const points = [
    { index1: "a", blobs: ["\\ud", "}, {"], doubles: [1.5] },
    { index1: "b", blobs: [], doubles: [] },
  ];
  expect(JSON.parse(`[${encodePoints(points)}]`)).toEqual(points);
});

it("puts the sign for what is no character in the place of half a character", () => {
  const text = encodePoints([{ index1: "lone \udc00", blobs: ["😀", "\ud800"], doubles: [] }]);
  expect(text).toBe('{"index1":"lone \ufffd","blobs":["😀","\ufffd"],"doubles":[]}');
});
