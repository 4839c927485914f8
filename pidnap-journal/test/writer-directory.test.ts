import { segmentName } from "pidnap-journal";
import { expect, test } from "vitest";
import { openJournalWith } from "../src/writer/journal.ts";
import { eventsIn, note, openIn, running, segments } from "./_segments.ts";
import { World } from "./_writer-world.ts";

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
