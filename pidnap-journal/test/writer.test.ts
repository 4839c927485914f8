import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeLine, openJournal, type JournalEvent } from "pidnap-journal";
import { afterEach, beforeEach, expect, test } from "vitest";

let dir: string;

beforeEach(() => {
  dir = join(mkdtempSync(join(tmpdir(), "pidnap-writer-")), "journal");
});

afterEach(() => {
  rmSync(join(dir, ".."), { recursive: true, force: true });
});

function eventsOnDisk(): JournalEvent[] {
  const names = readdirSync(dir).filter((name) => name.endsWith(".ndjson"));
  return names.toSorted().flatMap((name) =>
    readFileSync(join(dir, name), "latin1")
      .split("\n")
      .slice(0, -1)
      .flatMap((line) => {
        const decoded = decodeLine(Buffer.from(line, "latin1"));
        return decoded.kind === "event" ? [decoded.event] : [];
      }),
  );
}

test("a journal begins with the opening of its segment, and each event gets the next position", async () => {
  using journal = await openJournal(dir, { boot: "boot-1" });
  const seqs = [journal.append({ type: "machine.ready" }), journal.append({ type: "new", a: 1 })];
  expect(seqs).toEqual([2, 3]);
  expect(eventsOnDisk()).toMatchObject([
    { seq: 1, type: "segment.opened", processes: {}, boot: "boot-1" },
    { seq: 2, type: "machine.ready", boot: "boot-1" },
    { seq: 3, type: "new", a: 1 },
  ]);
  expect(journal.stats()).toMatchObject({ nextSeq: 4, droppedEvents: 0, segments: 1 });
});

test("an opened journal again goes on where it was left", async () => {
  const first = await openJournal(dir);
  first.append({ type: "machine.ready" });
  first.close();
  first.close();
  expect(first.append({ type: "machine.ready" })).toBe(0);
  using second = await openJournal(dir);
  expect(second.append({ type: "machine.ready" })).toBe(3);
  expect(second.boot).not.toBe(first.boot);
});

test("a second writer is told the first one's process", async () => {
  using journal = await openJournal(dir);
  await expect(openJournal(journal.dir)).rejects.toMatchObject({
    code: "JOURNAL_LOCKED",
    pid: process.pid,
  });
});

test("directory and segments are for the owner and the group alone", async () => {
  using journal = await openJournal(dir);
  expect(statSync(journal.dir).mode & 0o777).toBe(0o750);
  expect(statSync(join(dir, "journal-0000000000000001.ndjson")).mode & 0o777).toBe(0o640);
});

test("options that cannot be used are an error, not a journal that surprises", async () => {
  for (const options of [{ maxSegmentBytes: 0 }, { fsync: "sometimes" }, { boot: "" }]) {
    await expect(openJournal(dir, options as never)).rejects.toMatchObject({
      code: "JOURNAL_OPTION",
    });
  }
});
