import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildCommand, type Command } from "./_command.ts";
import { line, lines, temporaryDir, transition, writeSegment } from "./_journal-files.ts";
import { at, opened, startAt, twoBoots } from "./_two-boots.ts";

let command: Command;
beforeAll(async () => {
  command = await buildCommand();
});
afterAll(() => command.dispose());

describe("boot", () => {
  test("lists the boots with their time to ready and their end", async () => {
    const dir = await twoBoots();
    expect(await command.json(["boot", dir])).toMatchObject([
      {
        boot: "boot-1",
        index: -1,
        firstSeq: 1,
        lastSeq: 14,
        lengthMs: 8300,
        state: "ready",
        timeToReadyMs: 6500,
        end: "lost",
      },
      { boot: "boot-2", index: 0, state: "starting", timeToReadyMs: null, end: "open" },
    ]);
  });

  test("shows the phases of one boot", async () => {
    const dir = await twoBoots();
    const { stdout } = await command.run(["boot", "-b", "-1", dir]);
    expect(stdout.split("\n").map((row) => row.trim().split(/ {2,}/))).toEqual([
      ["boot boot-1: ready after 6.5s, lost"],
      ["entrypoint at 2023-11-14 22:13:18.000"],
      [""],
      ["PHASE", "FROM", "TO", "TOOK"],
      ["entrypoint", "0ms", "2.0s", "2.0s", "until pidnap ran"],
      ["tasks", "2.0s", "6.1s", "4.1s", "until all tasks had ended"],
      ["ready", "2.0s", "6.5s", "4.5s", "until the daemon reported ready"],
      [""],
    ]);
    // The last one, though -b takes what stands behind it.
    const last = await command.run(["boot", "-b", dir]);
    expect(last.stdout).toContain("boot boot-2: starting, open");
  });

  test("blames, and finds what waited for what", async () => {
    const dir = await twoBoots();
    const blame = await command.run(["boot", "blame", "-b", "boot-1", dir]);
    const rows = blame.stdout
      .trimEnd()
      .split("\n")
      .map((row) => row.trim().split(/ +/));
    expect(rows.slice(1)).toEqual([
      ["3.0s", "migrate", "task", "2.1s", "5.1s"],
      ["1.0s", "seed", "task", "5.1s", "6.1s"],
      ["4.0s", "api", "process", "6.2s", "runs"],
    ]);
    const chain = await command.run(["boot", "critical-chain", "-b", "boot-1", dir]);
    expect(chain.stdout).toBe(
      "ready @6.5s, tasks completed @6.1s\n└─seed @5.1s +1.0s\n  └─migrate @2.1s +3.0s\n    └─pidnap @2.0s\n",
    );
  });

  test("draws a chart in which names cannot do harm", async () => {
    const dir = await temporaryDir();
    await mkdir(join(dir, "out"));
    const name = "<script>\u0007&";
    await writeSegment(
      dir,
      1,
      opened(1, {}, at(0)) + transition(2, name, "idle", "running", at(10)) + lines(3, 3),
    );
    const file = join(dir, "out", "boot.svg");
    expect(await command.run(["boot", "--svg", file, dir])).toMatchObject({ code: 0 });
    const svg = await readFile(file, "utf8");
    expect(svg).toContain(String.raw`&lt;script&gt;\x07&amp;`);
    expect(svg).toMatch(/^<svg [^>]+>[\s\S]*<\/svg>\n$/);
    expect((await command.run(["boot", "--svg", "-", dir])).stdout).toBe(svg);
  });

  test("draws what is to be seen where pidnap came long after the entrypoint", async () => {
    const dir = await temporaryDir();
    await writeSegment(
      dir,
      1,
      opened(1, {}, at(0)) +
        line(2, { type: "machine.booted", entrypointAt: startAt - 7_200_000, ...at(0) }) +
        transition(3, "web", "idle", "running", at(100)) +
        line(4, at(1000)) +
        line(5, at(5000)),
    );
    const { stdout } = await command.run(["boot", "--svg", "-", dir]);
    expect(stdout).toContain("the axis counts from pidnap, 2h later");
    expect(stdout).toContain(">+400ms<");
    expect(stdout).toContain("ready at 2h 1s");
    const widths = [...stdout.matchAll(/width="([\d.]+)" height="15"/g)].map(([, width]) => width);
    expect(widths.map(Number)).toEqual([expect.closeTo(880, -2)]);
  });

  test("does not take a task for awaited that was added later", async () => {
    const dir = await temporaryDir();
    const task = (seq: number, ms: number, name: string, from: string, to: string): string =>
      transition(seq, name, from, to, { kind: "task", ...at(ms) });
    await writeSegment(
      dir,
      1,
      opened(1, {}, at(0)) +
        task(2, 10, "seed", "idle", "running") +
        task(3, 100, "seed", "running", "stopped") +
        line(4, { type: "tasks.completed", count: 1, failed: 0, ...at(100) }) +
        task(5, 300, "added", "idle", "running") +
        task(6, 900, "added", "running", "stopped"),
    );
    const { stdout } = await command.run(["boot", "critical-chain", dir]);
    expect(stdout).toContain("└─seed");
    expect(stdout).not.toContain("added");
  });

  test("says which boot there is not", async () => {
    const dir = await twoBoots();
    const { code, stderr } = await command.run(["boot", "-b", "nope", dir]);
    expect(code).toBe(2);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });
});
