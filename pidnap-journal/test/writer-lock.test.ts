import { spawn, spawnSync } from "node:child_process";
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openJournal } from "pidnap-journal";
import { expect, onTestFinished, test } from "vitest";
import { openJournalWith } from "../src/writer/journal.ts";
import { nodeEnvironment } from "../src/writer/node-environment.ts";
import { holderIsAlive, ownIdentity } from "../src/writer/process-identity.ts";
import { temporaryDir } from "./_journal-files.ts";
import { startWriterProcess } from "./_writer-process.ts";

const self = ownIdentity();

test("of writers that open at the same moment exactly one gets the journal, also over a stale lock", async () => {
  const dir = join(await temporaryDir(), "journal");
  const writers = Array.from({ length: 4 }, () => startWriterProcess());
  // The first round finds no directory, the second the lock of one that was killed, the third that of one that closed.
  const killed = await race(dir, writers);
  await killed.kill();
  const rest = writers.filter((writer) => writer !== killed);
  const closed = await race(dir, rest);
  await closed.ask("close");
  await race(dir, rest);
});

async function race(dir: string, writers: readonly ReturnType<typeof startWriterProcess>[]) {
  // All are up before the start, or the quickest to load would win unopposed.
  await Promise.all(writers.map((writer) => writer.ask("ready?")));
  const answers = await Promise.all(writers.map((writer) => writer.ask(`open ${dir}`)));
  const winners = writers.filter((_, index) => answers[index]?.["opened"] === true);
  expect(winners).toHaveLength(1);
  const pid = winners[0]!.child.pid;
  const losers = answers.filter((answer) => answer["opened"] !== true);
  // A loser may name another one that was taking the lock just then and gave way.
  const pids = new Set(writers.map((writer) => writer.child.pid));
  for (const { lockedBy } of losers) expect(pids).toContain(lockedBy);
  expect(await winners[0]!.ask("append note")).not.toEqual({ seq: 0 });
  await expect(openJournal(dir)).rejects.toMatchObject({ code: "JOURNAL_LOCKED", pid });
  return winners[0]!;
}

test("a writer that was killed blocks nobody", async () => {
  const dir = await temporaryDir();
  const writer = startWriterProcess();
  await writer.ask(`open ${dir}`);
  await writer.kill();
  using journal = await openJournal(dir);
  expect(journal.append({ type: "note" })).toBeGreaterThan(0);
  expect(lockFiles(dir)).toHaveLength(1);
});

test("a closed journal leaves no lock behind", async () => {
  const dir = await temporaryDir();
  (await openJournal(dir)).close();
  expect(lockFiles(dir)).toEqual([]);
});

test("a lock file of the same pid with another start time, host boot or directory blocks nobody", async () => {
  const dir = await temporaryDir();
  const first = await openJournal(dir);
  const [name = ""] = lockFiles(dir);
  first.close();
  const facts = name.split("_");
  for (const index of [2, 3, 5]) {
    const other = facts.with(index, "77").join("_");
    writeFileSync(join(dir, other), "");
    using journal = await openJournal(dir);
    expect(journal.append({ type: "note" })).toBeGreaterThan(0);
    expect(lockFiles(dir)).not.toContain(other);
  }
});

test("of a lock whose holder cannot be seen, who opens takes no notice, and who lost its own gives way", async () => {
  const dir = await temporaryDir();
  const hidden = { ...nodeEnvironment(), holderIsAlive: () => "unknown" as const };
  using first = await openJournalWith(hidden, dir);
  using second = await openJournalWith({ ...hidden, randomUuid: () => "second" }, dir);
  // The first finds its lock gone, and another's in its place.
  await expect.poll(() => first.append({ type: "note" }), { timeout: 5000 }).toBe(0);
  expect(second.append({ type: "note" })).toBeGreaterThan(0);
  expect(first.append({ type: "note" })).toBe(0);
});

test("files that only look like locks block nobody", async () => {
  const dir = await temporaryDir();
  for (const name of ["writer_.lock", "writer_0_1_2_3_4_5.lock", "writer_x.lock", ".lock"]) {
    writeFileSync(join(dir, name), "");
  }
  using journal = await openJournal(dir);
  expect(journal.append({ type: "note" })).toBeGreaterThan(0);
});

test("the copy of a directory that is being written can be written as well", async () => {
  const dir = await temporaryDir();
  using journal = await openJournal(dir);
  journal.append({ type: "note" });
  const copy = join(await temporaryDir(), "copy");
  cpSync(dir, copy, { recursive: true });
  using second = await openJournal(copy);
  expect(second.append({ type: "note" })).toBe(3);
});

test("a lock that an operator removed is taken again by its living writer", async () => {
  const dir = await temporaryDir();
  const writer = startWriterProcess();
  await writer.ask(`open ${dir}`);
  for (const name of lockFiles(dir)) rmSync(join(dir, name));
  await expect.poll(() => lockFiles(dir), { timeout: 5000 }).toHaveLength(1);
  await expect(openJournal(dir)).rejects.toMatchObject({ pid: writer.child.pid });
});

test("a container whose writer always has the same pid is not blocked by the one before it, nor opened beside a living one", async () => {
  const dir = await temporaryDir();
  const first = startWriterProcess(container);
  expect(await first.ask(`open ${dir}`)).toEqual({ opened: true });
  await expect(openJournal(dir)).rejects.toMatchObject({ code: "JOURNAL_LOCKED" });
  await first.kill();
  const second = startWriterProcess(container);
  expect(await second.ask(`open ${dir}`)).toEqual({ opened: true });
});

/** Runs a command as pid 1 of its own; where that is not allowed, as any other process. */
const container = (() => {
  const command = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"];
  const [program = "", ...args] = command;
  return spawnSync(program, [...args, "true"]).status === 0 ? command : [];
})();

test("a process is alive only under its own start time, boot and pid", () => {
  expect(holderIsAlive(self, self)).toBe("alive");
  expect(holderIsAlive({ ...self, startTime: "1" }, self)).toBe("dead");
  expect(holderIsAlive({ ...self, hostBoot: "other" }, self)).toBe("dead");
  const parent = { ...self, pid: process.ppid, startTime: startTimeOf(process.ppid) };
  expect(holderIsAlive(parent, self)).toBe("alive");
  expect(holderIsAlive({ ...parent, startTime: self.startTime }, self)).toBe("dead");
  expect(holderIsAlive({ ...self, pid: 2 ** 30 }, self)).toBe("dead");
});

test("a zombie is dead: its parent may never ask for it", async () => {
  // The shell becomes a sleep, which knows nothing of the child that the shell had.
  const parent = spawn("sh", ["-c", "sleep 0.3 & echo $!; exec sleep 60"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void parent.kill("SIGKILL"));
  const [line] = (await parent.stdout.take(1).toArray()) as [Buffer];
  const pid = Number(line.toString());
  await expect.poll(() => statOf(pid), { timeout: 5000 }).toMatch(/\) Z /);
  expect(holderIsAlive({ ...self, pid, startTime: startTimeOf(pid) }, self)).toBe("dead");
});

function lockFiles(dir: string): string[] {
  return readdirSync(dir).filter((name) => name.endsWith(".lock"));
}

function statOf(pid: number): string {
  return readFileSync(`/proc/${pid}/stat`, "utf8");
}

function startTimeOf(pid: number): string {
  const stat = statOf(pid);
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
}
