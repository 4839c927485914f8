import { join } from "node:path";
import { openJournal, readJournal, type JournalEvent } from "pidnap-journal";
import { expect, test } from "vitest";
import { temporaryDir } from "./_journal-files.ts";
import { startWriterProcess } from "./_writer-process.ts";

test("what append acknowledged before a SIGKILL is in the journal, and the next writer goes on behind it", async () => {
  const dir = join(await temporaryDir(), "journal");
  const options = JSON.stringify({ fsync: "always", maxSegmentBytes: 3_000 });
  let last = 0;
  for (const answersBeforeKill of [1, 20, 57]) {
    const writer = startWriterProcess();
    expect(await writer.ask(`open ${dir} ${options}`)).toEqual({ opened: true });
    writer.send("append-forever");
    for (let count = 0; count < answersBeforeKill; count += 1) await writer.next();
    const killed = writer.kill();
    // What is still in the pipe was answered before the end came.
    for (;;) {
      const answer = await writer.next();
      if (answer === undefined) break;
      expect(answer["seq"]).toBeGreaterThan(last);
      last = Number(answer["seq"]);
    }
    await killed;
    const seqs = (await eventsOf(dir)).map((event) => event.seq);
    expect(seqs).toEqual(seqs.map((_, index) => index + 1));
    expect(seqs.at(-1)).toBeGreaterThanOrEqual(last);
  }
  using journal = await openJournal(dir);
  const seq = journal.append({ type: "note" });
  expect((await eventsOf(dir)).at(-1)).toMatchObject({ seq, type: "note" });
});

async function eventsOf(dir: string): Promise<JournalEvent[]> {
  const events: JournalEvent[] = [];
  for await (const entry of readJournal(dir)) if (entry.kind === "event") events.push(entry.event);
  return events;
}
