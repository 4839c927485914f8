import { expect, it } from "vitest";
import { readStart } from "./read-start.ts";

it("keeps the start of a body, with the piece that makes it too long, and reads the rest", async () => {
  let read = 0;
  async function* pieces(count: number) {
    for (; read < count; read += 1) yield new TextEncoder().encode("abcd");
  }
  expect(await readStart(pieces(1000), 10)).toBe("abcdabcdabcd");
  expect(read).toBe(1000);
});

it("gives a short one whole, also where a character is cut in two, and none as an empty text", async () => {
  const bytes = new TextEncoder().encode("é€😀");
  async function* single() {
    for (const byte of bytes) yield Uint8Array.of(byte);
  }
  expect(await readStart(single(), 10)).toBe("é€😀");
  expect(await readStart(null, 10)).toBe("");
});
