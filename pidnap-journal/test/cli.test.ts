import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { readJournal } from "../src/reader/read.ts";
import { openJournal } from "../src/writer/journal.ts";
import { buildCommand, type Command } from "./_command.ts";
import { appendToSegment, line, lines, temporaryDir, writeSegment } from "./_journal-files.ts";
import { smallJournal } from "./_small-journal.ts";

let command: Command;
beforeAll(async () => {
  command = await buildCommand();
});
afterAll(() => command.dispose());

describe("wrong use", () => {
  test.each([
    [["cat", "--no-such"], "unknown option"],
    [["nonsense"], "unknown command"],
    [["cat", "-n", "x", "/tmp"], "whole number"],
    [["cat", "-o", "xml", "/tmp"], "Allowed choices"],
    [["ps", "--at", "soon", "/tmp"], "not a time"],
    [["ps", "--at", "now", "--seq", "1", "/tmp"], "exclude"],
  ])("%j exits 2 and says why on one line", async (args, message) => {
    const { code, stderr, stdout } = await command.run(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(message);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });

  test("without a directory names both places where it looked", async () => {
    const { code, stderr } = await command.run(["cat"]);
    expect(code).toBe(2);
    expect(stderr).toContain("PIDNAP_JOURNAL_DIR");
    expect(stderr).toContain("~/.iterate/pidnap-journal");
  });
});

describe("a journal that cannot be read", () => {
  test.each(["cat", "ps", "tail"])("is one line and exit code 1 from %s", async (name) => {
    const dir = await temporaryDir();
    for (const missing of [join(dir, "none"), dir]) {
      const { code, stderr } = await command.run([name, missing]);
      expect(code).toBe(1);
      expect(stderr).toContain(`There is no journal in ${missing}`);
      expect(stderr.trim().split("\n")).toHaveLength(1);
    }
    await writeSegment(dir, 1, line(1, { v: 2 }));
    const { code, stderr } = await command.run([name, dir]);
    expect(code).toBe(1);
    expect(stderr).toContain("format version 2");
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });
});

test("help has examples and exits 0", async () => {
  for (const args of [["--help"], ["cat", "--help"], ["ps", "--help"], ["help", "tail"]]) {
    const { code, stdout } = await command.run(args);
    expect(code).toBe(0);
    expect(stdout).toContain("Examples:");
  }
});

test("the directory comes from the environment, or is pidnap's own", async () => {
  const dir = await smallJournal();
  const named = await command.run(["cat", "-n", "1"], { PIDNAP_JOURNAL_DIR: dir });
  expect(named.stdout).toContain("web: idle → running");
  const home = await temporaryDir();
  await mkdir(join(home, ".iterate", "pidnap-journal"), { recursive: true });
  await writeSegment(join(home, ".iterate", "pidnap-journal"), 1, lines(1, 1));
  expect((await command.run(["cat"], { HOME: home })).stdout).toContain("machine ready");
});

test("help takes it well too, and so does a fault", async () => {
  const dir = await smallJournal();
  await appendToSegment(dir, 1, "garbage\n");
  const script = `set -o pipefail
    "$0" "$1" cat --help | true; echo "help \${PIPESTATUS[0]}"
    "$0" "$1" nope 2> >(true); echo "usage $?"
    "$0" "$1" verify "$2" | true; echo "verify \${PIPESTATUS[0]}"`;
  const shell = spawn("bash", ["-c", script, process.execPath, command.path, dir], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { stdout: "", stderr: "" };
  shell.stdout.on("data", (chunk) => (said.stdout += String(chunk)));
  shell.stderr.on("data", (chunk) => (said.stderr += String(chunk)));
  await once(shell, "close");
  expect(said).toEqual({ stdout: "help 0\nusage 2\nverify 1\n", stderr: "" });
});

test("an output that cannot be written is one line", async () => {
  const dir = await smallJournal();
  const shell = spawn(
    "bash",
    ["-c", `"$0" "$1" cat "$2" > /dev/full`, process.execPath, command.path, dir],
    {
      stdio: ["ignore", "ignore", "pipe"],
    },
  );
  let stderr = "";
  shell.stderr.on("data", (chunk) => (stderr += String(chunk)));
  const [code] = (await once(shell, "close")) as [number];
  expect(code).toBe(1);
  expect(stderr).toMatch(/^pidnap-journal: the output cannot be written: ENOSPC[^\n]*\n$/);
});

describe("mark", () => {
  test("hands the writer an event", async () => {
    const dir = await temporaryDir();
    const journal = await openJournal(dir);
    onTestFinished(() => journal.close());
    expect(await command.run(["mark", "ready", "--dir", dir])).toMatchObject({ code: 0 });
    const args = ["mark", "tasks-completed", "--count", "4", "--failed", "1"];
    expect(await command.run(args, { PIDNAP_JOURNAL_DIR: dir })).toMatchObject({ code: 0 });
    const marks: unknown[] = [];
    for await (const entry of readJournal(dir, { follow: true })) {
      if (entry.kind === "event" && entry.event.type !== "segment.opened") marks.push(entry.event);
      if (marks.length === 2) break;
    }
    expect(marks).toMatchObject([
      { type: "machine.ready" },
      { type: "tasks.completed", count: 4, failed: 1 },
    ]);
  });

  test("says what is wrong on one line", async () => {
    const dir = join(await temporaryDir(), "none");
    const missing = await command.run(["mark", "ready", "--dir", dir]);
    expect(missing).toMatchObject({ code: 1, stdout: "" });
    expect(missing.stderr).toContain(`There is no journal in ${dir}`);
    for (const args of [
      ["mark", "steady", "--dir", dir],
      ["mark", "tasks-completed", "--count", "-1"],
      ["mark"],
    ]) {
      expect((await command.run(args)).code).toBe(2);
    }
  });
});
