import { segmentName } from "pidnap-journal";
import { expect, test } from "vitest";
import { openJournalWith } from "../src/writer/journal.ts";
import { bytesOnDisk, eventsIn, note, openIn, segments } from "./_segments.ts";
import { seenEvents, World } from "./_writer-world.ts";

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
