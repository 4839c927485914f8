import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { nodeGzip } from "./node-gzip.ts";

const lengths = [0, 1, 1000, 16_384, 20_000, 70_000, 1_048_576, 3_000_000, 10];

test("one body after the other, of any size, is a gzip file of its own", async () => {
  const gzip = nodeGzip();
  for (const length of lengths) {
    const bytes = Buffer.from(Array.from({ length }, (_, index) => (index * 7919) % 251));
    expect(gunzipSync(await gzip(bytes)).equals(bytes)).toBe(true);
  }
});

test("bodies that do not get smaller are packed as well: more comes out than the compressor holds", async () => {
  const gzip = nodeGzip();
  for (const length of lengths) {
    const bytes = Uint8Array.from(noise(length));
    expect(gunzipSync(await gzip(bytes)).equals(bytes)).toBe(true);
  }
});

/** Bytes without a pattern, the same each time. */
function* noise(length: number): Generator<number> {
  let state = 1;
  for (let made = 0; made < length; made++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state >>> 24;
  }
}
