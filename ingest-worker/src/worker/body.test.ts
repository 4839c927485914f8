import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { readBody } from "./body.ts";
import { maxDiscardedBytes } from "./limits.ts";

const limits = { maxEvents: 250, maxBytes: 100_000 };

function read(body: Uint8Array<ArrayBuffer> | ReadableStream | null, headers: object = {}) {
  const init = {
    method: "POST",
    body,
    duplex: "half",
    headers: { "content-type": "application/x-ndjson", ...headers },
  };
  return readBody(new Request("http://worker/", init as RequestInit), limits, after);
}

/** The deadlines that run; a test decides when they are over. */
const deadlines = new Set<() => void>();
const after = (_delayMs: number, callback: () => void) => {
  deadlines.add(callback);
  return () => deadlines.delete(callback);
};

const gzip = { "content-encoding": "gzip" };
const bytes = (length: number, fill = 97) => new Uint8Array(length).fill(fill);
const noise = (length: number) => bytes(length).map((_, index) => (index * index * 31) % 251);

describe("a body", () => {
  it("is read as it is, or unpacked", async () => {
    expect(await read(noise(5000))).toEqual({ kind: "body", bytes: noise(5000) });
    expect(await read(new Uint8Array(gzipSync(noise(5000))), gzip)).toEqual({
      kind: "body",
      bytes: noise(5000),
    });
    expect(await read(null)).toEqual({ kind: "body", bytes: new Uint8Array() });
  });

  it("may have as many bytes as the limit and not one more", async () => {
    const tooLarge = { kind: "too-large", ...limits };
    expect(await read(bytes(100_000))).toMatchObject({ kind: "body" });
    expect(await read(bytes(100_001))).toEqual(tooLarge);
    expect(await read(new Uint8Array(gzipSync(bytes(100_000))), gzip)).toMatchObject({
      kind: "body",
    });
    expect(await read(new Uint8Array(gzipSync(bytes(100_001))), gzip)).toEqual(tooLarge);
  });

  it("that breaks off, packed or not, is incomplete", async () => {
    for (const [sent, headers] of [
      [noise(1000), {}],
      [new Uint8Array(gzipSync(noise(1000))).subarray(0, 500), gzip],
    ] as const) {
      const broken = new ReadableStream({
        start: (controller) => controller.enqueue(sent),
        pull: (controller) => controller.error(new Error("Network connection lost.")),
      });
      expect(await read(broken, headers)).toEqual({ kind: "incomplete-body" });
    }
  });

  it("that comes too slowly, packed or not, is given up at its deadline", async () => {
    for (const [sent, headers] of [
      [noise(1000), {}],
      [new Uint8Array(gzipSync(noise(1000))).subarray(0, 500), gzip],
    ] as const) {
      const { promise: waiting, resolve } = Promise.withResolvers<void>();
      const slow = new ReadableStream({
        start: (controller) => controller.enqueue(sent),
        pull: () => {
          resolve();
          return new Promise(() => undefined);
        },
      });
      const reading = read(slow, headers);
      await waiting;
      expect(deadlines.size).toBe(1);
      for (const over of deadlines) over();
      expect(await reading).toEqual({ kind: "incomplete-body" });
      expect(deadlines.size).toBe(0);
    }
  });

  it("that is read in time leaves no deadline behind", async () => {
    await read(noise(1000));
    expect(deadlines.size).toBe(0);
  });

  it("that goes on for ever, packed or not, is not waited for", async () => {
    for (const [chunk, headers] of [
      [bytes(1000), {}],
      [new Uint8Array(gzipSync(noise(1_000_000), { level: 0 })), gzip],
    ] as const) {
      let pulledBytes = 0;
      let cancelled = false;
      const endless = new ReadableStream({
        pull(controller) {
          pulledBytes += chunk.length;
          controller.enqueue(chunk);
        },
        cancel() {
          cancelled = true;
        },
      });
      expect(await read(endless, headers)).toMatchObject({ kind: "too-large" });
      expect(cancelled).toBe(true);
      expect(pulledBytes).toBeLessThan(maxDiscardedBytes + 3_000_000);
    }
  });

  it("that is a bomb ends early", async () => {
    const bomb = new Uint8Array(gzipSync(bytes(50_000_000, 0)));
    expect(await read(bomb, gzip)).toMatchObject({ kind: "too-large" });
  });

  it.each([
    ["is not gzip", noise(3000)],
    ["is gzip cut short", new Uint8Array(gzipSync(noise(3000))).subarray(0, 200)],
    ["is nothing", new Uint8Array()],
    ["has bytes after its end", new Uint8Array([...gzipSync(noise(30)), 1, 2, 3])],
    [
      "has a wrong checksum",
      new Uint8Array(gzipSync(noise(30))).map((b, i) => (i === 35 ? b ^ 1 : b)),
    ],
  ])("said to be gzip that %s is refused", async (_, body) => {
    expect(await read(new Uint8Array(body), gzip)).toEqual({ kind: "not-gzip" });
  });

  it.each(["", "application/json", "text/plain", "application/x-ndjson; charset=latin1"])(
    "of content type %j is refused",
    async (type) => {
      const refusal = { kind: "unsupported-content-type" };
      expect(await read(bytes(1), { "content-type": type })).toEqual(refusal);
    },
  );

  it("may name its charset", async () => {
    const type = { "content-type": "Application/X-NDJSON; charset=UTF-8" };
    expect(await read(bytes(1), type)).toMatchObject({ kind: "body" });
  });

  it.each(["br", "deflate", "gzip, gzip", "zstd"])(
    "in encoding %j is refused",
    async (encoding) => {
      const refusal = { kind: "unsupported-content-encoding" };
      expect(await read(bytes(1), { "content-encoding": encoding })).toEqual(refusal);
    },
  );
});
