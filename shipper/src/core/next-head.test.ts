import { expect, test } from "vitest";
import { NextHead } from "./next-head.ts";

const lineOf = (seq: number | string) =>
  new TextEncoder().encode(
    `{"v":1,"seq":${seq},"at":1760000000000,"mono":1,"boot":"b","type":"t"}`,
  );

test("it knows the head it was told, and each next one, over every number of digits", () => {
  for (const from of [1, 8, 98, 99_998, 9_999_999_997]) {
    const seqs = [0, 1, 2, 3].map((step) => from + step);
    for (const [step, seq] of seqs.entries()) {
      const next = new NextHead(lineOf(seq));
      next.expect(from);
      for (let times = 0; times < step; times += 1) next.advance();
      expect(next.isAt(0)).toBe(seq <= 9_999_999_999);
    }
  }
});

test("a head that differs in any byte is not known", () => {
  const line = lineOf(123_456);
  for (let at = 0; at < '{"v":1,"seq":123456,'.length; at += 1) {
    const damaged = Uint8Array.from(line);
    damaged[at] = (damaged[at] ?? 0) ^ 1;
    const next = new NextHead(damaged);
    next.expect(123_456);
    expect(next.isAt(0)).toBe(false);
  }
  const next = new NextHead(lineOf("0123456"));
  next.expect(123_456);
  expect(next.isAt(0)).toBe(false);
});

test("it looks where it is told to", () => {
  const bytes = Uint8Array.from([0, 0, 0, ...lineOf(7)]);
  const next = new NextHead(bytes.subarray(1));
  next.expect(7);
  expect([next.isAt(2), next.isAt(1)]).toEqual([true, false]);
});
