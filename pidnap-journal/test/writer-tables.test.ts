import { maxLineBytes } from "pidnap-journal";
import { expect, test } from "vitest";
import { eventsIn, note, openIn, running, segments } from "./_segments.ts";
import { World } from "./_writer-world.ts";

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
