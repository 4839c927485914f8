import { describe, expect, it } from "vitest";
import { booted, folded, goes, opened, type Told } from "./_given.ts";

const ready = { type: "machine.ready" };
const tasksCompleted = { type: "tasks.completed", count: 1, failed: 0 };
const startups = (...told: readonly Told[]) =>
  folded(...told).measurements.filter((m) => m.kind === "startup");

describe("a start-up", () => {
  it("is ready at the first machine.ready, timed from the entrypoint over both clocks", () => {
    expect(startups(booted(), { ...ready, at: 5, mono: 8000 }, ready)).toEqual([
      expect.objectContaining({
        state: "ready",
        // 1 s of wall clock to machine.booted, 7 s of monotonic clock from there.
        timeToReadyMs: 8000,
        entrypointStartMs: 1_700_000_000_000,
        daemonReadyMs: 5,
        tasksCompleteMs: 0,
        cpus: -1,
        memoryTotalMb: -1,
        pidnapVersion: "",
        seq: 2,
      }),
    ]);
  });

  it("waits for open tasks until they are said to have ended", () => {
    const task = { process: "migrate", kind: "task" };
    expect(
      startups(
        booted(),
        goes("idle", "running", task),
        ready,
        goes("running", "stopped", task),
        tasksCompleted,
      ),
    ).toEqual([
      expect.objectContaining({
        seq: 5,
        daemonReadyMs: 1_700_000_003_000,
        tasksCompleteMs: 1_700_000_005_000,
        timeToReadyMs: 3000,
      }),
    ]);
  });

  it("does not wait for tasks that have ended, or after tasks.completed", () => {
    const task = { process: "migrate", kind: "task" };
    const ended = goes("running", "max-restarts-reached", task);
    expect(startups(booted(), goes("idle", "running", task), ended, ready)).toHaveLength(1);
    expect(startups(booted(), goes("idle", "running", task), tasksCompleted, ready)).toHaveLength(
      1,
    );
  });

  it("counts only the first machine.ready and the first tasks.completed", () => {
    const task = { process: "migrate", kind: "task" };
    const ended = goes("running", "stopped", task);
    expect(startups(booted(), goes("idle", "running", task), ready, ended, ready)).toEqual([]);
    expect(startups(tasksCompleted, booted(), ready, tasksCompleted)).toHaveLength(1);
  });

  it("that never came is said when the boot ends, in order or by the next boot", () => {
    expect(startups(booted(), { type: "machine.stopped" }, ready)).toEqual([
      expect.objectContaining({ state: "never-ready", timeToReadyMs: 0, daemonReadyMs: 0, seq: 2 }),
    ]);
    expect(startups(booted(), goes("idle", "running"), opened({}, { boot: "b" }))).toEqual([
      expect.objectContaining({ state: "never-ready", boot: "a", at: 1_700_000_002_000, seq: 3 }),
    ]);
  });

  it("that only waited for tasks ends as ready", () => {
    const task = goes("idle", "running", { kind: "task" });
    expect(startups(booted(), task, ready, { type: "machine.stopped" })).toEqual([
      expect.objectContaining({ state: "ready", timeToReadyMs: 3000, tasksCompleteMs: 0, seq: 4 }),
    ]);
  });

  it("is not measured for a boot whose machine.booted was not seen", () => {
    expect(startups(ready, tasksCompleted, { type: "machine.stopped" })).toEqual([]);
  });

  it("is measured once a boot, and for each boot", () => {
    const second = { boot: "b" };
    expect(
      startups(booted(), ready, tasksCompleted, booted(second), { ...ready, ...second }),
    ).toHaveLength(2);
  });

  it("is never negative", () => {
    expect(startups(booted({ entrypointAt: 1_800_000_000_000 }), ready)).toEqual([
      expect.objectContaining({ timeToReadyMs: 0 }),
    ]);
  });
});

describe("a loss", () => {
  const lost = { type: "events.lost", seq: 2, through: 11, reason: "expired" };

  it("is measured with its range", () => {
    expect(folded(opened(), lost).measurements).toEqual([
      expect.objectContaining({
        kind: "journal",
        reason: "expired",
        lostEvents: 10,
        firstLostSeq: 2,
        lastLostSeq: 11,
        number: 1,
      }),
    ]);
    expect(
      folded({ type: "events.dropped", count: 7, reason: "disk-full", firstAt: 1, lastAt: 2 })
        .measurements,
    ).toEqual([expect.objectContaining({ lostEvents: 7, firstLostSeq: 0, lastLostSeq: 0 })]);
  });

  it("makes open runs and times unbelieved, so that no length is made up", () => {
    const { measurements } = folded(goes("idle", "running"), lost, goes("running", "stopped"));
    expect(measurements.at(-1)).toMatchObject({ durationMs: 0, previousStateMs: 0 });
    expect(
      folded(goes("idle", "running"), lost, opened({}, { boot: "b" })).measurements,
    ).toHaveLength(2);
  });

  it("is mended by the next segment's table for what was not heard of since", () => {
    const table = {
      web: { state: "running", at: 1_700_000_005_000, mono: 5000, restarts: 2 },
      heard: { state: "running", at: 1, mono: 1, restarts: 9 },
    };
    const { state, measurements } = folded(
      goes("idle", "running", { kind: "task" }),
      lost,
      goes("idle", "running", { process: "heard" }),
      opened(table),
      goes("running", "stopped"),
    );
    // The run began at 5 s of the monotonic clock and ended at that of seq 14.
    expect(measurements.at(-1)).toMatchObject({
      process: "web",
      durationMs: 9000,
      processKind: "task",
    });
    expect(state.processes.find((p) => p.name === "heard")).toMatchObject({ restarts: 0 });
  });
});

describe("a segment's table", () => {
  it("changes nothing that is believed", () => {
    const stale = { web: { state: "stopped", at: 1, mono: 1, restarts: 9 } };
    const { measurements } = folded(
      goes("idle", "running"),
      opened(stale),
      goes("running", "stopped"),
    );
    expect(measurements.at(-1)).toMatchObject({ durationMs: 2000 });
  });

  it("opens no run for a process that is not running", () => {
    const table = { web: { state: "stopping", at: 1, mono: 1, restarts: 0 } };
    expect(folded(opened(table), goes("stopping", "stopped")).measurements).toEqual([
      expect.objectContaining({ durationMs: 0, previousStateMs: 1999 }),
    ]);
  });
});
