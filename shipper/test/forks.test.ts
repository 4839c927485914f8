import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { ship } from "../src/ship.ts";
import type { ShipperFs, World } from "../src/world.ts";
import { FakeRig } from "./support/fake-rig.ts";
import {
  bootA,
  bootB,
  journalId,
  lineAt,
  linesOf,
  openedAt,
  transitionAt,
} from "./support/journal-files.ts";

/** RFC 9562's UUIDv5, worked out apart from the code under test. */
function uuidV5(namespace: string, name: string): string {
  const digest = createHash("sha1")
    .update(Buffer.from(namespace.replaceAll("-", ""), "hex"))
    .update(name)
    .digest("hex");
  const variant = ((Number.parseInt(digest[16]!, 16) & 0x3) | 0x8).toString(16);
  return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-5${digest.slice(13, 16)}-${variant}${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
}

const forkId = uuidV5(journalId, bootB);

function losses(rig: FakeRig, id: string): unknown[] {
  return rig.world.journal(id).losses.map(({ line }) => JSON.parse(line) as unknown);
}

test("a disk restored from a snapshot goes on under an id of its own, from its newest boot", async () => {
  const rig = new FakeRig();
  rig.write(1, linesOf(1, 20));
  await rig.once();
  // The snapshot ended at 12; the machine booted again since.
  const restored = [
    ...linesOf(1, 12),
    openedAt(13, { boot: bootB }),
    transitionAt(14, { boot: bootB }),
  ];
  rig.write(1, restored);
  await rig.once();
  expect(rig.journal.next).toBe(21);
  const { at, mono, boot } = JSON.parse(restored[12]!) as Record<string, unknown>;
  expect(losses(rig, forkId)).toEqual([
    { v: 1, seq: 1, at, mono, boot, type: "events.lost", through: 12, reason: "foreign" },
  ]);
  expect(rig.world.journal(forkId).next).toBe(15);
  expect(rig.checkpoint()).toMatchObject({ shipAs: forkId, next: 15 });
});

test("a machine that was cloned while running is another history once both have gone on", async () => {
  const rig = new FakeRig();
  const common = linesOf(1, 10, bootB);
  rig.write(1, [...common, lineAt(11, { boot: bootB }), lineAt(12, { boot: bootB })]);
  await rig.once();
  rig.write(1, [
    ...common,
    transitionAt(11, { boot: bootB }),
    transitionAt(12, { boot: bootB }),
    transitionAt(13, { boot: bootB }),
  ]);
  await rig.once();
  expect(rig.journal.next).toBe(13);
  expect([...rig.world.journal(forkId).folded.values()]).toHaveLength(13);
});

test("a fork is noticed while running, by the server, when the line before the batch is not its last", async () => {
  const rig = new FakeRig();
  const path = rig.write(1, linesOf(1, 10, bootB));
  rig.start();
  await rig.pass(5_000);
  // Another machine with the same disk was a line faster.
  rig.journal.last = `10:${"0".repeat(32)}`;
  rig.append(path, transitionAt(11, { boot: bootB }));
  await rig.pass(5_000);
  expect(rig.world.journal(forkId).next).toBe(12);
  await rig.stopped();
});

test("what was forked once goes on under its own id after a restart, with the checkpoint or without", async () => {
  const rig = new FakeRig();
  const path = rig.write(1, [
    ...linesOf(1, 5),
    openedAt(6, { boot: bootB }),
    lineAt(7, { boot: bootB }),
  ]);
  rig.journal.next = 40;
  await rig.once();
  rig.append(path, transitionAt(8, { boot: bootB }));
  await rig.once();
  rig.world.disk.unlinkSync("/state/checkpoint.json");
  rig.append(path, transitionAt(9, { boot: bootB }));
  await rig.once();
  expect([...rig.world.journal(forkId).folded.keys()]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(rig.journal.folded.size).toBe(0);
});

test("an id that is disputed in its turn leads to the next one", async () => {
  const rig = new FakeRig();
  rig.write(1, [...linesOf(1, 5), openedAt(6, { boot: bootB }), lineAt(7, { boot: bootB })]);
  rig.journal.next = 40;
  rig.world.journal(forkId).next = 50;
  await rig.once();
  const second = uuidV5(forkId, bootB);
  expect(rig.world.journal(second).next).toBe(8);
});

test("one wrong answer about the position is no fork", async () => {
  const rig = new FakeRig();
  rig.write(1, linesOf(1, 10));
  let asked = 0;
  rig.world.fault = ({ method }) =>
    method === "GET" && (asked += 1) === 1
      ? { status: 200, body: '{"next":999,"last":null}' }
      : undefined;
  await rig.once();
  expect(rig.journal.next).toBe(11);
  expect([...rig.world.journals.keys()]).toEqual([journalId]);
});

test("a gap that was declared up to a segment's name is no fork, though no event is there yet", async () => {
  const rig = new FakeRig();
  rig.write(1, [...linesOf(1, 5), "{torn"]);
  rig.write(8, []);
  await rig.once();
  expect(rig.journal.next).toBe(8);
  await rig.once();
  expect([...rig.world.journals.keys()]).toEqual([journalId]);
});

test("an image with a journal baked in: with another machine's token all before the newest boot is foreign", async () => {
  const rig = new FakeRig();
  rig.world.token = tokenOf("machine-1");
  rig.world.disk.writeFileSync("/token", rig.world.token);
  rig.write(1, linesOf(1, 5, bootA));
  await rig.once();
  rig.world.journals.clear();
  rig.world.token = tokenOf("machine-2");
  rig.world.disk.writeFileSync("/token", rig.world.token);
  rig.write(6, [openedAt(6, { boot: bootB }), transitionAt(7, { boot: bootB })]);
  await rig.once();
  expect(rig.journal.losses).toMatchObject([{ from: 1, through: 5, reason: "foreign" }]);
  expect(rig.journal.next).toBe(8);
});

function tokenOf(sub: string): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "EdDSA" })}.${part({ sub })}.signature`;
}

test("a fork is shipped on from while the disk takes no checkpoint, instead of being met again and again", async () => {
  const rig = new FakeRig();
  rig.write(1, linesOf(1, 20));
  await rig.once();
  const restored = [...linesOf(1, 12), openedAt(13, { boot: bootB })];
  rig.write(1, restored);
  const { fs } = rig.world;
  const full = Object.assign(new Error("no space left"), { code: "ENOSPC" });
  const fullDisk: ShipperFs = {
    readdir: (path) => fs.readdir(path),
    stat: (path) => fs.stat(path),
    open: async (path, flags, mode) =>
      flags === "w" ? Promise.reject(full) : fs.open(path, flags, mode),
    readFile: (path) => fs.readFile(path),
    mkdir: (path, options) => fs.mkdir(path, options),
    rename: (from, to) => fs.rename(from, to),
  };
  const before = rig.world.sent.length;
  await rig.world.clock.runUntil(ship(withDisk(rig, fullDisk), rig.options({ once: true })));
  expect(rig.world.journal(forkId).next).toBe(14);
  expect(rig.world.sent.length - before).toBeLessThan(10);
});

test("a power cut does not take back under which id a journal is shipped", async () => {
  const rig = new FakeRig();
  rig.write(1, linesOf(1, 20));
  await rig.once();
  rig.write(1, [...linesOf(1, 12), openedAt(13, { boot: bootB })]);
  const { fs } = rig.world;
  const done: string[] = [];
  const watched: ShipperFs = {
    readdir: (path) => fs.readdir(path),
    stat: (path) => fs.stat(path),
    open: async (path, flags, mode) => {
      const file = await fs.open(path, flags, mode);
      return {
        read: (...args) => file.read(...args),
        write: (...args) => file.write(...args),
        stat: () => file.stat(),
        sync: async () => {
          await file.sync();
          done.push(`sync ${path}`);
        },
        close: () => file.close(),
      };
    },
    readFile: (path) => fs.readFile(path),
    mkdir: (path, options) => fs.mkdir(path, options),
    rename: async (from, to) => {
      await fs.rename(from, to);
      done.push(`rename ${to}`);
    },
  };
  await rig.world.clock.runUntil(ship(withDisk(rig, watched), rig.options({ once: true })));
  expect(rig.checkpoint().shipAs).toBe(forkId);
  expect(done.lastIndexOf("sync /state")).toBeGreaterThan(
    done.indexOf("rename /state/checkpoint.json"),
  );
});

function withDisk({ world }: FakeRig, fs: ShipperFs): World {
  const { clock, request, watch, gzip, random, log } = world;
  return { clock, request, watch, gzip, random, log, fs };
}
