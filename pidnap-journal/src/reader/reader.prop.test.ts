import fc from "fast-check";
import { createFsFromVolume, Volume } from "memfs";
import { expect, test } from "vitest";
import { segmentName } from "../segment-name.ts";
import type { JournalEntry } from "./entry.ts";
import { readJournalIn } from "./read.ts";
import type { ReaderWorld } from "./world.ts";

/** A world on a disk in memory, which nothing changes while it is read. */
function worldOf(files: Readonly<Record<string, Uint8Array>>): ReaderWorld {
  const volume = new Volume();
  volume.mkdirSync("/journal", { recursive: true });
  for (const [name, bytes] of Object.entries(files)) {
    volume.writeFileSync(`/journal/${name}`, Buffer.from(bytes));
  }
  const { promises } = createFsFromVolume(volume);
  return {
    fs: {
      readdir: async (path) => (await promises.readdir(path)) as string[],
      open: async (path, flags) => {
        const file = await promises.open(path, flags);
        return {
          read: (buffer, offset, length, position) => file.read(buffer, offset, length, position),
          close: () => file.close(),
        };
      },
    },
    watch: () => {
      throw new Error("nothing changes here");
    },
  };
}

async function readAll(world: ReaderWorld, from = 1): Promise<JournalEntry[]> {
  const entries: JournalEntry[] = [];
  for await (const entry of readJournalIn(world, "/journal", { from })) entries.push(entry);
  return entries;
}

const seqsOf = (entries: readonly JournalEntry[]): number[] =>
  entries.flatMap((entry) => (entry.kind === "event" ? [entry.event.seq] : []));

const event = (seq: number, pad: string): string =>
  `${JSON.stringify({ v: 1, seq, at: 1, mono: 1, boot: "b", type: "x", pad })}\n`;

/** Bytes that are no event, ended by `\n`. */
const garbage = fc
  .uint8Array({ minLength: 0, maxLength: 300 })
  .map((bytes) =>
    Buffer.concat([Buffer.from("#"), bytes.filter((byte) => byte !== 0x0a), Buffer.from("\n")]),
  );

const piece = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("event" as const),
      pad: fc.string({ maxLength: 200 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("garbage" as const), bytes: garbage }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("rotation" as const) }) },
);

type Piece = typeof piece extends fc.Arbitrary<infer One> ? One : never;

interface Written {
  readonly files: Record<string, Uint8Array>;
  readonly last: number;
  readonly garbage: number;
}

/** Writes pieces as a journal: a rotation begins a segment, unless it would be the first one again. */
function written(pieces: readonly Piece[]): Written {
  const files: Record<string, Uint8Array> = {};
  let seq = 0;
  let count = 0;
  let name = segmentName(1);
  files[name] = new Uint8Array();
  for (const one of pieces) {
    if (one.kind === "rotation") name = segmentName(seq + 1);
    files[name] ??= new Uint8Array();
    if (one.kind === "event") seq += 1;
    if (one.kind === "garbage") count += 1;
    const bytes =
      one.kind === "event"
        ? Buffer.from(event(seq, one.pad))
        : one.kind === "garbage"
          ? one.bytes
          : Buffer.alloc(0);
    files[name] = Buffer.concat([files[name] ?? new Uint8Array(), bytes]);
  }
  return { files, last: seq, garbage: count };
}

const upTo = (from: number, through: number): number[] =>
  Array.from({ length: Math.max(0, through - from + 1) }, (_, index) => from + index);

test("whatever stands between them, every event is read once and in order, and the rest reported", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 60 }), fc.nat(80), async (pieces, from) => {
      const { files, garbage, last } = written(pieces);
      const world = worldOf(files);
      const all = await readAll(world);
      expect(seqsOf(all)).toEqual(upTo(1, last));
      expect(all.length - last).toBe(garbage);
      expect(seqsOf(await readAll(world, from + 1))).toEqual(upTo(from + 1, last));
    }),
    { numRuns: 150 },
  );
});

test("a journal cut at any byte gives the events before the cut", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 30 }), fc.nat(), async (pieces, cut) => {
      const { files } = written(pieces);
      const name = Object.keys(files).toSorted().at(-1) ?? "";
      const bytes = files[name] ?? new Uint8Array();
      const kept = Buffer.from(bytes.subarray(0, bytes.length === 0 ? 0 : cut % bytes.length));
      const whole = seqsOf(await readAll(worldOf(files)));
      const left = seqsOf(await readAll(worldOf({ ...files, [name]: kept })));
      expect(left).toEqual(whole.slice(0, left.length));
      const lines = kept.toString("latin1").split("\n").length - 1;
      const before = seqsOf(await readAll(worldOf({ ...files, [name]: new Uint8Array() }))).length;
      expect(left.length).toBeLessThanOrEqual(before + lines);
    }),
    { numRuns: 100 },
  );
});
