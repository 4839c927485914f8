import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { createChecker } from "../src/cli/checker.ts";
import { createFindings } from "../src/cli/findings.ts";
import { readJournal } from "../src/reader/read.ts";
import { openJournal } from "../src/writer/journal.ts";
import type { Journal } from "../src/writer/journal-types.ts";
import { temporaryDir } from "./_journal-files.ts";

/** Appends transitions of a few processes, as pidnap would make them, and lets the reader have its turn. */
async function write(journal: Journal, count: number): Promise<void> {
  const states = ["idle", "running", "restarting"];
  for (let index = 0; index < count; index += 1) {
    const process = `p${index % 7}`;
    const turn = Math.floor(index / 7);
    const from = states[turn === 0 ? 0 : ((turn - 1) % 2) + 1] ?? "";
    const to = states[(turn % 2) + 1] ?? "";
    journal.append({ type: "process.transitioned", process, from, to, restarts: turn });
    if (index % 50 === 0) await nextTurn();
  }
}

test("a follower reads everything across rotation and a restarted writer, and finds it sound", async () => {
  const dir = await temporaryDir();
  const options = { maxSegmentBytes: 20_000, maxTotalBytes: 10_000_000 };
  const controller = new AbortController();
  const findings = createFindings();
  const checker = createChecker(findings);
  let next = 1;
  const last = Promise.withResolvers<number>();
  const following = (async () => {
    let lastSeq = Number.POSITIVE_INFINITY;
    void last.promise.then((seq) => (lastSeq = seq));
    for await (const entry of readJournal(dir, { follow: true, signal: controller.signal })) {
      checker.check(entry);
      if (entry.kind !== "event") continue;
      expect(entry.event.seq).toBe(next);
      next += 1;
      if (next > lastSeq) break;
    }
  })();
  for (const _ of [1, 2, 3]) {
    const journal = await openJournal(dir, options);
    await write(journal, 1000);
    journal.close();
  }
  const journal = await openJournal(dir, options);
  last.resolve(journal.append({ type: "machine.ready" }));
  await following;
  journal.close();
  expect(findings).toMatchObject({ faults: [], notes: [] });
  expect(checker.counts()).toMatchObject({ boots: 4, events: next - 1 });
  expect(checker.counts().segments).toBeGreaterThan(10);
});

test("a follower that is slower than retention goes on with the oldest there is", async () => {
  const dir = await temporaryDir();
  const journal = await openJournal(dir, { maxSegmentBytes: 5000, maxTotalBytes: 20_000 });
  const entries = readJournal(dir, { follow: true });
  let before = 0;
  const read = async (): Promise<number> => {
    const { value } = (await entries.next()) as { value: { kind: string; event: { seq: number } } };
    expect(value.kind).toBe("event");
    expect(value.event.seq).toBeGreaterThan(before);
    before = value.event.seq;
    return before;
  };
  expect(await read()).toBe(1);
  await write(journal, 1000);
  const last = journal.append({ type: "machine.ready" });
  let count = 1;
  while ((await read()) < last) {
    count += 1;
  }
  // Most of it was gone before it could be read.
  expect(count).toBeLessThan(last / 2);
  await entries.return?.();
  journal.close();
});
