import { expect, test } from "vitest";
import { FakeRig } from "./support/fake-rig.ts";
import { lineAt, linesOf, transitionAt } from "./support/journal-files.ts";

/** A live shipper that has caught up with ten lines. */
async function caughtUp(rig: FakeRig): Promise<string> {
  const path = rig.write(1, linesOf(1, 10));
  rig.start();
  await rig.pass(5_000);
  rig.world.sent.length = 0;
  return path;
}

test("a transition leaves within a second and takes along the samples that wait", async () => {
  const rig = new FakeRig();
  const path = await caughtUp(rig);
  rig.append(path, lineAt(11));
  await rig.pass(20_000);
  expect(rig.postedSeqs()).toEqual([]);
  const writtenMs = rig.world.clock.mono();
  rig.append(path, transitionAt(12));
  await rig.pass(1_000);
  expect(rig.postedSeqs()).toEqual([[11, 12]]);
  expect(rig.world.sent[0]!.atMs - writtenMs).toBeLessThan(1_000);
  await rig.stopped();
});

test("samples alone wait for as long as they may, and leave together", async () => {
  const rig = new FakeRig();
  const path = await caughtUp(rig);
  for (let seq = 11; seq <= 14; seq += 1) {
    rig.append(path, lineAt(seq));
    await rig.pass(30_000);
  }
  await rig.pass(5_000);
  expect(rig.postedSeqs()).toEqual([[11, 12, 13, 14]]);
  await rig.stopped();
});

test("a full batch of samples waits for nothing", async () => {
  const rig = new FakeRig();
  const path = await caughtUp(rig);
  rig.append(path, ...Array.from({ length: 260 }, (_, index) => lineAt(11 + index)));
  await rig.pass(2_000);
  expect(rig.postedSeqs().map((seqs) => seqs.length)).toEqual([250]);
  await rig.stopped();
});

test("urgent requests have a budget: twenty at once, then one each fifteen seconds", async () => {
  const rig = new FakeRig();
  const path = await caughtUp(rig);
  for (let seq = 11; seq <= 310; seq += 1) {
    rig.append(path, transitionAt(seq));
    await rig.pass(1_000);
  }
  const requests = rig.postedSeqs().length;
  expect(requests).toBeGreaterThanOrEqual(38);
  expect(requests).toBeLessThanOrEqual(20 + 300 / 15 + 1);
  await rig.pass(16_000);
  expect(rig.journal.next).toBe(311);
  await rig.stopped();
});

test("what several processes do at once leaves together", async () => {
  const rig = new FakeRig();
  const path = await caughtUp(rig);
  for (let seq = 11; seq <= 22; seq += 1) {
    rig.append(path, transitionAt(seq));
    await rig.pass(5);
  }
  await rig.pass(1_000);
  expect(rig.postedSeqs()).toHaveLength(1);
  await rig.stopped();
});

test("a gap in the positions is news, as a transition is", async () => {
  const rig = new FakeRig();
  const path = await caughtUp(rig);
  rig.append(path, lineAt(13), lineAt(14));
  await rig.pass(1_000);
  expect(rig.journal.losses).toMatchObject([{ from: 11, through: 12, reason: "corrupt" }]);
  await rig.stopped();
});

test("catching up keeps to the pace that the server asks for", async () => {
  const rig = new FakeRig();
  rig.write(1, linesOf(1, 1_000));
  rig.world.pace = 100;
  await rig.once({ maxEvents: 100 });
  expect(rig.postedSeqs()).toHaveLength(10);
  expect(rig.world.clock.mono()).toBeGreaterThanOrEqual(9_000);
  expect(rig.world.clock.mono()).toBeLessThan(11_000);
});

test("after a signal everything leaves, until the journal has been quiet for a second", async () => {
  const rig = new FakeRig();
  const path = await caughtUp(rig);
  rig.append(path, lineAt(11));
  await rig.pass(1_000);
  rig.stop.abort();
  await rig.pass(700);
  rig.append(path, transitionAt(12), lineAt(13, { type: "machine.stopped" }));
  const lastMs = rig.world.clock.mono();
  await rig.stopped();
  expect(rig.journal.next).toBe(14);
  expect(rig.world.clock.mono() - lastMs).toBeLessThan(2_000);
});

test("an end in order does not wait longer than it may for a server that is down", async () => {
  const rig = new FakeRig();
  const path = await caughtUp(rig);
  rig.world.fault = () => "lost-request";
  rig.append(path, transitionAt(11));
  await rig.pass(30_000);
  const stoppedMs = rig.world.clock.mono();
  await rig.stopped();
  expect(rig.world.clock.mono() - stoppedMs).toBeLessThanOrEqual(10_100);
  expect(rig.checkpoint().next).toBe(11);
});

test("a signal ends a long wait between attempts: the server may be back", async () => {
  const rig = new FakeRig();
  const path = await caughtUp(rig);
  rig.world.fault = () => "lost-request";
  rig.append(path, transitionAt(11));
  await rig.pass(120_000);
  rig.world.fault = () => undefined;
  await rig.stopped();
  expect(rig.journal.next).toBe(12);
});
