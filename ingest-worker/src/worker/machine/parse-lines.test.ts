import { expect, it } from "vitest";
import { parseLines } from "./parse-lines.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const parse = (text: string, maxEvents = 10) => parseLines(bytes(text), maxEvents);

it("reads lines with and without a last line end, and keeps their text", () => {
  for (const text of ['{"seq":1}\n{"seq":2}\n', '{"seq":1}\n{"seq":2}']) {
    const parsed = parse(text);
    expect(parsed.kind === "lines" && parsed.lines.map(({ seq }) => seq)).toEqual([1, 2]);
    expect(parsed.kind === "lines" && parsed.lines[0].text).toBe('{"seq":1}');
  }
});

it.each([
  ["", "empty"],
  ["\n", "empty"],
  ['{"seq":1}\n\n{"seq":2}', "empty"],
  ['{"seq":1', "not JSON"],
  ["[1]", "object"],
  ["null", "object"],
  ['"text"', "object"],
  ["{}", "seq"],
  ['{"seq":0}', "seq"],
  ['{"seq":1.5}', "seq"],
  ['{"seq":"1"}', "seq"],
  ['{"seq":9007199254740993}', "seq"],
  ["\u0000\u0000", "not JSON"],
  ["\uFEFF{}", "not JSON"],
  ["[".repeat(200_000), "not JSON"],
])("refuses %j", (text, reason) => {
  expect(parse(text)).toMatchObject({
    kind: "not-ndjson",
    reason: expect.stringContaining(reason) as string,
  });
});

it("refuses bytes that are not UTF-8", () => {
  const body = new Uint8Array([...bytes('{"seq":1,"a":"'), 0xff, ...bytes('"}')]);
  const refusal = { kind: "not-ndjson", line: 2, reason: "is not UTF-8" };
  expect(parseLines(new Uint8Array([...bytes("{}\n"), ...body]), 10)).toEqual(refusal);
});

it("names the line, from 1", () => {
  expect(parse('{"seq":1}\n{"seq":2}\nx\n')).toMatchObject({ line: 3 });
});

it("takes so many lines and no more", () => {
  const text = (lines: number) => '{"seq":1}\n'.repeat(lines);
  expect(parse(text(10))).toMatchObject({ kind: "lines" });
  expect(parse(text(11))).toEqual({ kind: "too-many" });
});
