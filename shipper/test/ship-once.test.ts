import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { hashOf } from "./support/fake-server.ts";
import { linesOf, openedAt, writeSegment } from "./support/journal-files.ts";
import { Rig } from "./support/rig.ts";

test("what is on disk is shipped in order, whole, and line by line as it is", async () => {
  await using rig = await Rig.create();
  const lines = [...linesOf(1, 600), ...linesOf(601, 700)];
  writeSegment(rig.dir, 1, lines.slice(0, 600));
  writeSegment(rig.dir, 601, lines.slice(600));
  await rig.ship();
  expect([...rig.journal.folded.values()]).toEqual(lines);
  expect(rig.journal.losses).toEqual([]);
});

test("each request but the first names the line before its first one", async () => {
  await using rig = await Rig.create();
  const lines = linesOf(1, 12);
  writeSegment(rig.dir, 1, lines);
  await rig.ship({ maxEvents: 5 });
  const previous = rig.server.posts.map(({ headers }) => headers["previous-line"]);
  expect(previous).toEqual([undefined, `5:${hashOf(lines[4]!)}`, `10:${hashOf(lines[9]!)}`]);
});

test("a second run goes on from the checkpoint and sends nothing again", async () => {
  await using rig = await Rig.create();
  writeSegment(rig.dir, 1, linesOf(1, 10));
  await rig.ship();
  const saved = JSON.parse(readFileSync(join(rig.state, "checkpoint.json"), "utf8")) as object;
  expect(saved).toMatchObject({ next: 11 });
  writeSegment(rig.dir, 11, linesOf(11, 13));
  await rig.ship();
  expect(rig.server.posts.map(({ body }) => body.toString().split("\n").length - 1)).toEqual([
    10, 3,
  ]);
});

test("without a checkpoint the last batch is sent again, for points the server may still owe", async () => {
  await using rig = await Rig.create();
  writeSegment(rig.dir, 1, linesOf(1, 10));
  await rig.ship({ maxEvents: 4 });
  await rig.ship({ maxEvents: 4, state: join(rig.root, "another") });
  const first = rig.server.posts.map(
    ({ body }) => (JSON.parse(body.toString().split("\n")[0]!) as { seq: number }).seq,
  );
  expect(first).toEqual([1, 5, 9, 7]);
});

test("an unterminated tail is not shipped", async () => {
  await using rig = await Rig.create();
  const path = writeSegment(rig.dir, 1, [openedAt(1)]);

  appendFileSync(
    path,
    '{"v":1,"seq":2,"at":1760000000000,"mono":1,"boot":"b","type":"machine.ready"}',
  );
  await rig.ship();
  expect(rig.journal.next).toBe(2);
});

test("no journal is an error", async () => {
  await using rig = await Rig.create();
  await expect(rig.ship()).rejects.toMatchObject({ code: "JOURNAL_NOT_FOUND" });
});

test("a journal of another version is an error", async () => {
  await using rig = await Rig.create();
  writeSegment(rig.dir, 1, [openedAt(1).replace('"v":1', '"v":2')]);
  await expect(rig.ship()).rejects.toMatchObject({ code: "JOURNAL_VERSION" });
});
