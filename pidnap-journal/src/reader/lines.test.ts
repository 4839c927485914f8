import { expect, test } from "vitest";
import { maxLineBytes } from "../limits.ts";
import { createLineSplitter, type Piece } from "./lines.ts";

const text = ({ bytes }: Piece): string => Buffer.from(bytes ?? []).toString();

test("cuts at newlines wherever the chunks end", () => {
  const whole = Buffer.from("one\ntwö\n\nfour\nrest");
  for (let size = 1; size <= whole.length; size += 1) {
    const splitter = createLineSplitter();
    const pieces: Array<[number, string]> = [];
    for (let at = 0; at < whole.length; at += size) {
      for (const piece of splitter.push(whole.subarray(at, at + size))) {
        pieces.push([piece.offset, text(piece)]);
      }
    }
    expect(pieces).toEqual([
      [0, "one"],
      [4, "twö"],
      [9, ""],
      [10, "four"],
    ]);
    expect(splitter.rest()).toMatchObject({ offset: 15, length: 4 });
  }
});

test("has no rest behind a newline", () => {
  const splitter = createLineSplitter();
  splitter.push(Buffer.from("one\n"));
  expect(splitter.rest()).toBeUndefined();
});

test("keeps what it held when the caller uses its buffer again", () => {
  const splitter = createLineSplitter();
  const buffer = Buffer.from("abc");
  splitter.push(buffer);
  buffer.fill("x");
  expect(splitter.push(Buffer.from("\n")).map(text)).toEqual(["abc"]);
});

test("counts a line that is too long without keeping it", () => {
  const splitter = createLineSplitter();
  const chunk = Buffer.alloc(50_000, "x");
  for (let count = 0; count < 100; count += 1) expect(splitter.push(chunk)).toEqual([]);
  expect(splitter.push(Buffer.from("\nok\n"))).toEqual([
    { offset: 0, length: 5_000_000, bytes: undefined },
    { offset: 5_000_001, length: 2, bytes: Buffer.from("ok") },
  ]);
});

test("takes a line of exactly the greatest length", () => {
  const splitter = createLineSplitter();
  const [longest, longer] = splitter.push(
    Buffer.from(`${"x".repeat(maxLineBytes - 1)}\n${"x".repeat(maxLineBytes)}\n`),
  );
  expect(longest?.bytes).toHaveLength(maxLineBytes - 1);
  expect(longer).toMatchObject({ length: maxLineBytes, bytes: undefined });
});
