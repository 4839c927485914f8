import { appendFile, readdir, stat, truncate } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { segmentName } from "../src/segment-name.ts";
import { buildCommand, type Command } from "./_command.ts";
import { appendToSegment, line, temporaryDir, transition, writeSegment } from "./_journal-files.ts";
import { at, opened, startAt, twoBoots } from "./_two-boots.ts";

let command: Command;
beforeAll(async () => {
  command = await buildCommand();
});
afterAll(() => command.dispose());

describe("ls", () => {
  test("shows each segment and the total", async () => {
    const dir = await twoBoots();
    await appendToSegment(dir, 12, "garbage\n");
    const sizes = await Promise.all(
      (await readdir(dir)).toSorted().map(async (name) => (await stat(join(dir, name))).size),
    );
    expect(await command.json(["ls", dir, "--limit", "1000000"])).toMatchObject({
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
    expect(await command.json(["verify", dir])).toEqual({
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
    expect(await command.json(["verify", dir])).toMatchObject({
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
    expect(await command.json(["stats", dir])).toMatchObject({
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
    expect(await command.json(["stats", dir])).toMatchObject({
      processes: [
        { runs: 6, restarts: 5, exitCodes: { "1": 6 }, flapping: true, worstRestarts: 5 },
      ],
    });
    expect(await command.json(["ps", dir])).toMatchObject([{ state: "stopped", exitCode: 1 }]);
  });
});
