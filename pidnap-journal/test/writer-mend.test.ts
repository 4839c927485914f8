import { firstSeqOfSegment, segmentName, type JournalEvent } from "pidnap-journal";
import { expect, test } from "vitest";
import { openJournalWith } from "../src/writer/journal.ts";
import { line } from "./_journal-files.ts";
import { seenEvents, World } from "./_writer-world.ts";

const journalId = "4eeb890c-9908-4c0e-96d6-0832cea05544";

function opening(seq: number): string {
  return line(seq, { type: "segment.opened", journal: journalId, processes: {} });
}

function worldWith(segments: Readonly<Record<number, string | Uint8Array>>): World {
  const world = new World();
  world.disk.volume.mkdirSync(world.dir);
  for (const [seq, content] of Object.entries(segments)) {
    world.disk.volume.writeFileSync(
      `${world.dir}/${segmentName(Number(seq))}`,
      Buffer.from(content),
    );
  }
  return world;
}

function contentOf(world: World, seq: number): string {
  return world.disk.volume.readFileSync(`${world.dir}/${segmentName(seq)}`, "utf8") as string;
}

function eventsIn(world: World): JournalEvent[] {
  return seenEvents(world.disk, world.dir).map(({ event }) => event);
}

async function openIn(world: World) {
  return openJournalWith(world.startProcess().env, world.dir);
}

const three = opening(1) + line(2) + line(3);
const nul = "\0".repeat(700);

test.each([
  ["whole", three, 4],
  ["a tail cut off in the middle", three + line(4).slice(0, 40), 4],
  ["a tail that lacks only its end, and is the next event", three + line(4).slice(0, -1), 5],
  ["a tail that lacks only its end, of an older position", three + line(2).slice(0, -1), 4],
  ["a tail that lacks only its end, of a later position", three + line(9).slice(0, -1), 4],
  ["a run of NUL bytes behind it", three + nul, 4],
  ["a run of NUL bytes that swallowed the last line's end", three + line(4).slice(0, 50) + nul, 4],
  ["NUL bytes, a line end and garbage behind it", `${three}${nul}\n{"v":1,"seq":`, 4],
  [
    "bytes that are no UTF-8 behind it",
    Buffer.concat([Buffer.from(three), Buffer.alloc(90, 0xff)]),
    4,
  ],
  ["older lines once more behind it", three + opening(1) + line(2), 4],
  ["a corrupt line in it that cost a position", opening(1) + line(2) + "rubbish\n" + line(4), 5],
  ["a corrupt line in it that cost none", opening(1) + "rubbish\n" + line(2), 3],
  [
    "a last line whose head is right and whose rest is not",
    `${three}{"v":1,"seq":77,"at":oops}\n`,
    4,
  ],
  ["more such lines than are remembered", three + headsAlone(40), 4],
  ["a line without an end that no line could have", three + "x".repeat(700_000), 4],
  ["lines whose fields are in another order", three + reordered(4), 5],
  ["a corrupt line before its opening", `${nul}\n${opening(1)}${line(2)}`, 3],
])("a segment with %s is gone on with at the right position", async (_what, content, nextSeq) => {
  const world = worldWith({ 1: content });
  const journal = await openIn(world);
  expect(journal.stats().nextSeq).toBe(nextSeq);
  expect(journal.append({ type: "note" })).toBe(nextSeq);
  const events = eventsIn(world);
  expect(events.at(-1)).toMatchObject({ seq: nextSeq, type: "note", boot: journal.boot });
  expect(new Set(events.map((event) => event.seq)).size).toBe(events.length);
  expect(contentOf(world, 1).startsWith(Buffer.from(content).toString("utf8"))).toBe(true);
});

test.each([
  ["empty", ""],
  ["torn in its first line", opening(4).slice(0, 60)],
  ["wholly corrupt", `${nul}\nrubbish\n`],
  ["of lines that belong before it", line(2) + line(3)],
])(
  "a newest segment that is %s begins at the position of its name, with its opening",
  async (_what, content) => {
    const world = worldWith({ 1: three, 4: content });
    const journal = await openIn(world);
    expect(journal.append({ type: "note" })).toBe(5);
    expect(world.disk.list(world.dir).filter((name) => firstSeqOfSegment(name))).toHaveLength(2);
    const inNewest = seenEvents(world.disk, world.dir).filter(
      ({ segment }) => segment === segmentName(4),
    );
    expect(inNewest.map(({ event }) => event)).toMatchObject([
      { seq: 4, type: "segment.opened", journal: journalId, processes: {} },
      { seq: 5, type: "note" },
    ]);
  },
);

test("the journal's id comes from an older segment where the newest does not say it", async () => {
  const world = worldWith({ 1: three, 4: `rubbish\n${line(5)}`, 6: line(6) });
  const journal = await openJournalWith(world.startProcess().env, world.dir, {
    maxSegmentBytes: 1,
  });
  journal.append({ type: "note" });
  expect(eventsIn(world).at(-2)).toMatchObject({ type: "segment.opened", journal: journalId });
});

test("segments that never say which journal they are of get an id, and keep it", async () => {
  const world = worldWith({ 1: line(1) });
  const first = await openJournalWith(world.startProcess().env, world.dir, { maxSegmentBytes: 1 });
  first.append({ type: "note" });
  first.close();
  const second = await openJournalWith(world.startProcess().env, world.dir, { maxSegmentBytes: 1 });
  second.append({ type: "note" });
  const ids = eventsIn(world).flatMap((event) => ("journal" in event ? [event.journal] : []));
  expect(ids).toHaveLength(2);
  expect(new Set(ids).size).toBe(1);
});

test("a journal of another version is refused and left as it is; damage that looks like one is not", async () => {
  const other = worldWith({ 1: '{"v":2,"seq":1}\n' });
  await expect(openIn(other)).rejects.toMatchObject({ code: "JOURNAL_VERSION", version: 2 });
  expect(contentOf(other, 1)).toBe('{"v":2,"seq":1}\n');
  expect(other.disk.list(other.dir).filter((name) => name.endsWith(".lock"))).toEqual([]);
  const damaged = worldWith({ 1: `${three}{"v":2,"seq":4}\n` });
  expect((await openIn(damaged)).append({ type: "note" })).toBe(4);
});

test("opening reads the newest segment alone, and that once", async () => {
  const long = Array.from({ length: 4000 }, (_, index) => line(index + 4)).join("");
  const world = worldWith({ 1: three, 4: long, 4004: opening(4004) + line(4005) });
  const { env } = world.startProcess();
  const opened: string[] = [];
  let readBytes = 0;
  const journal = await openJournalWith(
    {
      ...env,
      fs: {
        ...env.fs,
        openSync: (path, flags, mode) => {
          opened.push(`${flags} ${path.slice(world.dir.length + 1)}`);
          return env.fs.openSync(path, flags, mode);
        },
        readSync: (...args) => {
          const read = env.fs.readSync(...args);
          readBytes += read;
          return read;
        },
      },
    },
    world.dir,
  );
  expect(journal.stats().nextSeq).toBe(4006);
  expect(opened.filter((path) => path.includes("journal-"))).toEqual([
    `a ${segmentName(4004)}`,
    `r ${segmentName(4004)}`,
  ]);
  const newestBytes = Buffer.byteLength(contentOf(world, 4004));
  // Its last line is read once more, to see whether it is whole.
  expect(readBytes).toBeLessThanOrEqual(newestBytes + line(4005).length);
});

function headsAlone(count: number): string {
  return Array.from({ length: count }, (_, index) => `{"v":1,"seq":${100 + index},"at":\n`).join(
    "",
  );
}

function reordered(seq: number): string {
  const { v, seq: position, ...rest } = JSON.parse(line(seq)) as Record<string, unknown>;
  return `${JSON.stringify({ ...rest, seq: position, v })}\n`;
}
