import { spawnSync } from "node:child_process";
import fs, { mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  dropMark,
  JournalMarkError,
  openJournal,
  readJournal,
  type Journal,
  type JournalEntry,
  type JournalEvent,
} from "pidnap-journal";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { temporaryDir } from "./_journal-files.ts";

afterEach(() => vi.restoreAllMocks());

test("on a disk that fills, events are counted, and declared once there is room again", async () => {
  const { dir, fill, free } = await smallDisk();
  using journal = await openJournal(join(dir, "journal"), { fsync: "always" });
  const padding = "x".repeat(100);
  let written = 0;
  for (let index = 0; index < 20; index += 1)
    written += Math.sign(journal.append({ type: "note", padding }));
  fill();
  let refused = 0;
  // What is left in the last page still takes some.
  for (let index = 0; index < 100; index += 1) {
    if (journal.append({ type: "note", padding }) > 0) written += 1;
    else refused += 1;
  }
  expect(refused).toBeGreaterThan(10);
  expect(journal.stats().droppedEvents).toBe(refused);
  free();
  const seq = journal.append({ type: "after" });
  expect(seq).toBe(journal.stats().nextSeq - 1);
  const events = await eventsOf(journal);
  expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1));
  expect(events.filter((event) => event.type === "note")).toHaveLength(written);
  expect(events.filter((event) => event.type === "events.dropped")).toMatchObject([
    { count: refused, reason: "disk-full" },
  ]);
  expect(events.at(-1)).toMatchObject({ seq, type: "after" });
});

test("opened on a full disk, a journal counts, and begins by itself once there is room", async () => {
  const { dir, fill, free } = await smallDisk();
  fill();
  using journal = await openJournal(join(dir, "journal"), { boot: "boot-full" });
  expect(journal.append({ type: "machine.ready" })).toBe(0);
  expect(journal.append({ type: "machine.ready" })).toBe(0);
  await expect(openJournal(journal.dir)).rejects.toMatchObject({ code: "JOURNAL_LOCKED" });
  free();
  await expect
    .poll(() => eventsOf(journal), { timeout: 5000 })
    .toMatchObject([
      { seq: 1, type: "segment.opened", processes: {}, boot: "boot-full" },
      { seq: 2, type: "events.dropped", count: 2, reason: "disk-full" },
    ]);
});

test("an I/O error costs a return value and a count, whatever it hits", async () => {
  using journal = await openJournal(join(await temporaryDir(), "journal"), { fsync: "always" });
  const write = vi.spyOn(fs, "writeSync").mockImplementation(() => {
    throw Object.assign(new Error("i/o error"), { code: "EIO" });
  });
  expect(journal.append({ type: "lost" })).toBe(0);
  write.mockRestore();
  expect(journal.append({ type: "kept" })).toBe(3);
  expect(await eventsOf(journal)).toMatchObject([
    { type: "segment.opened" },
    { type: "events.dropped", count: 1, reason: "io-error" },
    { type: "kept" },
  ]);
});

test("an event whose fsync failed is not acknowledged, though its line may be there", async () => {
  using journal = await openJournal(join(await temporaryDir(), "journal"), { fsync: "always" });
  const sync = vi.spyOn(fs, "fsyncSync").mockImplementation(() => {
    throw Object.assign(new Error("i/o error"), { code: "EIO" });
  });
  expect(journal.append({ type: "uncertain" })).toBe(0);
  expect(journal.stats().droppedEvents).toBe(1);
  sync.mockRestore();
  expect(journal.append({ type: "kept" })).toBe(4);
  expect(await eventsOf(journal)).toMatchObject([
    { type: "segment.opened" },
    { type: "uncertain" },
    { type: "events.dropped", count: 1, reason: "io-error" },
    { type: "kept" },
  ]);
});

test("a write that stops in the middle of a line leaves a corrupt line and no gap", async () => {
  using journal = await openJournal(join(await temporaryDir(), "journal"));
  const write = onWrite((part, length) => part(Math.floor(length / 2)));
  expect(journal.append({ type: "cut" })).toBe(0);
  write.mockRestore();
  expect(journal.append({ type: "kept" })).toBe(3);
  const entries = await entriesOf(journal);
  expect(entries.map((entry) => entry.kind)).toEqual(["event", "corrupt", "event", "event"]);
});

test("a line that lacks only its end is spoiled: its caller was told that it was not written", async () => {
  using journal = await openJournal(join(await temporaryDir(), "journal"));
  const write = onWrite((part, length) => part(length - 1));
  expect(journal.append({ type: "cut" })).toBe(0);
  write.mockRestore();
  expect(journal.append({ type: "kept" })).toBe(3);
  expect((await eventsOf(journal)).map((event) => event.type)).toEqual([
    "segment.opened",
    "events.dropped",
    "kept",
  ]);
});

test("a write that fails after it has written a part leaves a corrupt line and no gap", async () => {
  using journal = await openJournal(join(await temporaryDir(), "journal"));
  const write = onWrite((part, length) => {
    part(Math.floor(length / 2));
    throw Object.assign(new Error("i/o error"), { code: "EIO" });
  });
  expect(journal.append({ type: "cut" })).toBe(0);
  write.mockRestore();
  expect(journal.append({ type: "kept" })).toBe(3);
  const entries = await entriesOf(journal);
  expect(entries.map((entry) => entry.kind)).toEqual(["event", "corrupt", "event", "event"]);
  const { size } = statSync(join(journal.dir, "journal-0000000000000001.ndjson"));
  expect(journal.stats().bytes).toBe(size);
});

test("a descriptor that went bad is opened anew", async () => {
  using journal = await openJournal(join(await temporaryDir(), "journal"));
  const bad = () => {
    throw Object.assign(new Error("bad file descriptor"), { code: "EBADF" });
  };
  const spies = [
    vi.spyOn(fs, "writeSync").mockImplementation(bad),
    vi.spyOn(fs, "fstatSync").mockImplementation(bad),
  ];
  expect(journal.append({ type: "lost" })).toBe(0);
  for (const spy of spies) spy.mockRestore();
  await expect.poll(() => journal.append({ type: "kept" })).toBeGreaterThan(0);
  const events = await eventsOf(journal);
  expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1));
});

test("without descriptors for a new segment, the old one is written on", async () => {
  using journal = await openJournal(join(await temporaryDir(), "journal"), {
    maxSegmentBytes: 500,
  });
  const open = vi.spyOn(fs, "openSync").mockImplementation(() => {
    throw Object.assign(new Error("too many open files"), { code: "EMFILE" });
  });
  const seqs = Array.from({ length: 10 }, () => journal.append({ type: "note" }));
  expect(seqs).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  expect(journal.stats().segments).toBe(1);
  open.mockRestore();
});

test("opened where nothing can be opened, a journal begins with the first event that finds a way", async () => {
  const open = vi.spyOn(fs, "openSync").mockImplementation(() => {
    throw Object.assign(new Error("too many open files"), { code: "EMFILE" });
  });
  using journal = await openJournal(join(await temporaryDir(), "journal"));
  expect(journal.append({ type: "lost" })).toBe(0);
  expect(journal.stats()).toEqual({ nextSeq: 1, droppedEvents: 1, segments: 0, bytes: 0 });
  open.mockRestore();
  await expect.poll(() => journal.append({ type: "kept" })).toBeGreaterThan(0);
  expect(await eventsOf(journal)).toMatchObject([
    { type: "segment.opened" },
    { type: "events.dropped", reason: "io-error" },
    { type: "kept" },
  ]);
});

test("a path that is no directory keeps pidnap from nothing", async () => {
  const path = join(await temporaryDir(), "file");
  writeFileSync(path, "something");
  using journal = await openJournal(path);
  expect(journal.append({ type: "lost" })).toBe(0);
  expect(journal.problem).toMatchObject({ operation: "write" });
});

test("a deleted directory is made anew even when nothing is appended", async () => {
  const dir = join(await temporaryDir(), "journal");
  using journal = await openJournal(dir);
  rmSync(dir, { recursive: true });
  await expect
    .poll(() => statSync(join(dir, "journal-0000000000000002.ndjson")).size, { timeout: 5000 })
    .toBeGreaterThan(0);
  expect(journal.stats().nextSeq).toBe(3);
});

/** Puts something in the place of `fs.writeSync`. @param part writes that many of the bytes */
function onWrite(write: (part: (length: number) => number, length: number) => number) {
  const original = fs.writeSync.bind(fs) as (...args: unknown[]) => number;
  const replaced = (fd: number, bytes: Uint8Array, offset: number, length: number) =>
    write((part) => original(fd, bytes, offset, part), length);
  return vi.spyOn(fs, "writeSync").mockImplementation(replaced as unknown as typeof fs.writeSync);
}

/** A disk of its own of 1 MiB; where none may be mounted, a file system that says it is full. */
async function smallDisk(): Promise<{ dir: string; fill: () => void; free: () => void }> {
  const dir = join(await temporaryDir(), "disk");
  mkdirSync(dir);
  if (spawnSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", dir]).status !== 0) {
    return { dir, ...pretendedDisk() };
  }
  onTestFinished(() => void spawnSync("umount", ["--lazy", dir]));
  const filler = join(dir, "filler");
  return { dir, fill: () => fillWith(filler), free: () => rmSync(filler) };
}

function fillWith(path: string): void {
  const fd = fs.openSync(path, "w");
  const page = Buffer.alloc(4096, 1);
  try {
    while (fs.writeSync(fd, page) > 0);
  } catch (error) {
    expect(error).toMatchObject({ code: "ENOSPC" });
  } finally {
    fs.closeSync(fd);
  }
}

function pretendedDisk(): { fill: () => void; free: () => void } {
  const full = () => {
    throw Object.assign(new Error("no space left"), { code: "ENOSPC" });
  };
  return {
    fill: () => void vi.spyOn(fs, "writeSync").mockImplementation(full),
    free: () => vi.restoreAllMocks(),
  };
}

async function entriesOf(journal: Journal): Promise<JournalEntry[]> {
  const entries: JournalEntry[] = [];
  for await (const entry of readJournal(journal.dir)) entries.push(entry);
  return entries;
}

async function eventsOf(journal: Journal): Promise<JournalEvent[]> {
  return (await entriesOf(journal)).flatMap((entry) =>
    entry.kind === "event" ? [entry.event] : [],
  );
}

test.runIf(process.platform === "linux")(
  "where no directory can be made, opening and marking come back at once, and events are counted",
  async () => {
    using journal = await openJournal("/proc/nothing/here");
    expect(journal.append({ type: "machine.ready" })).toBe(0);
    expect(journal.stats().droppedEvents).toBe(1);
    expect(() => dropMark("/proc", { type: "machine.ready" })).toThrow(JournalMarkError);
  },
);

test.runIf(process.platform === "linux")(
  "a named pipe in a segment's place is a fault of the disk, and nobody waits for its other end",
  async () => {
    const dir = join(await temporaryDir(), "journal");
    mkdirSync(dir);
    spawnSync("mkfifo", [join(dir, "journal-0000000000000001.ndjson")]);
    using journal = await openJournal(dir);
    expect(journal.append({ type: "machine.ready" })).toBe(0);
    expect(journal.problem).toMatchObject({ error: { code: "ENXIO" } });
    await expect(entriesOf(journal)).rejects.toThrow("ESPIPE");
  },
);
