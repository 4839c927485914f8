import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeJournalDir } from "pidnap-fixtures/generate/journal-lines";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BundledCommand } from "./support/command.ts";

const lines = 600_000;
let root: string;
let command: BundledCommand;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "shipper-backlog-"));
  writeJournalDir(join(root, "journal"), { seed: 1, lines, boots: 3 });
  writeFileSync(join(root, "token"), "token\n");
  command = new BundledCommand();
});
afterAll(async () => {
  await command.close();
  rmSync(root, { recursive: true, force: true });
});

for (const [what, flags] of [
  ["in batches as they are by default", []],
  [
    "in large batches without compression",
    ["--max-events", "10000", "--max-bytes", "4194304", "--compress", "none"],
  ],
] as const) {
  test(`${lines} lines are shipped ${what} in less than 100 MiB, and no more at the end than near the beginning`, async () => {
    await using sink = await startSink();
    const state = join(root, `state-${flags.length}`);
    const running = command.start([
      "run",
      "--once",
      "--dir",
      join(root, "journal"),
      "--url",
      sink.url,
      "--token-file",
      join(root, "token"),
      "--state",
      state,
      ...flags,
    ]);
    const readings: { readonly next: number; readonly mb: number }[] = [];
    sink.onBatch = (next) => {
      const mb = running.residentMb();
      if (mb !== undefined) readings.push({ next, mb });
    };
    expect(await running.ended).toBe(0);
    expect(sink.next()).toBe(lines + 1);
    const median = (from: number, to: number) => {
      const part = readings
        .filter(({ next }) => next >= lines * from && next < lines * to)
        .map(({ mb }) => mb);
      return part.toSorted((a, b) => a - b)[Math.floor(part.length / 2)] ?? 0;
    };
    expect(median(0.8, 1)).toBeLessThan(median(0.2, 0.4) * 1.15);
    expect(Math.max(...readings.map(({ mb }) => mb))).toBeLessThan(100);
  });
}

/** A server that knows no more than the position after the last line it was sent. */
async function startSink() {
  let next = 1;
  const sink = {
    url: "",
    next: () => next,
    onBatch: (_next: number): void => undefined,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      if (request.method === "POST")
        next = lastSeq(Buffer.concat(chunks), request.headers["content-encoding"]) + 1;
      response.end(JSON.stringify({ next, last: null }));
      sink.onBatch(next);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  sink.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return sink;
}

function lastSeq(body: Buffer, encoding: string | undefined): number {
  const { gunzipSync } = process.getBuiltinModule("node:zlib");
  const text = (encoding === "gzip" ? gunzipSync(body) : body).toString("latin1");
  const line = text.slice(text.lastIndexOf("\n", text.length - 2) + 1);
  return Number(/"seq":(\d+)/.exec(line)?.[1]);
}
