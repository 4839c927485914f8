import { readdirSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { JournalNotFoundError, JournalOptionError, JournalVersionError } from "../src/errors.ts";
import { maxLineBytes } from "../src/limits.ts";
import type { JournalEntry } from "../src/reader/entry.ts";
import { readJournal, type ReadOptions } from "../src/reader/read.ts";
import { segmentName } from "../src/segment-name.ts";
import { appendToSegment, line, lines, temporaryDir, writeSegment } from "./_journal-files.ts";

async function readAll(dir: string, options?: ReadOptions): Promise<JournalEntry[]> {
  const entries: JournalEntry[] = [];
  for await (const entry of readJournal(dir, options)) entries.push(entry);
  return entries;
}

const seqs = (entries: readonly JournalEntry[]): number[] =>
  entries.flatMap((entry) => (entry.kind === "event" ? [entry.event.seq] : []));
const faults = (entries: readonly JournalEntry[]): JournalEntry[] =>
  entries.filter((entry) => entry.kind === "corrupt");

describe("a journal at rest", () => {
  test("is read in order over its segments, each event with its place", async () => {
    const dir = await temporaryDir();
    await writeSegment(dir, 1, lines(1, 2));
    await writeSegment(dir, 3, lines(3, 4));
    const entries = await readAll(dir);
    expect(seqs(entries)).toEqual([1, 2, 3, 4]);
    expect(entries[1]).toMatchObject({ segment: segmentName(1), offset: line(1).length });
    expect(entries[2]).toMatchObject({ segment: segmentName(3), offset: 0 });
  });

  test("gives unknown types and unknown fields as they are", async () => {
    const dir = await temporaryDir();
    await writeSegment(dir, 1, line(1, { type: "future.thing", note: { deep: [1, "ü"] } }));
    expect(await readAll(dir)).toMatchObject([
      { kind: "event", event: { type: "future.thing", note: { deep: [1, "ü"] } } },
    ]);
  });

  test("is read from a position on, and its older segments are not opened", async () => {
    const dir = await temporaryDir();
    // What is no segment at all would be reported if it were read.
    await writeSegment(dir, 1, "garbage\n".repeat(3));
    await writeSegment(dir, 4, lines(4, 6));
    await writeSegment(dir, 7, lines(7, 9));
    expect(seqs(await readAll(dir, { from: 5 }))).toEqual([5, 6, 7, 8, 9]);
    expect(faults(await readAll(dir, { from: 5 }))).toEqual([]);
    expect(seqs(await readAll(dir, { from: 7 }))).toEqual([7, 8, 9]);
    expect(seqs(await readAll(dir, { from: 10 }))).toEqual([]);
  });

  test("is read from its oldest segment where the position wanted is gone", async () => {
    const dir = await temporaryDir();
    await writeSegment(dir, 4, lines(4, 6));
    expect(seqs(await readAll(dir, { from: 2 }))).toEqual([4, 5, 6]);
  });

  test("ignores what is not a segment", async () => {
    const dir = await temporaryDir();
    await writeSegment(dir, 1, lines(1, 1));
    await mkdir(join(dir, "marks"));
    await mkdir(join(dir, "journal-1.ndjson"));
    expect(seqs(await readAll(dir))).toEqual([1]);
  });
});

describe("damage", () => {
  test("is reported where it lies, and reading goes on", async () => {
    const dir = await temporaryDir();
    const torn = line(2).slice(0, 20);
    const nuls = Buffer.alloc(100);
    await writeSegment(
      dir,
      1,
      Buffer.concat([
        Buffer.from(`${line(1)}${torn}\n${line(2)}`),
        nuls,
        Buffer.from(`\n${line(3)}`),
      ]),
    );
    const entries = await readAll(dir);
    expect(seqs(entries)).toEqual([1, 2, 3]);
    const segment = segmentName(1);
    const tornAt = line(1).length;
    const nulsAt = tornAt + torn.length + 1 + line(2).length;
    expect(faults(entries)).toEqual([
      { kind: "corrupt", reason: "not-json", segment, offset: tornAt, bytes: 20 },
      { kind: "corrupt", reason: "nul-bytes", segment, offset: nulsAt, bytes: 100 },
    ]);
  });

  test("that is longer than a line may be is one piece", async () => {
    const dir = await temporaryDir();
    await writeSegment(dir, 1, `${"x".repeat(300_000)}\n${line(1)}`);
    expect(await readAll(dir)).toMatchObject([
      { kind: "corrupt", reason: "too-long", offset: 0, bytes: 300_000 },
      { kind: "event", event: { seq: 1 }, offset: 300_001 },
    ]);
  });

  test("does not take the longest line that may be", async () => {
    const dir = await temporaryDir();
    const room = maxLineBytes - line(1, { type: "x", pad: "" }).length;
    await writeSegment(dir, 1, line(1, { type: "x", pad: "p".repeat(room) }));
    expect(seqs(await readAll(dir))).toEqual([1]);
    await writeSegment(dir, 1, line(1, { type: "x", pad: "p".repeat(room + 1) }));
    expect(await readAll(dir)).toMatchObject([{ kind: "corrupt", reason: "too-long" }]);
  });

  test("in the positions never gives an event twice or backwards", async () => {
    const dir = await temporaryDir();
    await writeSegment(dir, 1, line(1) + line(2) + line(2) + line(1) + line(3));
    await writeSegment(dir, 4, line(3) + line(4));
    const entries = await readAll(dir);
    expect(seqs(entries)).toEqual([1, 2, 3, 4]);
    expect(faults(entries).map((entry) => "reason" in entry && entry.reason)).toEqual([
      "out-of-order",
      "out-of-order",
      "out-of-order",
    ]);
  });

  test("that makes a position too great does not take the segments behind it with it", async () => {
    const dir = await temporaryDir();
    await writeSegment(dir, 1, line(1) + line(9_000_000));
    await writeSegment(dir, 3, lines(3, 4));
    expect(seqs(await readAll(dir))).toEqual([1, 3, 4]);
  });

  test("before a position wanted is not reported, but that of the position itself is", async () => {
    const dir = await temporaryDir();
    await writeSegment(dir, 1, `${line(1)}bad\n${line(2)}${line(3)}broken\n${line(5)}`);
    expect(await readAll(dir, { from: 4 })).toMatchObject([
      { kind: "corrupt", bytes: 6 },
      { kind: "event", event: { seq: 5 } },
    ]);
  });

  test("at the end is corrupt in a sealed segment and unfinished in the newest", async () => {
    const dir = await temporaryDir();
    const torn = line(2).slice(0, -1);
    await writeSegment(dir, 1, line(1) + torn);
    expect(await readAll(dir)).toHaveLength(1);
    await writeSegment(dir, 3, line(3) + torn);
    expect(await readAll(dir)).toMatchObject([
      { event: { seq: 1 } },
      { kind: "corrupt", reason: "unterminated", offset: line(1).length, bytes: torn.length },
      { event: { seq: 3 } },
    ]);
  });
});

describe("what cannot be read", () => {
  test("is an error where there is no directory", async () => {
    const dir = join(await temporaryDir(), "none");
    await expect(readAll(dir)).rejects.toThrow(JournalNotFoundError);
  });

  test("is an error where the format is another one, with the file's name", async () => {
    const dir = await temporaryDir();
    await writeSegment(dir, 1, line(1, { v: 2 }));
    await expect(readAll(dir)).rejects.toThrow(JournalVersionError);
    await expect(readAll(dir)).rejects.toThrow(join(dir, segmentName(1)));
  });

  test("is damage where only one line behind good ones says so", async () => {
    const dir = await temporaryDir();
    await writeSegment(dir, 1, line(1) + line(2, { v: 7 }) + line(3));
    expect(seqs(await readAll(dir))).toEqual([1, 3]);
  });

  test("is an error at once where the position is none", () => {
    for (const from of [0, -1, 1.5, Number.NaN]) {
      expect(() => readJournal("/nowhere", { from })).toThrow(JournalOptionError);
    }
  });
});

describe("following", () => {
  /** Reads until `seq` came. */
  async function readThrough(entries: AsyncIterator<JournalEntry>, seq: number): Promise<number[]> {
    const got: number[] = [];
    while (got.at(-1) !== seq) {
      const { done, value } = await entries.next();
      if (done === true) throw new Error("ended");
      if (value.kind === "event") got.push(value.event.seq);
    }
    return got;
  }

  test("waits for a directory, then for lines, and goes on across rotation", async () => {
    const dir = join(await temporaryDir(), "later");
    const entries = readJournal(dir, { follow: true });
    const first = readThrough(entries, 2);
    await mkdir(dir);
    await writeSegment(dir, 1, lines(1, 2));
    expect(await first).toEqual([1, 2]);
    const second = readThrough(entries, 4);
    await appendToSegment(dir, 1, line(3).slice(0, 10));
    await appendToSegment(dir, 1, line(3).slice(10));
    await writeSegment(dir, 4, line(4));
    expect(await second).toEqual([3, 4]);
    await entries.return?.();
  });

  test("finishes a deleted segment and goes on with the oldest there is", async () => {
    const dir = await temporaryDir();
    await writeSegment(dir, 1, lines(1, 3));
    const entries = readJournal(dir, { follow: true });
    expect(await readThrough(entries, 1)).toEqual([1]);
    await writeSegment(dir, 4, lines(4, 5));
    await writeSegment(dir, 6, lines(6, 7));
    await rm(join(dir, segmentName(1)));
    await rm(join(dir, segmentName(4)));
    expect(await readThrough(entries, 7)).toEqual([2, 3, 6, 7]);
    await entries.return?.();
  });

  test("ends without an error when it is aborted, before and while it waits", async () => {
    const dir = await temporaryDir();
    await writeSegment(dir, 1, lines(1, 2));
    expect(await readAll(dir, { follow: true, signal: AbortSignal.abort() })).toEqual([]);
    const controller = new AbortController();
    const entries = readJournal(dir, { follow: true, signal: controller.signal });
    await readThrough(entries, 2);
    const next = entries.next();
    controller.abort();
    expect(await next).toEqual({ done: true, value: undefined });
  });

  test("ends while it waits when the iterator is returned", async () => {
    const dir = await temporaryDir();
    const entries = readJournal(dir, { follow: true });
    const next = entries.next();
    await entries.return?.();
    expect(await next).toEqual({ done: true, value: undefined });
  });

  test("closes its files however it ends", async () => {
    const dir = await temporaryDir();
    await writeSegment(dir, 1, lines(1, 3));
    await writeSegment(dir, 4, lines(4, 6));
    const openFiles = (): number => readdirSync("/proc/self/fd").length;
    const before = openFiles();
    for (let count = 0; count < 20; count += 1) {
      for await (const entry of readJournal(dir, { follow: true })) {
        if (entry.kind === "event" && entry.event.seq === 5) break;
      }
      await readAll(dir);
    }
    // Watching keeps one inotify descriptor for the whole process.
    expect(openFiles()).toBeLessThan(before + 5);
  });
});
