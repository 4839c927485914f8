import { maxLineBytes, segmentName, type JournalEvent, type NewEvent } from "pidnap-journal";
import { expect, test } from "vitest";
import { openJournalWith } from "../src/writer/journal.ts";
import type { OpenJournalOptions } from "../src/writer/options.ts";
import { seenEvents, World } from "./_writer-world.ts";

const note: NewEvent = { type: "note", padding: "x".repeat(100) };

function running(process: string): NewEvent {
  return { type: "process.transitioned", process, from: "idle", to: "running", restarts: 0 };
}

async function openIn(world: World, options: OpenJournalOptions = {}) {
  return openJournalWith(world.startProcess().env, world.dir, options);
}

function segments(world: World): string[] {
  return world.disk.list(world.dir).filter((name) => name.endsWith(".ndjson"));
}

function bytesOnDisk(world: World): number {
  const sizes = segments(world).map(
    (name) => world.disk.volume.statSync(`${world.dir}/${name}`).size,
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

function eventsIn(world: World): JournalEvent[] {
  return seenEvents(world.disk, world.dir).map(({ event }) => event);
}

test("a segment is sealed before it would outgrow its size, and the next is named by its first position", async () => {
  const world = new World();
  const journal = await openIn(world, { maxSegmentBytes: 1000 });
  for (let count = 0; count < 20; count += 1) journal.append(note);
  const names = segments(world);
  expect(names.length).toBeGreaterThan(3);
  for (const name of names) {
    expect(world.disk.volume.statSync(`${world.dir}/${name}`).size).toBeLessThanOrEqual(1000);
  }
  const seen = seenEvents(world.disk, world.dir);
  for (const name of names) {
    const first = seen.find(({ segment }) => segment === name)?.event;
    expect(first).toMatchObject({ type: "segment.opened" });
    expect(name).toBe(segmentName(first?.seq ?? 0));
  }
});

test("a segment takes at least one event, however small segments are to be", async () => {
  const world = new World();
  const journal = await openIn(world, { maxSegmentBytes: 1 });
  for (let count = 0; count < 3; count += 1) expect(journal.append(note)).toBe(2 + 2 * count);
  expect(segments(world)).toHaveLength(3);
});

test("all segments together stay below the total, the live one counted, and the oldest go first", async () => {
  const world = new World();
  const journal = await openIn(world, { maxSegmentBytes: 1000, maxTotalBytes: 3500 });
  for (let count = 0; count < 100; count += 1) {
    expect(journal.append(note)).toBeGreaterThan(0);
    expect(bytesOnDisk(world)).toBeLessThanOrEqual(3500);
    expect(journal.stats()).toMatchObject({
      bytes: bytesOnDisk(world),
      segments: segments(world).length,
    });
  }
  expect(bytesOnDisk(world)).toBeGreaterThan(2500);
  const seqs = eventsIn(world).map((event) => event.seq);
  expect(seqs).toEqual(seqs.map((_, index) => (seqs[0] ?? 0) + index));
  expect(seqs.at(-1)).toBe(journal.stats().nextSeq - 1);
});

test("a total smaller than a segment bounds the segment", async () => {
  const world = new World();
  const journal = await openIn(world, { maxTotalBytes: 2000 });
  for (let count = 0; count < 50; count += 1) expect(journal.append(note)).toBeGreaterThan(0);
  expect(bytesOnDisk(world)).toBeLessThanOrEqual(2000);
});

test("a journal that grew while its total was larger shrinks with the first event", async () => {
  const world = new World();
  const first = await openIn(world, { maxSegmentBytes: 1000 });
  for (let count = 0; count < 50; count += 1) first.append(note);
  first.close();
  const second = await openIn(world, { maxSegmentBytes: 1000, maxTotalBytes: 2500 });
  second.append(note);
  expect(bytesOnDisk(world)).toBeLessThanOrEqual(2500);
});

test("where nothing can be deleted or begun, the live segment stops at the total", async () => {
  const world = new World();
  const journal = await openIn(world, { maxSegmentBytes: 1000, maxTotalBytes: 3000 });
  world.disk.failing.set("openSync", "EMFILE");
  world.disk.failing.set("unlinkSync", "EACCES");
  for (let count = 0; count < 60; count += 1) journal.append(note);
  expect(bytesOnDisk(world)).toBeLessThanOrEqual(3000);
  expect(journal.stats().droppedEvents).toBeGreaterThan(0);
  world.disk.failing.clear();
  world.pass(2000);
  expect(journal.append(note)).toBeGreaterThan(0);
  expect(eventsIn(world)).toContainEqual(expect.objectContaining({ type: "events.dropped" }));
});

test("a segment is sealed by its age on the monotonic clock; wall clock jumps seal nothing", async () => {
  const world = new World();
  const journal = await openIn(world, { maxSegmentAgeMs: 60_000 });
  for (const jumpMs of [1e11, -3e11, 5e11, -1e12]) {
    world.wallMs += jumpMs;
    journal.append(note);
  }
  expect(segments(world)).toHaveLength(1);
  world.pass(59_000);
  journal.append(note);
  expect(segments(world)).toHaveLength(1);
  world.pass(1_000);
  journal.append(note);
  expect(segments(world)).toHaveLength(2);
});

test("a segment's age goes on across writers, and a clock set back does not stretch it", async () => {
  const world = new World();
  const options = { maxSegmentAgeMs: 60_000 };
  const first = await openIn(world, options);
  first.append(note);
  first.close();
  world.pass(40_000);
  const second = await openIn(world, options);
  second.append(note);
  world.pass(20_000);
  second.append(note);
  expect(segments(world)).toHaveLength(2);
  second.close();
  world.wallMs -= 1e10;
  const third = await openIn(world, options);
  for (let count = 0; count < 5; count += 1) third.append(note);
  expect(segments(world)).toHaveLength(2);
  world.pass(60_000);
  third.append(note);
  expect(segments(world)).toHaveLength(3);
});

test("`at` follows the wall clock wherever it jumps, `mono` never goes back", async () => {
  const world = new World();
  const journal = await openIn(world);
  const jumps = [-5e11, 1e12, Number.NaN, -1e13, 1e17];
  for (const jumpMs of jumps) {
    world.wallMs = jumpMs;
    world.monoMs += 10;
    expect(journal.append(note)).toBeGreaterThan(0);
  }
  world.monoMs -= 1000;
  expect(journal.append(note)).toBeGreaterThan(0);
  const monos = eventsIn(world).map((event) => event.mono);
  expect(monos).toHaveLength(7);
  expect(monos).toEqual(monos.toSorted((a, b) => a - b));
});

test("a segment begins with the table of its boot; the first line of a boot has an empty one", async () => {
  const world = new World();
  const first = await openIn(world, { maxSegmentBytes: 400 });
  first.append({ ...running("web"), kind: "task" });
  first.append(running("gone"));
  first.append({ ...running("gone"), to: "removed" });
  first.append(note);
  const tables = () => eventsIn(world).filter((event) => event.type === "segment.opened");
  expect(tables().at(-1)).toMatchObject({
    processes: {
      web: { state: "running", at: world.wallMs, mono: 1000, restarts: 0, kind: "task" },
    },
  });
  first.close();
  const second = await openIn(world, { maxSegmentBytes: 400 });
  second.append(note);
  expect(tables().at(-1)).toMatchObject({ boot: second.boot, processes: {} });
});

test("a table too long for a line leaves out processes without an open run first, the longest unchanged first", async () => {
  const world = new World();
  const journal = await openIn(world, { maxSegmentBytes: 1 });
  // 400 names of some 250 bytes: twice what a line holds.
  const nameOf = (index: number) => `${String(index).padStart(3, "0")}-${"n".repeat(246)}`;
  for (let index = 0; index < 400; index += 1) {
    const to = index % 4 === 0 ? "running" : "stopped";
    journal.append({ ...running(nameOf(index)), to });
  }
  journal.append(note);
  const opened = eventsIn(world).findLast((event) => event.type === "segment.opened");
  const table = (opened as { processes?: Record<string, { state: string }> }).processes ?? {};
  const kept = Object.keys(table).map((name) => Number(name.slice(0, 3)));
  const all = Array.from({ length: 400 }, (_, index) => index);
  expect(kept.filter((index) => index % 4 === 0)).toEqual(all.filter((index) => index % 4 === 0));
  const stopped = kept.filter((index) => index % 4 !== 0);
  const allStopped = all.filter((index) => index % 4 !== 0);
  expect(stopped).toEqual(allStopped.slice(-stopped.length));
  const line = Buffer.byteLength(JSON.stringify(opened)) + 1;
  expect(line).toBeLessThanOrEqual(maxLineBytes);
  expect(line).toBeGreaterThan(maxLineBytes - 400);
});

test("the table holds at most 400 processes: the one that changed longest ago leaves first", async () => {
  const world = new World();
  const journal = await openIn(world, { maxSegmentBytes: 1 });
  for (let index = 0; index < 400; index += 1) journal.append(running(`p${index}`));
  journal.append(running("p0"));
  journal.append(running("new"));
  journal.append(note);
  const opened = eventsIn(world).findLast((event) => event.type === "segment.opened");
  const names = Object.keys((opened as { processes?: object }).processes ?? {});
  expect(names).toHaveLength(400);
  expect(names).toContain("p0");
  expect(names).not.toContain("p1");
});

test("after a declared loss the table is told again within a minute, with what really happened", async () => {
  const world = new World();
  const journal = await openIn(world);
  journal.append(running("web"));
  world.disk.roomBytes = 0;
  expect(journal.append({ ...running("web"), from: "running", to: "stopped" })).toBe(0);
  world.disk.roomBytes = Number.POSITIVE_INFINITY;
  journal.append(note);
  expect(segments(world)).toHaveLength(1);
  world.pass(60_000);
  journal.append(note);
  expect(eventsIn(world).map((event) => event.type)).toEqual([
    "segment.opened",
    "process.transitioned",
    "events.dropped",
    "note",
    "segment.opened",
    "note",
  ]);
  expect(eventsIn(world)[4]).toMatchObject({ processes: { web: { state: "stopped" } } });
});

test("a loss is declared in front of the table that says what happened in it", async () => {
  const world = new World();
  const journal = await openIn(world, { maxSegmentBytes: 700 });
  journal.append(running("web"));
  world.disk.roomBytes = 0;
  journal.append({ ...running("web"), from: "running", to: "stopped" });
  world.disk.roomBytes = Number.POSITIVE_INFINITY;
  journal.append(note);
  expect(eventsIn(world).slice(2)).toMatchObject([
    { type: "events.dropped" },
    { type: "segment.opened", processes: { web: { state: "stopped" } } },
    { type: "note" },
  ]);
});

test("a segment that gets its opening late begins with the table that the journal tells by then", async () => {
  const world = new World();
  const journal = await openIn(world, { maxSegmentBytes: 1 });
  journal.append(running("web"));
  world.disk.roomBytes = 10;
  journal.append({ ...running("web"), from: "running", to: "stopped" });
  world.disk.roomBytes = Number.POSITIVE_INFINITY;
  journal.append(note);
  world.pass(60_000);
  journal.append(note);
  const tables = eventsIn(world).filter((event) => event.type === "segment.opened");
  expect(tables.slice(1)).toMatchObject([
    { processes: { web: { state: "running" } } },
    { processes: { web: { state: "stopped" } } },
  ]);
});

test("a directory that is deleted is made anew, and its journal goes on with its table", async () => {
  const world = new World();
  const journal = await openIn(world);
  journal.append(running("web"));
  const [opening] = eventsIn(world);
  world.disk.volume.rmSync(world.dir, { recursive: true });
  world.monoMs += 2;
  expect(journal.append(note)).toBe(4);
  expect(segments(world)).toEqual([segmentName(3)]);
  expect(eventsIn(world)).toMatchObject([
    {
      seq: 3,
      type: "segment.opened",
      journal: (opening as { journal?: unknown }).journal,
      processes: { web: { state: "running" } },
    },
    { seq: 4, type: "note" },
  ]);
  await expect(openIn(world)).rejects.toMatchObject({ code: "JOURNAL_LOCKED" });
});

test("a live segment that is deleted alone is followed by a new one, not by an older one that was sealed", async () => {
  const world = new World();
  const journal = await openIn(world);
  journal.append(running("web"));
  journal.append({ type: "invalid", value: 1n });
  // The table is told again by a segment of its own, so that the one before it has room left.
  world.pass(60_000);
  journal.append(note);
  expect(segments(world)).toEqual([segmentName(1), segmentName(4)]);
  world.disk.volume.unlinkSync(`${world.dir}/${segmentName(4)}`);
  world.monoMs += 2;
  expect(journal.append(note)).toBe(7);
  expect(segments(world)).toEqual([segmentName(1), segmentName(6)]);
});

test("a journal whose directory another writer has taken meanwhile counts, and leaves it alone", async () => {
  const world = new World();
  const first = await openIn(world);
  world.disk.volume.rmSync(world.dir, { recursive: true });
  const second = await openIn(world);
  world.monoMs += 2;
  expect(first.append(note)).toBe(0);
  expect(second.append(note)).toBeGreaterThan(0);
  second.close();
  expect(first.append(note)).toBeGreaterThan(0);
  expect(eventsIn(world).at(-2)).toMatchObject({
    type: "events.dropped",
    count: 1,
    reason: "locked",
  });
});

test("a writer that comes back behind a later one goes on in the segment that one began", async () => {
  const world = new World();
  const first = await openIn(world, { maxSegmentBytes: 1 });
  first.append(note);
  for (const name of world.disk.list(world.dir)) {
    if (name.endsWith(".lock")) world.disk.volume.unlinkSync(`${world.dir}/${name}`);
  }
  const second = world.startProcess();
  await openJournalWith(second.env, world.dir);
  world.pass(300);
  expect(first.append(note)).toBe(0);
  second.kill();
  // It died when it had made the next segment's file, and nothing in it.
  world.disk.volume.writeFileSync(`${world.dir}/${segmentName(3)}`, "");
  expect(first.append(note)).toBe(5);
  expect(eventsIn(world).slice(2)).toMatchObject([
    { seq: 3, type: "segment.opened" },
    { seq: 4, type: "events.dropped", reason: "locked" },
    { seq: 5, type: "note" },
  ]);
});

test("fsync comes within two seconds, once a second at most, and not where nothing was written", async () => {
  const world = new World();
  const process = world.startProcess();
  let syncs = 0;
  const env = {
    ...process.env,
    fsyncInBackground: (fd: number, done: (error: Error | null) => void) => {
      syncs += 1;
      process.env.fsyncInBackground(fd, done);
    },
  };
  const journal = await openJournalWith(env, world.dir);
  world.pass(2_000);
  expect(syncs).toBe(1);
  world.pass(10_000);
  expect(syncs).toBe(1);
  for (let tenths = 0; tenths < 100; tenths += 1) {
    journal.append(note);
    world.pass(100);
  }
  expect(syncs).toBeGreaterThanOrEqual(9);
  expect(syncs).toBeLessThanOrEqual(12);
});
