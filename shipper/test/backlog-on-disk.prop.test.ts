import fc from "fast-check";
import { createFsFromVolume, Volume } from "memfs";
import { segmentName } from "pidnap-journal";
import { expect, test } from "vitest";
import { measureBacklog, type BacklogOnDisk } from "../src/status/backlog-on-disk.ts";
import type { ShipperFs } from "../src/world.ts";
import { lineAt } from "./support/journal-files.ts";

interface Laid {
  readonly seq: number;
  readonly boot: string;
  readonly segment: number;
  readonly start: number;
  readonly end: number;
}

const garbage = fc.constantFrom(
  "",
  "{}",
  '{"v":1,"seq":7}',
  '{"v":1,"seq":5,"at":1,"mono":1,"boot":}',
  "not json at all",
  "\0".repeat(300),
  "x".repeat(9_000),
);

/** A line, its boot a later one or the same, what damaged lines stand before it, whether a segment begins with it. */
const laidLine = fc.record({
  rest: fc.constantFrom("", "y".repeat(20), "z".repeat(3_000)),
  newBoot: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  before: fc.oneof(
    { weight: 5, arbitrary: fc.constant<string[]>([]) },
    fc.array(garbage, { maxLength: 3 }),
  ),
  newSegment: fc.integer({ min: 0, max: 7 }).map((n) => n === 0),
  skipped: fc.constantFrom(0, 0, 0, 0, 3),
});

const journal = fc.record({
  lines: fc.array(laidLine, { minLength: 1, maxLength: 60 }),
  firstSeq: fc.integer({ min: 1, max: 50 }),
  tail: fc.constantFrom("", '{"v":1,"se', "\0\0\0"),
  ahead: fc.integer({ min: -10, max: 120 }),
});

function write(given: typeof journal extends fc.Arbitrary<infer T> ? T : never) {
  const segments: { firstSeq: number; text: string }[] = [];
  const laid: Laid[] = [];
  let seq = given.firstSeq;
  let boot = 0;
  for (const [index, { rest, newBoot, before, newSegment, skipped }] of given.lines.entries()) {
    if (index > 0) seq += skipped;
    if (newBoot) boot += 1;
    if (index === 0 || newSegment) segments.push({ firstSeq: seq, text: "" });
    const segment = segments.at(-1)!;
    segment.text += before.map((line) => `${line}\n`).join("");
    const start = segment.text.length;
    segment.text += `${lineAt(seq, { boot: `boot-${boot}`, type: "x", fields: { rest } })}\n`;
    const end = segment.text.length;
    laid.push({ seq, boot: `boot-${boot}`, segment: segments.length - 1, start, end });
    seq += 1;
  }
  segments.at(-1)!.text += given.tail;
  const disk = createFsFromVolume(new Volume());
  disk.mkdirSync("/journal");
  for (const { firstSeq, text } of segments) {
    disk.writeFileSync(`/journal/${segmentName(firstSeq)}`, text);
  }
  return { fs: disk.promises as unknown as ShipperFs, segments, laid };
}

/** The same by looking at everything. */
function expected(
  { segments, laid }: Omit<ReturnType<typeof write>, "fs">,
  position: number,
  tail: string,
): Omit<BacklogOnDisk, "written"> & { readonly writtenEvents: number } {
  const last = laid.at(-1)!;
  const nextSeq = last.seq + 1;
  const first = laid.find(({ seq }) => seq >= position);
  const unread = segments.slice(first?.segment ?? segments.length);
  const segmentsBytes = unread.reduce((sum, { text }) => sum + text.length, 0);
  const recent = laid.filter(
    ({ boot, segment }) => boot === last.boot && segment >= last.segment - 1,
  );
  return {
    nextSeq,
    events: Math.max(0, nextSeq - position),
    bytes: first === undefined ? 0 : segmentsBytes - first.start - tail.length,
    oldestAtMs: first === undefined ? undefined : 1_760_000_000_000 + first.seq * 1000,
    expired: Math.max(0, segments[0]!.firstSeq - position),
    unreadSegmentsBytes: segmentsBytes,
    writtenEvents: last.seq - recent[0]!.seq,
  };
}

test("looking at a few lines of a journal tells the same as looking at all of them", async () => {
  await fc.assert(
    fc.asyncProperty(journal, async (given) => {
      const { fs, ...rest } = write(given);
      const position = Math.max(1, given.firstSeq + given.ahead);
      const { written, ...found } = (await measureBacklog(fs, "/journal", position))!;
      const { writtenEvents, ...wanted } = expected(rest, position, given.tail);
      expect(found).toEqual(wanted);
      const seconds = writtenEvents * 1.0005;
      const rate = seconds < 10 ? undefined : (1 / 1.0005).toFixed(6);
      expect(written?.eventsPerSecond.toFixed(6)).toBe(rate);
    }),
  );
});

test("of a large journal hardly anything is read", async () => {
  const disk = createFsFromVolume(new Volume());
  disk.mkdirSync("/journal");
  for (let segment = 0; segment < 4; segment += 1) {
    const firstSeq = segment * 5_000 + 1;
    const lines = Array.from({ length: 5_000 }, (_, index) => `${lineAt(firstSeq + index)}\n`);
    disk.writeFileSync(`/journal/${segmentName(firstSeq)}`, lines.join(""));
  }
  const { promises } = disk;
  let bytes = 0;
  const fs = {
    readdir: (path: string) => promises.readdir(path),
    open: async (path: string) => {
      const file = await promises.open(path, "r");
      return {
        stat: () => file.stat(),
        close: () => file.close(),
        read: (buffer: Uint8Array, offset: number, length: number, position: number) => {
          bytes += length;
          return file.read(buffer, offset, length, position);
        },
      };
    },
  } as unknown as ShipperFs;
  expect(await measureBacklog(fs, "/journal", 6_000)).toMatchObject({
    events: 14_001,
    nextSeq: 20_001,
  });
  expect(bytes).toBeLessThan(400_000);
});
