import { expect, test } from "vitest";
import { FakeRig } from "./support/fake-rig.ts";
import { lineAt, linesOf, openedAt, transitionAt } from "./support/journal-files.ts";

test("an answer that was lost brings the same batch again, and the server counts it as seen", async () => {
  const rig = new FakeRig();
  rig.write(1, linesOf(1, 10));
  let cut = 0;
  rig.world.fault = ({ method }) =>
    method === "POST" && (cut += 1) <= 2 ? "lost-answer" : undefined;
  await rig.once({ maxEvents: 5 });
  expect(rig.postedSeqs().map(([first]) => first)).toEqual([1, 1, 1, 6]);
  expect([...rig.journal.folded.keys()]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

test("an answer that is no JSON says nothing: the same batch goes out again", async () => {
  const rig = new FakeRig();
  rig.write(1, linesOf(1, 3));
  let times = 0;
  rig.world.fault = ({ method }) =>
    method === "POST" && (times += 1) <= 3 ? "garbage" : undefined;
  await rig.once();
  expect(rig.postedSeqs()).toHaveLength(4);
  expect(rig.checkpoint().next).toBe(4);
});

test("a position beyond what was sent is asked for again before it is believed", async () => {
  const rig = new FakeRig();
  rig.write(1, linesOf(1, 10));
  let lied = false;
  rig.world.fault = ({ method }) => {
    if (method !== "POST" || lied) return undefined;
    lied = true;
    return { rewrite: (reply) => ({ ...reply, body: { ...reply.body, next: 9_000 } }) };
  };
  await rig.once({ maxEvents: 5 });
  expect(rig.world.sent.map(({ method }) => method)).toEqual(["GET", "POST", "GET", "POST"]);
  expect([...rig.journal.folded.keys()]).toHaveLength(10);
  expect(rig.checkpoint()).toMatchObject({ next: 11 });
});

test("a server that was restored from an older state gets everything since", async () => {
  const rig = new FakeRig();
  const path = rig.write(1, linesOf(1, 10));
  await rig.once();
  rig.journal.next = 4;
  rig.journal.last = null;
  for (let seq = 4; seq <= 10; seq += 1) rig.journal.folded.delete(seq);
  rig.append(path, lineAt(11));
  await rig.once();
  expect([...rig.journal.folded.keys()]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
});

test("while running, a conflict rewinds to where the server is, and the checkpoint follows at once", async () => {
  const rig = new FakeRig();
  const path = rig.write(1, linesOf(1, 10));
  rig.start();
  await rig.pass(1_000);
  rig.journal.next = 4;
  rig.journal.last = null;
  for (let seq = 4; seq <= 10; seq += 1) rig.journal.folded.delete(seq);
  const checkpoints: number[] = [];
  rig.world.onServed = () => checkpoints.push(rig.checkpoint().next);
  rig.append(path, transitionAt(11));
  await rig.pass(5_000);
  expect(checkpoints.slice(0, 2)).toEqual([11, 4]);
  expect([...rig.journal.folded.keys()]).toHaveLength(11);
  await rig.stopped();
});

test("what the server refuses is declared rejected with the clocks of the line before, and the rest goes on", async () => {
  const rig = new FakeRig();
  const lines = linesOf(1, 9);
  rig.write(1, lines);
  rig.world.rejects.set(4, "bad").set(5, "bad").set(8, "bad");
  await rig.once();
  const third = JSON.parse(lines[2]!) as Record<string, unknown>;
  expect(rig.journal.losses.map(({ line }) => JSON.parse(line) as unknown)).toEqual([
    { ...head(third), seq: 4, type: "events.lost", through: 5, reason: "rejected" },
    expect.objectContaining({ seq: 8, through: 8, reason: "rejected" }),
  ]);
  expect(rig.journal.next).toBe(10);
});

test("a batch that is too large shrinks to what the server says", async () => {
  const rig = new FakeRig();
  rig.world.limits = { maxEvents: 4, maxBytes: 1024 * 1024 };
  rig.write(1, linesOf(1, 10));
  await rig.once();
  expect(rig.postedSeqs().map((seqs) => seqs.length)).toEqual([10, 4, 4, 2]);
});

test("a batch that is too large for something that does not say how large it may be is halved", async () => {
  const rig = new FakeRig();
  rig.write(1, linesOf(1, 8));
  rig.world.fault = ({ lines }) => (lines.length > 3 ? { status: 413 } : undefined);
  await rig.once();
  expect(rig.journal.next).toBe(9);
});

test("one line that makes a batch unreadable is found by halving and never blocks the journal", async () => {
  const rig = new FakeRig();
  rig.write(1, linesOf(1, 20));
  rig.world.fault = ({ lines }) =>
    lines.some((line) => line.includes('"seq":13,') && !line.includes("events.lost"))
      ? { status: 400 }
      : undefined;
  await rig.once();
  expect(rig.journal.losses).toMatchObject([{ from: 13, through: 13, reason: "rejected" }]);
  expect(rig.journal.next).toBe(21);
});

test("something that calls every request bad loses nothing: it is waited for", async () => {
  const rig = new FakeRig();
  const path = rig.write(1, linesOf(1, 20));
  rig.world.fault = ({ method }) => (method === "POST" ? { status: 400 } : undefined);
  rig.start();
  await rig.pass(10 * 60_000);
  expect(rig.journal.folded.size).toBe(0);
  rig.world.fault = () => undefined;
  rig.append(path, transitionAt(21));
  await rig.pass(2 * 60_000);
  expect(rig.journal.next).toBe(22);
  expect(rig.journal.losses).toEqual([]);
  expect(rig.world.logged.some(({ fields }) => fields["slug"] === "bad-request")).toBe(true);
  await rig.stopped();
});

test("an empty journal directory that fills later is shipped from its first line", async () => {
  const rig = new FakeRig();
  rig.start();
  await rig.pass(5_000);
  expect(rig.world.sent).toEqual([]);
  rig.write(1, [openedAt(1), transitionAt(2)]);
  await rig.pass(2_000);
  expect(rig.journal.next).toBe(3);
  await rig.stopped();
});

function head(line: Record<string, unknown>): Record<string, unknown> {
  const { v, at, mono, boot } = line;
  return { v, at, mono, boot };
}
