import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { segmentName } from "../src/segment-name.ts";
import { buildCommand, type Command } from "./_command.ts";
import {
  appendToSegment,
  line,
  lines,
  temporaryDir,
  transition,
  writeSegment,
} from "./_journal-files.ts";
import { smallJournal } from "./_small-journal.ts";

let command: Command;
beforeAll(async () => {
  command = await buildCommand();
});
afterAll(() => command.dispose());

describe("cat", () => {
  test("writes lines for people, in local time, with the boots between", async () => {
    const dir = await smallJournal();
    const { stdout } = await command.run(["cat", dir]);
    expect(stdout.split("\n")).toEqual([
      "2023-11-14 22:13:20.001 #1  segment opened with 0 processes",
      "2023-11-14 22:13:20.002 #2  web: idle → running",
      "2023-11-14 22:13:20.003 #3  worker-1: idle → running (task)",
      "2023-11-14 22:13:20.004 #4  worker-1: running → stopped (exit 3)",
      "2023-11-14 22:13:20.005 #5  segment opened with 0 processes",
      "-- boot boot-2 --",
      "2023-11-14 22:13:20.006 #6  machine booted 6ms after the entrypoint",
      "2023-11-14 22:13:20.007 #7  web: idle → running",
      "",
    ]);
    const elsewhere = await command.run(["cat", "-n1", dir], { TZ: "Asia/Tokyo" });
    expect(elsewhere.stdout).toContain("2023-11-15 07:13:20.007 #7");
    const inUtc = await command.run(["cat", "-n1", "--utc", dir], { TZ: "Asia/Tokyo" });
    expect(inUtc.stdout).toContain("2023-11-14 22:13:20.007Z #7");
  });

  test("writes every format", async () => {
    const dir = await smallJournal();
    const asLines = (await command.run(["cat", "-o", "ndjson", dir])).stdout.trimEnd().split("\n");
    const events = asLines.map((text) => JSON.parse(text) as { seq: number });
    expect(events.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    const whole = (await command.run(["cat", "--json", dir])).stdout;
    expect(JSON.parse(whole)).toEqual(events);
    const none = (await command.run(["cat", "--json", "-t", "none", dir])).stdout;
    expect(JSON.parse(none)).toEqual([]);
    const words = (await command.run(["cat", "-o", "cat", "-n", "1", dir])).stdout;
    expect(words).toBe("web: idle → running\n");
  });

  test.each([
    [
      ["-n", "2"],
      [6, 7],
    ],
    [["-n", "0"], []],
    [
      ["-n", "6"],
      [2, 3, 4, 5, 6, 7],
    ],
    [["-r"], [7, 6, 5, 4, 3, 2, 1]],
    [
      ["-r", "-n", "4"],
      [7, 6, 5, 4],
    ],
    [
      ["-r", "--from", "6"],
      [7, 6],
    ],
    [
      ["--from", "4"],
      [4, 5, 6, 7],
    ],
    [
      ["-u", "worker-*"],
      [3, 4],
    ],
    [
      ["-u", "worker-*", "-u", "web", "-n", "2"],
      [4, 7],
    ],
    [
      ["-t", "machine.*", "-t", "segment.opened"],
      [1, 5, 6],
    ],
    [["-b"], [6, 7]],
    [
      ["-b", "-1"],
      [1, 2, 3, 4, 5],
    ],
    [["-b", "boot-1", "-u", "web"], [2]],
    [
      ["-S", "@1700000000.006"],
      [6, 7],
    ],
    [
      ["-U", "2023-11-14 22:13:20.002"],
      [1, 2],
    ],
    [["-S", "-15min"], []],
  ])("with %j shows %j", async (args, expected) => {
    const dir = await smallJournal();
    const { code, stdout } = await command.run(["cat", "-o", "ndjson", dir, ...args]);
    const shown = stdout.split("\n").filter((text) => text !== "");
    expect(shown.map((text) => (JSON.parse(text) as { seq: number }).seq)).toEqual(expected);
    expect(code).toBe(0);
  });

  test("reports what is corrupt beside the output, and exits 0", async () => {
    const dir = await smallJournal();
    await appendToSegment(dir, 5, `garbage\n${line(8)}`);
    const { code, stderr, stdout } = await command.run(["cat", "-n", "1", "-o", "ndjson", dir]);
    expect(JSON.parse(stdout)).toMatchObject({ seq: 8 });
    expect(code).toBe(0);
    expect(stderr).toBe("");
    const all = await command.run(["cat", dir]);
    expect(all.stderr).toMatch(
      new RegExp(`^corrupt: 7 bytes at ${segmentName(5)}:\\d+: not-json\n$`),
    );
  });

  test("never sends a control character of a name to the terminal", async () => {
    const dir = await temporaryDir();
    const name = "\u001b]0;owned\u0007\u009b31m\u202e";
    await writeSegment(
      dir,
      1,
      transition(1, name, name, "running") + line(2, { type: name, [name]: name }),
    );
    for (const args of [["cat"], ["cat", "--json"], ["cat", "-o", "ndjson"], ["ps"]]) {
      const { stdout } = await command.run([...args, dir]);
      expect(stdout).not.toBe("");
      // oxlint-disable-next-line no-control-regex -- what must not be there
      expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    }
  });

  test("goes on behind the cursor it left", async () => {
    const dir = await smallJournal();
    const cursor = join(await temporaryDir(), "cursor");
    const args = ["cat", "-o", "ndjson", "--cursor-file", cursor, dir];
    expect((await command.run(args)).stdout.trimEnd().split("\n")).toHaveLength(7);
    expect(await readFile(cursor, "utf8")).toBe("7\n");
    expect((await command.run(args)).stdout).toBe("");
    await appendToSegment(dir, 5, line(8));
    expect(JSON.parse((await command.run(args)).stdout)).toMatchObject({ seq: 8 });
  });

  test("follows, and ends in order when it is interrupted", async () => {
    const dir = await smallJournal();
    const child = command.start(["tail", "-f", "-n", "1", "--json", dir]);
    let stdout = "";
    child.stdout?.setEncoding("utf8");
    const until = async (text: string): Promise<void> => {
      while (!stdout.includes(text)) stdout += String((await once(child.stdout!, "data"))[0]);
    };
    await until('"seq":7');
    await appendToSegment(dir, 5, line(8));
    await until('"seq":8');
    await writeSegment(dir, 9, line(9));
    await until('"seq":9');
    child.stdout?.on("data", (chunk: string) => (stdout += chunk));
    child.kill("SIGINT");
    const [code] = (await once(child, "close")) as [number];
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as Array<{ seq: number }>).map(({ seq }) => seq)).toEqual([7, 8, 9]);
  });

  test("shows as many of the last events as are asked for, also where positions are missing", async () => {
    const dir = await temporaryDir();
    await writeSegment(dir, 1, lines(1, 6));
    await writeSegment(dir, 100, lines(100, 101));
    const seqs = async (...args: string[]): Promise<number[]> => {
      const { stdout } = await command.run(["cat", "-o", "ndjson", ...args, dir]);
      const all = stdout.trim().split("\n");
      return all.map((text) => (JSON.parse(text) as { seq: number }).seq);
    };
    expect(await seqs("-n", "4")).toEqual([5, 6, 100, 101]);
    expect(await seqs("-n", "100000")).toEqual([1, 2, 3, 4, 5, 6, 100, 101]);
    expect(await seqs("-n", "4", "--from", "6")).toEqual([6, 100, 101]);
  });

  test("waits in a directory where no journal has begun yet", async () => {
    const dir = await temporaryDir();
    const child = command.start(["cat", "-f", "-o", "ndjson", dir]);
    child.stdout?.once("data", () => child.kill("SIGINT"));
    let stdout = "";
    child.stdout?.on("data", (chunk) => (stdout += String(chunk)));
    await writeSegment(dir, 1, lines(1, 2));
    const [code] = (await once(child, "close")) as [number];
    expect(code).toBe(0);
    expect(stdout.trim().split("\n")).toHaveLength(2);
  });

  test("goes on with the journal that takes the place of the one it follows", async () => {
    const dir = await temporaryDir();
    await writeSegment(dir, 1, lines(1, 3));
    const child = command.start(["cat", "-f", "-o", "ndjson", dir]);
    const said = { stdout: "", stderr: "" };
    child.stderr?.on("data", (chunk) => (said.stderr += String(chunk)));
    const shown = async (count: number): Promise<void> => {
      while (said.stdout.split("\n").length <= count) {
        const [chunk] = (await once(child.stdout!, "data")) as [Buffer];
        said.stdout += chunk.toString();
      }
    };
    await shown(3);
    await rm(dir, { recursive: true });
    await mkdir(dir);
    await writeSegment(dir, 1, line(1, { boot: "new" }) + line(2, { boot: "new" }));
    await shown(5);
    child.kill("SIGINT");
    await once(child, "close");
    const events = said.stdout
      .trim()
      .split("\n")
      .map((text) => JSON.parse(text) as { seq: number });
    expect(events.map(({ seq }) => seq)).toEqual([1, 2, 3, 1, 2]);
    expect(said.stderr).toMatch(/^pidnap-journal: another journal is in [^\n]*\n$/);
  });

  test("takes it well that its reader goes away", async () => {
    const dir = await temporaryDir();
    await writeSegment(dir, 1, lines(1, 20_000));
    const shell = spawn(
      "bash",
      [
        "-c",
        `set -o pipefail; "$0" "$1" cat "$2" | head -n 1`,
        process.execPath,
        command.path,
        dir,
      ],
      { stdio: ["ignore", "pipe", "pipe"] },
    );
    let stderr = "";
    shell.stderr.on("data", (chunk) => (stderr += String(chunk)));
    const [code] = (await once(shell, "close")) as [number];
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });
});
