import { segmentNames } from "pidnap-journal";
import { expect, test } from "vitest";
import type { WriterFs } from "../src/writer/environment.ts";
import { openJournalWith } from "../src/writer/journal.ts";
import { seenEvents, World } from "./_writer-world.ts";

const ready = { type: "machine.ready" } as const;

test("new directories are forced to the disk by their names, or a power cut takes all that is in them", async () => {
  const world = new World();
  const { env } = world.startProcess();
  const paths = new Map<number, string>();
  const forced: string[] = [];
  const fs: WriterFs = {
    ...env.fs,
    openSync: (path, flags, mode) => {
      const fd = env.fs.openSync(path, flags, mode);
      paths.set(fd, path);
      return fd;
    },
    // As Node does, and a disk in memory does not: it says which directory it made first.
    mkdirSync: (path, options) => {
      const isFirst = !world.disk.volume.existsSync("/data");
      env.fs.mkdirSync(path, options);
      return isFirst ? "/data" : undefined;
    },
    fsyncSync: (fd) => void forced.push(paths.get(fd) ?? ""),
  };
  const journal = await openJournalWith({ ...env, fs }, "/data/a/journal", { fsync: "always" });
  expect(journal.append(ready)).toBe(2);
  expect(forced).toEqual(expect.arrayContaining(["/", "/data", "/data/a", "/data/a/journal"]));
});

test("a segment that was begun and cannot be used leaves no file behind, whose name would promise its position", async () => {
  const world = new World();
  const { env } = world.startProcess();
  let fails = false;
  const fs: WriterFs = {
    ...env.fs,
    statSync: (path) => {
      if (fails && path.endsWith(".ndjson") && env.fs.statSync(path).size === 0) {
        throw Object.assign(new Error("EIO"), { code: "EIO" });
      }
      return env.fs.statSync(path);
    },
  };
  const journal = await openJournalWith({ ...env, fs }, world.dir, { maxSegmentBytes: 1 });
  expect(journal.append(ready)).toBe(2);
  fails = true;
  expect(journal.append(ready)).toBe(3);
  expect(segmentNames(world.disk.list(world.dir))).toHaveLength(1);
  expect(seenEvents(world.disk, world.dir).map(({ event }) => event.seq)).toEqual([1, 2, 3]);
});

test("a journal that a power cut left without its name gets another, in a segment of its own", async () => {
  const world = new World();
  const first = world.startProcess();
  const before = await openJournalWith(first.env, world.dir);
  expect(before.append(ready)).toBe(2);
  first.kill();
  const path = `${world.dir}/${segmentNames(world.disk.list(world.dir))[0]}`;
  const lines = String(world.disk.volume.readFileSync(path)).split("\n");
  const nuls = "\0".repeat(lines[0]?.length ?? 0);
  world.disk.volume.writeFileSync(path, [nuls, ...lines.slice(1), '{"v":1,"seq":'].join("\n"));
  const after = await openJournalWith(world.startProcess().env, world.dir);
  const seq = after.append(ready);
  const seen = seenEvents(world.disk, world.dir);
  expect(seen.map(({ event }) => [event.seq, event.type])).toEqual([
    [2, "machine.ready"],
    [3, "segment.opened"],
    [4, "machine.ready"],
  ]);
  expect(seq).toBe(4);
  expect(segmentNames(world.disk.list(world.dir))).toHaveLength(2);
  expect(String(world.disk.volume.readFileSync(path)).at(-1)).toBe("\n");
});
