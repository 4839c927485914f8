import { expect, test } from "vitest";
import { FakeRig } from "./support/fake-rig.ts";
import { bootB, lineAt, linesOf, openedAt, transitionAt } from "./support/journal-files.ts";

/** The clocks of the line that a loss must have taken. */
function clocksOf(line: string): unknown {
  const { at, mono, boot } = JSON.parse(line) as Record<string, unknown>;
  return { at, mono, boot };
}

function lossesOf(rig: FakeRig): unknown[] {
  return rig.journal.losses.map(({ line }) => JSON.parse(line) as unknown);
}

test("what retention deleted before it was read is declared expired, with the clocks of the line after", async () => {
  const rig = new FakeRig();
  const lines = linesOf(101, 110, bootB);
  rig.write(101, lines);
  await rig.once();
  expect(lossesOf(rig)).toEqual([
    {
      v: 1,
      seq: 1,
      ...(clocksOf(lines[0]!) as object),
      type: "events.lost",
      through: 100,
      reason: "expired",
    },
  ]);
  expect(rig.journal.next).toBe(111);
});

test("a gap between two lines is declared corrupt, with the clocks of the line before", async () => {
  const rig = new FakeRig();
  const lines = linesOf(1, 10);
  rig.write(1, [...lines.slice(0, 4), "{garbage", ...lines.slice(6)]);
  await rig.once();
  expect(lossesOf(rig)).toEqual([
    {
      v: 1,
      seq: 5,
      ...(clocksOf(lines[3]!) as object),
      type: "events.lost",
      through: 6,
      reason: "corrupt",
    },
  ]);
});

test("a corrupt line that cost no position is passed over in silence on the wire", async () => {
  const rig = new FakeRig();
  const lines = linesOf(1, 4);
  rig.write(1, [
    lines[0]!,
    "\0\0\0\0",
    lines[1]!,
    '{"v":1,"seq":3,"at":17',
    lines[2]!,
    "",
    lines[3]!,
  ]);
  await rig.once();
  expect([...rig.journal.folded.values()]).toEqual(lines);
});

test("a gap before the next segment's name is declared before that segment has an event", async () => {
  const rig = new FakeRig();
  const lines = linesOf(1, 5);
  rig.write(1, [...lines, '{"v":1,"seq":6,"at":17']);
  rig.write(8, []);
  await rig.once();
  expect(lossesOf(rig)).toMatchObject([
    { seq: 6, through: 7, reason: "corrupt", ...(clocksOf(lines[4]!) as object) },
  ]);
  expect(rig.journal.next).toBe(8);
});

test("corrupt lines at a journal's end are declared only once something shows that they cost a position", async () => {
  const rig = new FakeRig();
  const path = rig.write(1, [...linesOf(1, 3), "{torn"]);
  await rig.once();
  expect(rig.journal.next).toBe(4);
  rig.append(path, transitionAt(5));
  await rig.once();
  expect(rig.journal.losses).toMatchObject([{ from: 4, through: 4, reason: "corrupt" }]);
});

test("a first segment whose beginning is corrupt has expired before its name and is corrupt behind it", async () => {
  const rig = new FakeRig();
  rig.write(50, ["garbage", openedAt(52), lineAt(53)]);
  await rig.once();
  expect(rig.journal.losses).toMatchObject([
    { from: 1, through: 49, reason: "expired" },
    { from: 50, through: 51, reason: "corrupt" },
  ]);
});

test("a single line far ahead of those that follow it is damaged and takes nothing with it", async () => {
  const rig = new FakeRig();
  const lines = linesOf(1, 8);
  const damaged = lines[3]!.replace('"seq":4', '"seq":444444');
  rig.write(1, [...lines.slice(0, 3), damaged, ...lines.slice(4)]);
  await rig.once();
  expect(rig.journal.losses).toMatchObject([{ from: 4, through: 4, reason: "corrupt" }]);
  expect(rig.journal.next).toBe(9);
});

for (const [what, claimed] of [
  ["far ahead", 444_444],
  ["one ahead", 5],
  ["behind", 3],
] as const) {
  test(`a last line whose position is damaged (${what}) takes nothing with it when the next ones come`, async () => {
    for (const maxEvents of [250, 5_000]) {
      const rig = new FakeRig();
      rig.world.limits.maxEvents = maxEvents;
      const lines = linesOf(1, 3);
      const damaged = transitionAt(4).replace('"seq":4', `"seq":${claimed}`);
      const path = rig.write(1, [...lines, damaged]);
      rig.start({ maxEvents });
      await rig.pass(5_000);
      expect(rig.journal.next).toBe(4);
      rig.append(path, transitionAt(5));
      await rig.pass(5_000);
      rig.append(path, transitionAt(6));
      await rig.pass(5_000);
      await rig.stopped();
      expect(rig.journal.losses).toMatchObject([{ from: 4, through: 4, reason: "corrupt" }]);
      expect(rig.journal.next).toBe(7);
      expect(rig.journal.folded.get(6)).toBe(transitionAt(6));
    }
  });
}

test("a gap that what is corrupt before it explains holds up nothing", async () => {
  const rig = new FakeRig();
  const path = rig.write(1, linesOf(1, 3));
  rig.start();
  await rig.pass(3_000);
  rig.append(path, "{torn");
  rig.append(path, transitionAt(5));
  await rig.pass(1_000);
  expect(rig.journal.next).toBe(6);
  rig.append(path, "\0".repeat(4096));
  rig.append(path, transitionAt(30));
  await rig.pass(1_000);
  expect(rig.journal.next).toBe(31);
  await rig.stopped();
});

test("at the end of a journal at rest a small gap is believed, a jump is left to the next line", async () => {
  const rig = new FakeRig();
  const path = rig.write(1, [...linesOf(1, 3), lineAt(5)]);
  await rig.once();
  expect(rig.journal.losses).toMatchObject([{ from: 4, through: 4, reason: "corrupt" }]);
  expect(rig.journal.next).toBe(6);
  rig.append(path, lineAt(6).replace('"seq":6', '"seq":60006'));
  await rig.once();
  expect(rig.journal.next).toBe(6);
  rig.append(path, lineAt(7));
  await rig.once();
  expect(rig.journal.next).toBe(8);
});

test("a line that claims the last one's position is not taken for it: no fork, no other hash", async () => {
  const rig = new FakeRig();
  const lines = linesOf(1, 60);
  const path = rig.write(1, lines.slice(0, 56));
  await rig.once();
  lines[49] = lines[49]!.replace('"seq":50', '"seq":56');
  rig.world.disk.writeFileSync(path, `${lines.join("\n")}\n`);
  await rig.once();
  expect(rig.journal.next).toBe(61);
  expect(rig.journal.losses).toEqual([]);
});

test("a line in the middle whose head is fine and whose rest is not JSON is corrupt, in small batches and large", async () => {
  for (const maxEvents of [250, 5_000]) {
    const rig = new FakeRig();
    rig.world.limits.maxEvents = maxEvents;
    const lines = linesOf(1, 40);
    lines[20] = lines[20]!.replace('"memoryUsedMb":', '"memoryUsedMb"#');
    rig.write(1, lines);
    await rig.once({ maxEvents });
    expect(rig.journal.losses).toMatchObject([{ from: 21, through: 21, reason: "corrupt" }]);
    expect(rig.journal.next).toBe(41);
  }
});

test("retention that overtakes the reading costs what it deleted and nothing else", async () => {
  const rig = new FakeRig();
  rig.write(1, linesOf(1, 10));
  rig.start({ maxEvents: 4 });
  await rig.pass(3_000);
  rig.world.fault = () => "lost-request";
  for (const first of [11, 21, 31]) rig.write(first, linesOf(first, first + 9));
  await rig.pass(30_000);
  for (const first of [1, 11, 21]) {
    rig.world.disk.unlinkSync(`/journal/journal-${String(first).padStart(16, "0")}.ndjson`);
  }
  rig.world.fault = () => undefined;
  await rig.pass(60_000);
  await rig.stopped();
  expect(rig.journal.next).toBe(41);
  for (const loss of rig.journal.losses) expect(loss.reason).toBe("expired");
});

test("a refused line at the very beginning takes the clocks of the line after it", async () => {
  const rig = new FakeRig();
  const lines = linesOf(1, 4);
  rig.write(1, lines);
  rig.world.rejects.set(1, "bad");
  await rig.once();
  expect(lossesOf(rig)).toMatchObject([
    { seq: 1, through: 1, reason: "rejected", ...(clocksOf(lines[1]!) as object) },
  ]);
});
