import { line, temporaryDir, transition, writeSegment } from "./_journal-files.ts";

/** Two segments, two boots, seven events: what a command makes of each can be said by heart. */
export async function smallJournal(): Promise<string> {
  const dir = await temporaryDir();
  await writeSegment(
    dir,
    1,
    line(1, { type: "segment.opened", journal: crypto.randomUUID(), processes: {} }) +
      transition(2, "web", "idle", "running", { kind: "process" }) +
      transition(3, "worker-1", "idle", "running", { kind: "task" }) +
      transition(4, "worker-1", "running", "stopped", { exitCode: 3 }),
  );
  await writeSegment(
    dir,
    5,
    line(5, { type: "segment.opened", journal: crypto.randomUUID(), processes: {} }) +
      line(6, { boot: "boot-2", type: "machine.booted", entrypointAt: 1_700_000_000_000 }) +
      transition(7, "web", "idle", "running", { boot: "boot-2" }),
  );
  return dir;
}
