import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { nodeGzip } from "./node-gzip.ts";

test("one body after the other, of any size, is a gzip file of its own", async () => {
  const gzip = nodeGzip();
  for (const length of [0, 1, 1_000, 3_000_000, 10]) {
    const bytes = Buffer.from(Array.from({ length }, (_, index) => (index * 7919) % 251));
    expect(gunzipSync(await gzip(bytes)).equals(bytes)).toBe(true);
  }
});
