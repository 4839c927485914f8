import { expect, test } from "vitest";
import { FakeRig } from "./support/fake-rig.ts";
import {
  bootB,
  journalId,
  lineAt,
  linesOf,
  openedAt,
  transitionAt,
} from "./support/journal-files.ts";

const other = "7a7a7a7a-5b1a-4c3e-9a39-0d6f6b6c9d02";

/** A live shipper that has caught up with ten lines. */
async function caughtUp(rig: FakeRig): Promise<string> {
  const path = rig.write(1, linesOf(1, 10));
  rig.start();
  await rig.pass(5_000);
  return path;
}

test("a line that is written in pieces is shipped once it is whole", async () => {
  const rig = new FakeRig();
  const path = await caughtUp(rig);
  const line = `${transitionAt(11)}\n`;
  for (const [from, to] of [
    [0, 5],
    [5, 60],
    [60, line.length - 1],
  ] as const) {
    rig.world.disk.appendFileSync(path, line.slice(from, to));
    rig.world.changed();
    await rig.pass(2_000);
    expect(rig.journal.next).toBe(11);
  }
  rig.world.disk.appendFileSync(path, "\n");
  rig.world.changed();
  await rig.pass(2_000);
  expect(rig.journal.folded.get(11)).toBe(transitionAt(11));
  await rig.stopped();
});

test("what no watcher announces is found all the same", async () => {
  const rig = new FakeRig();
  const path = await caughtUp(rig);
  for (let seq = 11; seq <= 16; seq += 1) {
    rig.world.disk.appendFileSync(path, `${transitionAt(seq)}\n`);
    await rig.pass(2_500);
    expect(rig.journal.next).toBe(seq + 1);
  }
  await rig.stopped();
});

test("a rotation is followed", async () => {
  const rig = new FakeRig();
  const path = await caughtUp(rig);
  rig.append(path, lineAt(11), lineAt(12));
  rig.write(13, [openedAt(13), transitionAt(14)]);
  await rig.pass(3_000);
  expect(rig.journal.next).toBe(15);
  expect(rig.journal.losses).toEqual([]);
  await rig.stopped();
});

test("a journal that replaces another is shipped from its beginning, and the old one is finished first", async () => {
  const rig = new FakeRig();
  const path = await caughtUp(rig);
  rig.append(path, lineAt(11), lineAt(12));
  await rig.pass(1_000);
  rig.world.disk.rmSync("/journal", { recursive: true });
  await rig.pass(1_000);
  rig.write(1, [openedAt(1, { journal: other, boot: bootB }), transitionAt(2, { boot: bootB })]);
  await rig.pass(10_000);
  expect(rig.journal.next).toBe(13);
  expect(rig.world.journal(other).next).toBe(3);
  await rig.stopped();
});

test("a journal that takes another's place under the same file name is noticed", async () => {
  const rig = new FakeRig();
  const path = await caughtUp(rig);
  rig.world.disk.unlinkSync(path);
  rig.write(1, [openedAt(1, { journal: other, boot: bootB }), transitionAt(2, { boot: bootB })]);
  await rig.pass(10_000);
  expect(rig.world.journal(other).next).toBe(3);
  await rig.stopped();
});

test("a new journal whose segments sort behind the old one's is not taken for its continuation", async () => {
  const rig = new FakeRig();
  const path = await caughtUp(rig);
  rig.world.disk.unlinkSync(path);
  rig.write(500, [
    openedAt(500, { journal: other, boot: bootB }),
    transitionAt(501, { boot: bootB }),
  ]);
  await rig.pass(10_000);
  expect(rig.journal.next).toBe(11);
  expect(rig.world.journal(other).losses).toMatchObject([
    { from: 1, through: 499, reason: "expired" },
  ]);
  expect(rig.world.journal(other).next).toBe(502);
  await rig.stopped();
});

test("a wiped disk is waited for, and said once", async () => {
  const rig = new FakeRig();
  await caughtUp(rig);
  rig.world.disk.rmSync("/journal", { recursive: true });
  await rig.pass(120_000);
  const said = rig.world.logged.filter(({ message }) => message.includes("no journal"));
  expect(said).toHaveLength(1);
  await rig.stopped();
});

test("a journal keeps its id when its first segments are gone and a corrupt line comes first", async () => {
  const rig = new FakeRig();
  rig.write(100, ["\0\0\0", openedAt(100), lineAt(101)]);
  await rig.once();
  expect([...rig.world.journals.keys()]).toEqual([journalId]);
});

test("in a steady state nothing is read twice and nothing but the newest segment is open", async () => {
  const rig = new FakeRig();
  const { disk, fs } = rig.world;
  let open = 0;
  let read = 0;
  const realOpen = fs.open.bind(fs);
  Object.assign(rig.world, {
    fs: {
      ...bound(fs),
      open: async (path: string, flags: string, mode?: number) => {
        const file = await realOpen(path, flags, mode);
        if (!path.startsWith("/journal")) return file;
        open += 1;
        return {
          read: async (...args: Parameters<typeof file.read>) => {
            const result = await file.read(...args);
            read += result.bytesRead;
            return result;
          },
          stat: () => file.stat(),
          close: async () => {
            open -= 1;
            await file.close();
          },
        };
      },
    },
  });
  let path = rig.write(1, linesOf(1, 10));
  rig.start();
  await rig.pass(5_000);
  read = 0;
  const before = disk.statSync(path).size;
  let written = -before;
  for (let seq = 11; seq <= 90; seq += 10) {
    for (let at = seq; at < seq + 9; at += 1) rig.append(path, transitionAt(at));
    await rig.pass(20_000);
    expect(open).toBe(1);
    written += disk.statSync(path).size;
    path = rig.write(seq + 9, [openedAt(seq + 9)]);
    await rig.pass(500);
  }
  written += disk.statSync(path).size;
  expect(read).toBe(written);
  await rig.stopped();
  expect(open).toBe(0);
});

function bound<T extends object>(target: T): T {
  return new Proxy(target, {
    get: (object, name) => {
      const value: unknown = Reflect.get(object, name);
      return typeof value === "function" ? (value.bind(object) as unknown) : value;
    },
    ownKeys: () => ["readdir", "stat", "open", "readFile", "mkdir", "rename"],
    getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
  });
}
