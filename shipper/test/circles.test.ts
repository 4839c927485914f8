import { expect, test } from "vitest";
import type { HttpResponse, ShipperFs } from "../src/world.ts";
import { FakeRig } from "./support/fake-rig.ts";
import { bootB, journalId, linesOf, openedAt, transitionAt } from "./support/journal-files.ts";

const other = "7a7a7a7a-5b1a-4c3e-9a39-0d6f6b6c9d02";

test("two journals in one directory are shipped one after the other, each as itself", async () => {
  const rig = new FakeRig();
  rig.write(1, linesOf(1, 10));
  rig.write(50, [openedAt(50, { journal: other, boot: bootB }), transitionAt(51, { boot: bootB })]);
  rig.write(60, [openedAt(60), transitionAt(61)]);
  await rig.once();
  expect(rig.journal.next).toBe(62);
  expect(rig.journal.losses).toMatchObject([{ from: 11, through: 59 }]);
  expect(rig.world.journal(other).next).toBe(52);
});

test("behind the older of two journals in one directory, the younger one is followed", async () => {
  const rig = new FakeRig();
  rig.write(1, linesOf(1, 10));
  const theirs = { journal: other, boot: bootB };
  const path = rig.write(50, [openedAt(50, theirs), transitionAt(51, theirs)]);
  rig.start();
  await rig.pass(5_000);
  const asked = rig.world.sent.length;
  await rig.pass(60_000);
  expect(rig.world.sent).toHaveLength(asked);
  rig.append(path, transitionAt(52, theirs));
  await rig.pass(2_000);
  expect(rig.world.journal(other).next).toBe(53);
  await rig.stopped();
});

test("a server that holds another history of everything is not asked in a circle", async () => {
  const rig = new FakeRig();
  rig.write(1, linesOf(1, 10));
  rig.world.fault = () => ({ status: 200, body: JSON.stringify({ next: 1_000_000 }) });
  rig.start();
  await rig.pass(600_000);
  expect(rig.world.sent.length).toBeLessThan(200);
  rig.world.fault = () => undefined;
  await rig.pass(60_000);
  expect([...rig.world.journals.values()].some(({ next }) => next === 11)).toBe(true);
  await rig.stopped();
});

test("a segment's name that leads nowhere is said, and what is before it is shipped", async () => {
  const rig = new FakeRig();
  rig.write(1, linesOf(1, 10));
  const name = "/journal/journal-0000000000000011.ndjson";
  rig.world.disk.symlinkSync("/elsewhere", name);
  rig.start();
  await rig.pass(300_000);
  expect(rig.journal.next).toBe(11);
  const said = rig.world.logged.filter(({ message }) => message.includes("cannot be read"));
  expect(said.length).toBeGreaterThan(0);
  expect(said.length).toBeLessThan(7);
  rig.world.disk.writeFileSync("/elsewhere", `${openedAt(11)}\n${transitionAt(12)}\n`);
  await rig.pass(10_000);
  expect(rig.journal.next).toBe(13);
  await rig.stopped();
});

test("a request that never comes back, whatever is done to it, is given up at the deadline", async () => {
  const rig = new FakeRig();
  rig.write(1, linesOf(1, 10));
  const real = rig.world.request;
  let asked = 0;
  const request: typeof real = (wanted, signal) => {
    asked += 1;
    return asked === 2 ? new Promise<HttpResponse>(() => undefined) : real(wanted, signal);
  };
  Object.assign(rig.world, { request });
  await rig.once();
  expect(rig.journal.next).toBe(11);
});

test("a state directory that goes bad while shipping ends nothing, whatever journal comes next", async () => {
  const rig = new FakeRig();
  const { fs } = rig.world;
  let isBad = false;
  const failing = (path: string): void => {
    if (isBad && path.startsWith("/state")) {
      throw Object.assign(new Error("read-only"), { code: "EROFS" });
    }
  };
  const bad: ShipperFs = {
    readdir: fs.readdir.bind(fs),
    stat: fs.stat.bind(fs),
    readFile: async (path) => (failing(path), fs.readFile(path)),
    mkdir: async (path, how) => (failing(path), fs.mkdir(path, how)),
    open: async (path, flags, mode) => (failing(path), fs.open(path, flags, mode)),
    rename: fs.rename.bind(fs),
  };
  Object.assign(rig.world, { fs: bad });
  const path = rig.write(1, linesOf(1, 10));
  rig.start();
  await rig.pass(5_000);
  isBad = true;
  rig.world.disk.unlinkSync(path);
  const theirs = { journal: other, boot: bootB };
  rig.write(1, [openedAt(1, theirs), transitionAt(2, theirs)]);
  await rig.pass(10_000);
  expect([...rig.world.journals.keys()]).toEqual([journalId, other]);
  expect(rig.world.journal(other).next).toBe(3);
  await rig.stopped();
});
