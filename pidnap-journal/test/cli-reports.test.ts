import { appendFile, mkdir, readdir, readFile, stat, truncate } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { segmentName } from "../src/segment-name.ts";
import { openJournal } from "../src/writer/journal.ts";
import { buildCommand, type Command } from "./_command.ts";
import {
  appendToSegment,
  line,
  lines,
  temporaryDir,
  transition,
  writeSegment,
} from "./_journal-files.ts";

let command: Command;
beforeAll(async () => {
  command = await buildCommand();
});
afterAll(() => command.dispose());

const journal = "87751d4c-a850-4e2c-84dc-da6a797d76de";
const startAt = 1_700_000_000_000;

/** A line at a moment of a boot, ms. */
const at = (ms: number, boot = "boot-1"): Record<string, unknown> => ({
  at: startAt + ms,
  mono: 5000 + ms,
  boot,
});
const opened = (seq: number, processes: object, fields: object): string =>
  line(seq, { type: "segment.opened", journal, processes, ...fields });

/** A boot in which two tasks waited on each other, a process crashed, and the machine was lost; then another. */
async function twoBoots(): Promise<string> {
  const dir = await temporaryDir();
  const crash = (seq: number, ms: number, from: string, to: string, more = {}): string =>
    transition(seq, "api", from, to, { kind: "process", ...at(ms), ...more });
  const task = (
    seq: number,
    name: string,
    ms: number,
    from: string,
    to: string,
    more = {},
  ): string => transition(seq, name, from, to, { kind: "task", ...at(ms), ...more });
  await writeSegment(
    dir,
    1,
    opened(1, {}, at(0)) +
      line(2, { type: "machine.booted", entrypointAt: startAt - 2000, ...at(0) }) +
      task(3, "migrate", 100, "idle", "running") +
      task(4, "migrate", 3100, "running", "stopped", { exitCode: 0 }) +
      task(5, "seed", 3110, "idle", "running") +
      task(6, "seed", 4110, "running", "stopped", { exitCode: 2 }) +
      line(7, { type: "tasks.completed", count: 2, failed: 1, ...at(4110) }) +
      crash(8, 4200, "idle", "running") +
      line(9, { type: "machine.ready", ...at(4500) }) +
      crash(10, 5200, "running", "restarting", { exitCode: 1, restarts: 1 }) +
      crash(11, 5300, "restarting", "running", { restarts: 1 }),
  );
  const table = {
    migrate: { state: "stopped", at: startAt + 3100, mono: 8100, restarts: 0, kind: "task" },
    seed: { state: "stopped", at: startAt + 4110, mono: 9110, restarts: 0 },
    api: { state: "running", at: startAt + 5300, mono: 10_300, restarts: 1, kind: "process" },
  };
  const sample = { cpuPercent: 10, memoryUsedMb: 100, memoryTotalMb: 1000, diskUsedPercent: 5 };
  await writeSegment(
    dir,
    12,
    opened(12, table, at(6000)) +
      line(13, { type: "resources.sampled", ...sample, ...at(7000) }) +
      line(14, { type: "resources.sampled", ...sample, cpuPercent: 30, load1: 2, ...at(8300) }) +
      opened(15, {}, at(20_000, "boot-2")) +
      line(16, { type: "machine.booted", entrypointAt: startAt + 19_000, ...at(20_000, "boot-2") }),
  );
  return dir;
}

async function json(args: readonly string[]): Promise<unknown> {
  const { code, stderr, stdout } = await command.run([...args, "--json"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return JSON.parse(stdout);
}

describe("ls", () => {
  test("shows each segment and the total", async () => {
    const dir = await twoBoots();
    await appendToSegment(dir, 12, "garbage\n");
    const sizes = await Promise.all(
      (await readdir(dir)).toSorted().map(async (name) => (await stat(join(dir, name))).size),
    );
    expect(await json(["ls", dir, "--limit", "1000000"])).toMatchObject({
      segments: [
        { segment: segmentName(1), state: "sealed", firstSeq: 1, lastSeq: 11, bytes: sizes[0] },
        {
          state: "live",
          firstSeq: 12,
          lastSeq: 16,
          corrupt: 1,
          events: 5,
          boots: ["boot-1", "boot-2"],
          from: startAt + 6000,
          to: startAt + 20_000,
        },
      ],
      totalBytes: sizes.reduce((sum, size) => sum + size, 0),
      limitBytes: 1_000_000,
    });
    const { stdout } = await command.run(["ls", dir]);
    expect(stdout).toContain("2 segments");
    expect(stdout).toMatch(/journal-0000000000000001\.ndjson +1 +11 +2023-11-14 22:13:20.000/);
  });
});

describe("verify", () => {
  test("finds a sound journal sound", async () => {
    const dir = await twoBoots();
    expect(await json(["verify", dir])).toEqual({
      ok: true,
      segments: 2,
      events: 16,
      boots: 2,
      faults: [],
      notes: [],
    });
    expect((await command.run(["verify", dir])).stdout).toContain(": sound");
  });

  test("takes it as it should be that the beginning has expired, and a tail that is not finished", async () => {
    const dir = await temporaryDir();
    await writeSegment(dir, 5, opened(5, {}, {}) + line(6));
    await appendFile(join(dir, segmentName(5)), '{"v":1');
    expect(await json(["verify", dir])).toMatchObject({
      ok: true,
      notes: [{ reason: "unfinished", segment: segmentName(5) }],
    });
  });

  test("does not hold what is missing against the table behind it", async () => {
    const dir = await twoBoots();
    const row = { state: "stopped", at: startAt + 29_000, mono: 34_000, restarts: 3 };
    await appendToSegment(dir, 12, transition(17, "web", "idle", "running", at(21_000, "boot-2")));
    await writeSegment(dir, 20, opened(20, { web: row }, at(30_000, "boot-2")));
    const { code, stdout } = await command.run(["verify", "--json", dir]);
    const { faults } = JSON.parse(stdout) as { faults: Array<{ reason: string }> };
    expect([code, faults.map(({ reason }) => reason)]).toEqual([1, ["gap"]]);
  });

  test.each<[string, (dir: string) => Promise<void>, string, number | undefined]>([
    ["garbage", (dir) => appendToSegment(dir, 12, "garbage\n"), "not-json", undefined],
    [
      "NUL bytes",
      (dir) => appendToSegment(dir, 12, Buffer.from("\0\0\0\n")),
      "nul-bytes",
      undefined,
    ],
    ["a gap", (dir) => appendToSegment(dir, 12, line(18, at(20_001, "boot-2"))), "gap", undefined],
    [
      "a gap before a segment",
      (dir) => writeSegment(dir, 20, opened(20, {}, at(30_000, "boot-2"))),
      "gap",
      0,
    ],
    ["an empty segment of a later name", (dir) => writeSegment(dir, 20, ""), "gap", 0],
    [
      "a position twice",
      (dir) => appendToSegment(dir, 12, line(16, at(20_001, "boot-2"))),
      "out-of-order",
      undefined,
    ],
    [
      "a torn end of a sealed segment",
      (dir) => truncate(join(dir, segmentName(1)), 100),
      "unterminated",
      0,
    ],
    [
      "a table that contradicts",
      (dir) => {
        const row = { state: "running", at: 1, mono: 1, restarts: 0 };
        return appendToSegment(dir, 12, opened(17, { ghost: row }, at(20_001, "boot-2")));
      },
      "table",
      undefined,
    ],
  ])("finds %s", async (_, damage, reason, offset) => {
    const dir = await twoBoots();
    await damage(dir);
    const { code, stdout } = await command.run(["verify", "--json", dir]);
    const { faults, ok } = JSON.parse(stdout) as {
      ok: boolean;
      faults: Array<{ reason: string; offset: number }>;
    };
    expect({ code, ok }).toEqual({ code: 1, ok: false });
    const fault = faults.find((found) => found.reason === reason);
    expect(fault).toBeDefined();
    expect(fault?.offset).toBe(offset ?? fault?.offset);
    const told = await command.run(["verify", dir]);
    expect(told.code).toBe(1);
    expect(told.stdout).toMatch(new RegExp(`^journal-\\d{16}\\.ndjson:\\d+: ${reason}`, "m"));
  });
});

describe("stats", () => {
  test("counts runs, restarts, exits and what was lost", async () => {
    const dir = await twoBoots();
    await appendToSegment(dir, 12, line(20, at(21_000, "boot-2")));
    expect(await json(["stats", dir])).toMatchObject({
      events: 17,
      boots: 2,
      observedMs: 8300 + 1000,
      processes: [
        {
          process: "api",
          kind: "process",
          runs: 2,
          restarts: 1,
          lost: 1,
          flapping: false,
          exitCodes: { "1": 1 },
          durationMs: { p50: 2000, p95: 2900, max: 3000, total: 4000 },
        },
        {
          process: "migrate",
          kind: "task",
          runs: 1,
          exitCodes: { "0": 1 },
          durationMs: { max: 3000 },
        },
        {
          process: "seed",
          kind: "task",
          runs: 1,
          exitCodes: { "2": 1 },
          durationMs: { max: 1000 },
        },
      ],
      resources: {
        cpuPercent: { count: 2, min: 10, avg: 20, max: 30, last: 30 },
        load1: { count: 1 },
      },
      losses: { corrupt: 3 },
    });
    const { stdout } = await command.run(["stats", dir]);
    expect(stdout).toContain("lost: 3 events: corrupt");
    expect(stdout).toMatch(/cpuPercent +10 +20 +30 +30 +▁█/);
  });

  test("does not take a stop in backoff for another run, and sees flapping", async () => {
    const dir = await temporaryDir();
    let seq = 1;
    let content = opened(seq, {}, at(0));
    const step = (from: string, to: string, more = {}): void => {
      seq += 1;
      content += transition(seq, "api", from, to, { ...at(seq * 100), ...more });
    };
    step("idle", "running");
    for (let count = 0; count < 5; count += 1) {
      step("running", "restarting", { exitCode: 1 });
      step("restarting", "running");
    }
    step("running", "crash-loop-backoff", { exitCode: 1 });
    step("crash-loop-backoff", "stopping");
    step("stopping", "stopped");
    await writeSegment(dir, 1, content);
    expect(await json(["stats", dir])).toMatchObject({
      processes: [
        { runs: 6, restarts: 5, exitCodes: { "1": 6 }, flapping: true, worstRestarts: 5 },
      ],
    });
    expect(await json(["ps", dir])).toMatchObject([{ state: "stopped", exitCode: 1 }]);
  });
});

test("ps lets an uptime grow only while somebody writes the journal", async () => {
  const dir = await temporaryDir();
  const writer = await openJournal(dir);
  const uptimes = async (): Promise<unknown[]> =>
    ((await json(["ps", dir])) as Array<{ uptimeMs: unknown }>).map(({ uptimeMs }) => uptimeMs);
  const run = { process: "web", from: "idle", to: "running", restarts: 0 };
  writer.append({ type: "process.transitioned", ...run });
  expect(await uptimes()).not.toEqual([0]);
  writer.close();
  expect(await uptimes()).toEqual([0]);
});

describe("boot", () => {
  test("lists the boots with their time to ready and their end", async () => {
    const dir = await twoBoots();
    expect(await json(["boot", dir])).toMatchObject([
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
