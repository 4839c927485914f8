import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  dropMark,
  dropMarkWith,
  openJournal,
  readJournal,
  type JournalEvent,
} from "pidnap-journal";
import { expect, test } from "vitest";
import { openJournalWith } from "../src/writer/journal.ts";
import { temporaryDir } from "./_journal-files.ts";
import { startWriterProcess } from "./_writer-process.ts";
import { seenEvents, World } from "./_writer-world.ts";

const ready = { type: "machine.ready" } as const;
const tasks = (count: number) => ({ type: "tasks.completed", count, failed: 0 }) as const;

function eventsIn(world: World): JournalEvent[] {
  return seenEvents(world.disk, world.dir).map(({ event }) => event);
}

function marksIn(world: World): string[] {
  return world.disk.list(`${world.dir}/marks`);
}

test("marks of other processes are appended in the order of their making, each once", async () => {
  const dir = join(await temporaryDir(), "journal");
  using journal = await openJournal(dir);
  const daemons = [startWriterProcess(), startWriterProcess()];
  for (const daemon of daemons) await daemon.ask("up?");
  for (let count = 0; count < 20; count += 1) {
    const mark = count === 7 ? ready : tasks(count);
    expect(await daemons[count % 2]!.ask(`mark ${dir} ${JSON.stringify(mark)}`)).toEqual({
      marked: true,
    });
  }
  await expect.poll(() => journal.stats().nextSeq, { interval: 20, timeout: 5000 }).toBe(22);
  const events: JournalEvent[] = [];
  for await (const entry of readJournal(dir)) if (entry.kind === "event") events.push(entry.event);
  expect(events.slice(1)).toMatchObject(
    Array.from({ length: 20 }, (_, count) => (count === 7 ? ready : tasks(count))),
  );
  expect(readdirSync(join(dir, "marks"))).toEqual([]);
});

test("a mark is appended within a second; its event has the time of its making, as far as the order of moments allows", async () => {
  const world = new World();
  const journal = await openJournalWith(world.startProcess().env, world.dir);
  const daemon = world.startProcess();
  world.pass(240);
  const madeAt = { at: world.wallMs, mono: world.monoMs };
  dropMarkWith(daemon.env, world.dir, ready);
  world.pass(300);
  expect(eventsIn(world).at(-1)).toMatchObject({ type: "machine.ready", ...madeAt });
  dropMarkWith(daemon.env, world.dir, tasks(1));
  world.monoMs += 5;
  world.wallMs += 5;
  journal.append({ type: "note" });
  const note = eventsIn(world).at(-1);
  world.pass(300);
  expect(eventsIn(world).at(-1)).toMatchObject({ type: "tasks.completed", mono: note?.mono });
});

test("a mark made before the boot is discarded, whether the host has been up since or not", async () => {
  const world = new World();
  world.disk.volume.mkdirSync(world.dir);
  dropMarkWith(world.startProcess().env, world.dir, ready);
  world.pass(1);
  await openJournalWith(world.startProcess().env, world.dir);
  world.pass(1000);
  expect(marksIn(world)).toEqual([]);
  world.pass(5000);
  dropMarkWith(world.startProcess().env, world.dir, tasks(1));
  world.powerCut({ kept: 1, nulFilled: false, garbage: new Uint8Array(), repeats: false });
  // The host's monotonic clock begins anew: the old mark seems to come from the future.
  await openJournalWith(world.startProcess().env, world.dir);
  world.pass(1000);
  expect(marksIn(world)).toEqual([]);
  expect(eventsIn(world).map((event) => event.type)).toEqual(["segment.opened"]);
});

test("a writer that dies between appending a mark and removing it leaves it appended once", async () => {
  const world = new World();
  const process = world.startProcess();
  await openJournalWith(process.env, world.dir);
  dropMarkWith(world.startProcess().env, world.dir, ready);
  world.disk.failing.set("unlinkSync", "EIO");
  world.pass(300);
  process.kill();
  world.disk.failing.clear();
  world.pass(300);
  expect(marksIn(world)).toHaveLength(1);
  await openJournalWith(world.startProcess().env, world.dir);
  world.pass(1000);
  expect(marksIn(world)).toEqual([]);
  expect(eventsIn(world).filter((event) => event.type === "machine.ready")).toHaveLength(1);
});

test("a mark that cannot be removed is appended once all the same", async () => {
  const world = new World();
  const journal = await openJournalWith(world.startProcess().env, world.dir);
  world.disk.failing.set("unlinkSync", "EACCES");
  dropMarkWith(world.startProcess().env, world.dir, ready);
  world.pass(3000);
  dropMarkWith(world.startProcess().env, world.dir, tasks(2));
  world.pass(3000);
  expect(eventsIn(world).slice(1)).toMatchObject([ready, tasks(2)]);
  expect(journal.stats().droppedEvents).toBe(0);
});

test("marks wait while the disk is full, and are not counted as dropped", async () => {
  const world = new World();
  const journal = await openJournalWith(world.startProcess().env, world.dir);
  const daemon = world.startProcess();
  dropMarkWith(daemon.env, world.dir, ready);
  world.pass(1);
  dropMarkWith(daemon.env, world.dir, tasks(1));
  world.disk.roomBytes = 0;
  world.pass(2000);
  expect(marksIn(world)).toHaveLength(2);
  world.disk.roomBytes = Number.POSITIVE_INFINITY;
  world.pass(500);
  expect(eventsIn(world).slice(1)).toMatchObject([ready, tasks(1)]);
  expect(journal.stats().droppedEvents).toBe(0);
});

test("marks wait for a journal that could not be opened at first", async () => {
  const world = new World();
  world.disk.volume.mkdirSync(world.dir);
  world.disk.failing.set("openSync", "EMFILE");
  await openJournalWith(world.startProcess().env, world.dir);
  world.pass(10);
  world.disk.failing.clear();
  dropMarkWith(world.startProcess().env, world.dir, ready);
  world.pass(1000);
  expect(eventsIn(world)).toMatchObject([{ type: "segment.opened" }, ready]);
});

test("what is no mark is left out, said, and keeps no mark waiting", async () => {
  const dir = await temporaryDir();
  using journal = await openJournal(dir);
  const folder = join(dir, "marks");
  for (const [index, text] of [
    "",
    "{",
    '{"v":1}',
    '{"v":1,"hostBoot":null,"mark":{"type":"x"}}',
  ].entries()) {
    writeFileSync(join(folder, `0000000000000000${index}-00000000.mark`), text);
  }
  mkdirSync(join(folder, "00000000000000009-00000000.mark"));
  // To open it as a file would wait for its other end for ever.
  spawnSync("mkfifo", [join(folder, "00000000000000008-00000000.mark")]);
  writeFileSync(join(folder, "README"), "not mine");
  dropMark(dir, ready);
  await expect.poll(() => journal.stats().nextSeq, { timeout: 5000 }).toBe(3);
  expect(journal.problem).toMatchObject({ operation: "mark" });
  expect(readdirSync(folder).toSorted()).toEqual(["00000000000000009-00000000.mark", "README"]);
});

test("a mark dropped just before the journal is closed is appended", async () => {
  const world = new World();
  const journal = await openJournalWith(world.startProcess().env, world.dir);
  dropMarkWith(world.startProcess().env, world.dir, ready);
  journal.close();
  expect(eventsIn(world).at(-1)).toMatchObject(ready);
});

test("a mark needs a journal's directory, and has to be one", async () => {
  const dir = await temporaryDir();
  expect(() => dropMark(join(dir, "none"), ready)).toThrow(
    expect.objectContaining({ code: "JOURNAL_NOT_FOUND" }) as Error,
  );
  for (const mark of [{ type: "x" }, { type: "tasks.completed", count: -1, failed: 0 }]) {
    expect(() => dropMark(dir, mark as never)).toThrow(
      expect.objectContaining({ code: "JOURNAL_OPTION" }) as Error,
    );
  }
  writeFileSync(join(dir, "marks"), "a file");
  expect(() => dropMark(dir, ready)).toThrow(
    expect.objectContaining({ code: "JOURNAL_MARK" }) as Error,
  );
});
