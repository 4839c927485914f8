import { gzipSync } from "node:zlib";
import { lossEvent } from "pidnap-journal";
import { expect, test } from "vitest";
import { bootA, bootB, journalId, lineAt, linesOf, openedAt } from "./support/journal-files.ts";
import { freshId, ReshipRig } from "./support/reship-rig.ts";

const otherId = "0d9bb0b1-66b8-4a3a-8f5e-3f1d2b0c4a02";

test("everything is sent in batches, and the summary says what was new", async () => {
  const rig = new ReshipRig();
  const lines = linesOf(1, 700);
  rig.write(1, lines.slice(0, 400));
  rig.write(401, lines.slice(400));
  expect(await rig.reship()).toMatchObject({
    journal: journalId,
    sentAs: journalId,
    files: 2,
    events: 700,
    accepted: 700,
    duplicates: 0,
    requests: 3,
    next: 701,
  });
  expect([...rig.journal.folded.values()]).toEqual(lines);
  expect(rig.progress).toEqual([250, 500, 700]);
});

test("what the server has is sent again, said to be there, and no state is left or changed", async () => {
  const rig = new ReshipRig();
  rig.write(1, linesOf(1, 600));
  await rig.once();
  const state = rig.world.disk.readdirSync("/state");
  const checkpoint = rig.checkpoint();
  rig.append("/journal/journal-0000000000000001.ndjson", lineAt(601), lineAt(602));
  expect(await rig.reship()).toMatchObject({ events: 602, accepted: 2, duplicates: 600 });
  expect(rig.journal.next).toBe(603);
  expect(rig.world.disk.readdirSync("/state")).toEqual(state);
  expect(rig.checkpoint()).toEqual(checkpoint);
});

test("lines that were new stay so in the count where the answer was lost and they went twice", async () => {
  const rig = new ReshipRig();
  rig.write(1, linesOf(1, 300));
  let posts = 0;
  rig.world.fault = ({ method }) => {
    posts += method === "POST" ? 1 : 0;
    return method === "POST" && posts % 2 === 1 ? "lost-answer" : undefined;
  };
  expect(await rig.reship()).toMatchObject({ events: 300, accepted: 300, duplicates: 0 });
});

test("gaps and damage are declared as a live shipper declares them", async () => {
  const lines = linesOf(41, 90);
  const second = linesOf(101, 110);
  const files = (rig: ReshipRig): void => {
    const damaged = lines.with(5, "no event").with(6, "\0\0\0").with(20, lineAt(900));
    rig.write(41, [...damaged.slice(0, 30), ...damaged.slice(31), '{"torn":']);
    rig.write(101, second);
  };
  const shipped = new ReshipRig();
  files(shipped);
  await shipped.once();
  const reshipped = new ReshipRig();
  files(reshipped);
  const summary = await reshipped.reship();
  expect(reshipped.journal.losses).toEqual(shipped.journal.losses);
  expect([...reshipped.journal.folded]).toEqual([...shipped.journal.folded]);
  expect(summary).toMatchObject({ corrupt: 3, leftOut: 1, lost: 40 + 2 + 1 + 1 + 10 });
});

test("a recording's own losses go as they are, whatever positions they stand for", async () => {
  const rig = new ReshipRig();
  const beside = JSON.parse(lineAt(4)) as Parameters<typeof lossEvent>[3];
  const lost = JSON.stringify(lossEvent(5, 30, "foreign", beside));
  const lines = [...linesOf(1, 4), lost, lineAt(31)];
  rig.world.disk.writeFileSync("/a.events.ndjson", `${lines.join("\n")}\n`);
  const summary = await rig.reship({ paths: ["/a.events.ndjson"] });
  expect(summary).toMatchObject({ events: 6, lost: 26, next: 32 });
  expect(rig.world.sent.at(-1)?.lines).toEqual(lines);
});

test("compressed files are files; segments count in their own order, however they are given", async () => {
  const rig = new ReshipRig();
  const lines = linesOf(1, 30);
  const zip = (some: readonly string[]): Buffer => gzipSync(`${some.join("\n")}\n`);
  rig.world.disk.writeFileSync("/b.ndjson.gz", zip([openedAt(21), ...lines.slice(21)]));
  rig.world.disk.writeFileSync("/a.ndjson", zip(lines.slice(0, 20)));
  await rig.reship({ paths: ["/b.ndjson.gz", "/a.ndjson", "/b.ndjson.gz"] });
  expect(rig.journal.next).toBe(31);
  expect(rig.journal.losses).toEqual([]);
});

test("a compressed file that was cut off is said to be so", async () => {
  const rig = new ReshipRig();
  const zipped = gzipSync(linesOf(1, 50).join("\n"));
  rig.world.disk.writeFileSync("/cut.gz", zipped.subarray(0, zipped.length - 20));
  await expect(rig.reship({ paths: ["/cut.gz"] })).rejects.toMatchObject({
    code: "NOTHING_TO_SEND",
    message: "/cut.gz is no whole gzip file.",
  });
});

test("several journals go one after the other, each under its own id or a fresh one", async () => {
  const rig = new ReshipRig();
  const file = (id: string): string =>
    `${[openedAt(1, { journal: id }), lineAt(2), lineAt(3)].join("\n")}\n`;
  rig.world.disk.mkdirSync("/recorded");
  rig.world.disk.writeFileSync("/recorded/a.events.ndjson", file(journalId));
  rig.world.disk.writeFileSync("/recorded/b.events.ndjson", file(otherId));
  rig.world.disk.writeFileSync("/recorded/b.points.ndjson", "{}\n");
  await rig.reship({ paths: ["/recorded/"] });
  expect(rig.summaries.map(({ sentAs }) => sentAs)).toEqual([journalId, otherId]);
  expect(rig.progress).toEqual([3, 6]);
  await expect(rig.reship({ paths: ["/recorded"], asJournal: freshId })).rejects.toMatchObject({
    code: "USAGE",
  });
  expect(
    await rig.reship({ paths: ["/recorded/b.events.ndjson"], asJournal: "new" }),
  ).toMatchObject({ journal: otherId, sentAs: freshId, accepted: 3 });
});

test("another history under the id is not mixed with this one: it says how to send it all the same", async () => {
  const rig = new ReshipRig();
  rig.write(1, linesOf(1, 10));
  await rig.reship();
  rig.write(1, [...linesOf(1, 9), lineAt(10, { boot: bootB }), lineAt(11)]);
  await expect(rig.reship()).rejects.toMatchObject({
    code: "HISTORY",
    hint: expect.stringContaining("--as-journal new") as string,
  });
  expect(rig.journal.next).toBe(11);
  expect(await rig.reship({ asJournal: "new" })).toMatchObject({ accepted: 11 });
});

test("files that begin beyond what the server has are not declared lost: somebody may have them", async () => {
  const rig = new ReshipRig();
  rig.write(1, linesOf(1, 10));
  await rig.once();
  rig.world.disk.writeFileSync("/late.ndjson", `${linesOf(21, 30).join("\n")}\n`);
  await expect(rig.reship({ paths: ["/late.ndjson"] })).rejects.toMatchObject({
    code: "HISTORY",
    message: expect.stringContaining("up to position 10, and these files begin with 21") as string,
  });
  expect(rig.journal.next).toBe(11);
});

test("a server that goes back in the middle is followed", async () => {
  const rig = new ReshipRig();
  const lines = linesOf(1, 100);
  rig.write(1, lines);
  let posts = 0;
  rig.world.onServed = ({ method }) => {
    posts += method === "POST" ? 1 : 0;
    if (method !== "POST" || posts !== 7) return;
    for (let seq = 21; seq < rig.journal.next; seq += 1) rig.journal.folded.delete(seq);
    rig.journal.next = 21;
    rig.journal.last = null;
  };
  await rig.reship({ maxEvents: 10 });
  expect([...rig.journal.folded.values()]).toEqual(lines);
});

test("limits, refused lines and answers that lie are met as a live shipper meets them", async () => {
  const rig = new ReshipRig();
  rig.write(1, linesOf(1, 100));
  rig.world.limits = { maxEvents: 30, maxBytes: 4_000 };
  rig.world.rejects.set(40, "bad").set(41, "bad").set(77, "bad");
  let requests = 0;
  rig.world.fault = () => {
    requests += 1;
    if (requests % 7 === 3) return "garbage";
    if (requests % 7 === 5) return { rewrite: () => ({ status: 200, body: { next: 5_000 } }) };
    return requests % 7 === 6 ? "lost-request" : undefined;
  };
  expect(await rig.reship()).toMatchObject({ lost: 3, next: 101 });
  expect(rig.journal.losses).toMatchObject([
    { from: 40, through: 41, reason: "rejected" },
    { from: 77, through: 77, reason: "rejected" },
  ]);
});

test("a refused token, a wrong URL: no waiting, since somebody waits", async () => {
  const rig = new ReshipRig();
  rig.write(1, linesOf(1, 10));
  rig.world.fault = () => ({ status: 404 });
  await expect(rig.reship()).rejects.toMatchObject({ code: "REQUEST", status: 404 });
  rig.world.fault = () => undefined;
  rig.world.token = "another";
  await expect(rig.reship()).rejects.toMatchObject({ code: "REQUEST", status: 401 });
});

test("at the recorded pace times a number, each line leaves when its time has come", async () => {
  const rig = new ReshipRig();
  rig.write(1, linesOf(1, 61));
  await rig.reship({ speed: 10 });
  // A minute was recorded, a line a second.
  const posts = rig.world.sent.filter(({ method }) => method === "POST");
  const startMs = posts[0]?.atMs ?? 0;
  for (const { atMs, lines } of posts) {
    const { seq } = JSON.parse(lines.at(-1) ?? "") as { seq: number };
    expect(atMs - startMs).toBeGreaterThanOrEqual((seq - 1) * 100);
    expect(atMs - startMs).toBeLessThan((seq - 1) * 100 + 1_000);
  }
  expect(posts.length).toBeGreaterThan(10);
});

test("shifted to now, the last event is now, under the id that its segments name too", async () => {
  const rig = new ReshipRig();
  const table = { web: { state: "running", at: 1_760_000_000_000, mono: 1, restarts: 0 } };
  const opened = openedAt(1).replace('"processes":{}', `"processes":${JSON.stringify(table)}`);
  const booted = lineAt(2, {
    type: "machine.booted",
    fields: { entrypointAt: 1_760_000_000_500 },
  });
  rig.write(1, [opened, booted, lineAt(3, { fields: { extra: [1, "ä"] } })]);
  const before = [opened, booted].map((line) => JSON.parse(line) as Record<string, unknown>);
  const nowMs = rig.world.clock.now();
  await rig.reship({ asJournal: "new", shiftToNow: true });
  const sent = (rig.world.sent.at(-1)?.lines ?? []).map(
    (line) => JSON.parse(line) as Record<string, unknown>,
  );
  const shiftMs = Number(sent[0]?.["at"]) - Number(before[0]?.["at"]);
  expect(Number(sent[2]?.["at"]) - nowMs).toBeGreaterThanOrEqual(0);
  expect(Number(sent[2]?.["at"]) - nowMs).toBeLessThan(10);
  expect(sent[0]).toEqual({
    ...before[0],
    at: Number(before[0]?.["at"]) + shiftMs,
    journal: freshId,
    processes: { web: { ...table.web, at: table.web.at + shiftMs } },
  });
  expect(sent[1]?.["entrypointAt"]).toBe(1_760_000_000_500 + shiftMs);
  expect(sent[2]).toMatchObject({ extra: [1, "ä"], boot: bootA, mono: 8001.5 });
  expect(rig.world.sent.at(-1)?.lines[0]).toMatch(/^\{"v":1,"seq":1,"at":/);
});

test("the pace that a server asks for is kept to", async () => {
  const rig = new ReshipRig();
  rig.write(1, linesOf(1, 100));
  rig.world.pace = 10;
  await rig.reship({ maxEvents: 20 });
  const posts = rig.world.sent.filter(({ method }) => method === "POST");
  expect((posts.at(-1)?.atMs ?? 0) - (posts[0]?.atMs ?? 0)).toBeGreaterThanOrEqual(8_000);
});

for (const [what, path, said] of [
  ["a path that is not there", "/nowhere", "is not there"],
  ["a file without events", "/empty", "holds no events"],
  ["a directory with nothing to send", "/", "holds no segments and no recorded events"],
] as const) {
  test(`${what} is an error that says so`, async () => {
    const rig = new ReshipRig();
    rig.world.disk.writeFileSync("/empty", "");
    await expect(rig.reship({ paths: [path] })).rejects.toMatchObject({
      code: "NOTHING_TO_SEND",
      message: `${path} ${said}.`,
    });
  });
}

test("lines that do not say whose they are need an id", async () => {
  const rig = new ReshipRig();
  rig.world.disk.writeFileSync("/some.ndjson", `${lineAt(1)}\n${lineAt(2)}\n`);
  await expect(rig.reship({ paths: ["/some.ndjson"] })).rejects.toMatchObject({
    code: "NOTHING_TO_SEND",
    hint: expect.stringContaining("--as-journal") as string,
  });
  const summary = await rig.reship({ paths: ["/some.ndjson"], asJournal: otherId });
  expect(summary).toMatchObject({ journal: null, sentAs: otherId, accepted: 2 });
});
