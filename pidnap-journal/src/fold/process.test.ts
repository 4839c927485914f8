import { describe, expect, it } from "vitest";
import { booted, folded, goes, opened, type Told } from "./_given.ts";
import { processTimings } from "./timings.ts";

const last = (...told: readonly Told[]) => folded(...told).measurements.at(-1);

describe("a run", () => {
  it("opens at running, goes on through stopping, and closes at stopped with its whole length", () => {
    const { measurements } = folded(
      goes("idle", "running"),
      goes("running", "stopping"),
      goes("stopping", "stopped"),
    );
    expect(
      measurements.map((m) => m.kind === "process" && [m.durationMs, m.previousStateMs]),
    ).toEqual([
      [0, 0],
      [0, 1000],
      [2000, 1000],
    ]);
  });

  it("is measured by the monotonic clock, whatever the wall clock does", () => {
    expect(
      last(goes("idle", "running"), goes("running", "stopped", { at: 5, mono: 61_000 })),
    ).toMatchObject({ durationMs: 60_000, at: 5 });
  });

  it("is never negative, even where the monotonic clock went back", () => {
    expect(
      last(goes("idle", "running", { mono: 9000 }), goes("running", "stopped", { mono: 1 })),
    ).toMatchObject({ durationMs: 0, previousStateMs: 0 });
  });

  it("that is replaced by another running gives no length", () => {
    const { measurements } = folded(
      goes("idle", "running"),
      goes("running", "running"),
      goes("running", "stopped"),
    );
    expect(measurements.map((m) => m.kind === "process" && m.durationMs)).toEqual([0, 0, 1000]);
  });

  it("whose start was not seen has length 0", () => {
    expect(last(goes("running", "stopped"))).toMatchObject({ durationMs: 0, previousStateMs: 0 });
  });

  it("is dropped where a transition contradicts the table, and only the kind is kept", () => {
    const step = last(goes("idle", "running", { kind: "cron" }), goes("restarting", "stopped"));
    expect(step).toMatchObject({ durationMs: 0, previousStateMs: 0, processKind: "cron" });
  });

  it("of a state nobody knows is closed like any other", () => {
    expect(last(goes("idle", "running"), goes("running", "hibernating"))).toMatchObject({
      state: "hibernating",
      durationMs: 1000,
    });
  });
});

describe("an exit", () => {
  const exit = (fields: object) => last(goes("running", "restarting", fields));

  it("is the child's code where there is one", () => {
    expect(exit({ exitCode: 3, signal: "SIGKILL" })).toMatchObject({ exitCode: 3 });
  });

  it("by a signal is 128 and the signal's number", () => {
    expect(exit({ exitCode: null, signal: "SIGKILL" })).toMatchObject({ exitCode: 137 });
    expect(exit({ signal: "SIGTERM" })).toMatchObject({ exitCode: 143, signal: "SIGTERM" });
  });

  it("by something unknown is -1", () => {
    expect(exit({ exitCode: null })).toMatchObject({ exitCode: -1 });
    expect(exit({ signal: "SIGWHAT" })).toMatchObject({ exitCode: -1 });
  });
});

describe("the table", () => {
  it("forgets a removed process, so that another of its name starts afresh", () => {
    const { state, measurements } = folded(
      goes("idle", "running", { kind: "task" }),
      goes("running", "removed"),
    );
    expect(state.processes).toEqual([]);
    expect(measurements[1]).toMatchObject({ state: "removed", durationMs: 1000 });
    expect(
      last(
        goes("idle", "running", { kind: "task" }),
        goes("running", "removed"),
        goes("idle", "running"),
      ),
    ).toMatchObject({ processKind: "" });
  });

  it("holds 400 processes; of the 401st on, the one that changed longest ago leaves", () => {
    const start = (n: number) => goes("idle", "running", { process: `p${n}` });
    const all = Array.from({ length: 400 }, (_, n) => start(n));
    const again = goes("running", "stopping", { process: "p0" });
    const { state } = folded(...all, again, start(400), start(401));
    expect(state.processes).toHaveLength(400);
    const names = new Set(state.processes.map((entry) => entry.name));
    expect([names.has("p0"), names.has("p1"), names.has("p2"), names.has("p3")]).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });

  it("takes any name for a name", () => {
    const names = ["__proto__", "constructor", "1", "\u0000", "…"];
    const { state } = folded(...names.map((process) => goes("idle", "running", { process })));
    expect(Object.keys(processTimings(state)).toSorted()).toEqual(names.toSorted());
  });
});

describe("timings", () => {
  it("of an open run have its start; of a closed one all three", () => {
    const open = folded(goes("idle", "running")).state;
    expect(processTimings(open)).toEqual({
      web: { state: "running", restarts: 0, startedAt: 1_700_000_001_000 },
    });
    const closed = folded(
      goes("idle", "running"),
      goes("running", "restarting", { restarts: 1 }),
    ).state;
    expect(processTimings(closed)).toEqual({
      web: {
        state: "restarting",
        restarts: 1,
        startedAt: 1_700_000_001_000,
        stoppedAt: 1_700_000_002_000,
        durationMs: 1000,
      },
    });
  });

  it("keep the last run where a stop comes between two runs", () => {
    const { state } = folded(
      goes("idle", "running"),
      goes("running", "restarting", { restarts: 1 }),
      goes("restarting", "stopping", { restarts: 1 }),
      goes("stopping", "stopped", { restarts: 1 }),
    );
    expect(processTimings(state)["web"]).toMatchObject({
      stoppedAt: 1_700_000_002_000,
      durationMs: 1000,
    });
  });

  it("say nothing of a run whose start was not seen", () => {
    expect(processTimings(folded(goes("running", "stopped")).state)).toEqual({
      web: { state: "stopped", restarts: 0 },
    });
  });
});

describe("a new boot", () => {
  it("closes every open run as machine-lost at the old boot's last moment, by name", () => {
    const { measurements, state } = folded(
      goes("idle", "running", { process: "z", restarts: 4, kind: "task" }),
      goes("idle", "running", { process: "a" }),
      goes("running", "stopping", { process: "a" }),
      goes("idle", "stopped", { process: "quiet" }),
      { type: "tasks.completed", count: 0, failed: 0 },
      { ...opened(), boot: "b", mono: 3 },
    );
    expect(measurements.slice(4)).toEqual([
      expect.objectContaining({
        process: "a",
        state: "machine-lost",
        previousState: "stopping",
        exitCode: -1,
        boot: "a",
        seq: 6,
        number: 5,
        durationMs: 3000,
        previousStateMs: 2000,
        at: 1_700_000_005_000,
      }),
      expect.objectContaining({
        process: "z",
        state: "machine-lost",
        previousState: "running",
        restarts: 4,
        processKind: "task",
        boot: "a",
        seq: 6,
        number: 6,
        durationMs: 4000,
      }),
    ]);
    expect(state.processes).toEqual([]);
  });

  it("is begun by any event, even one of an unknown type", () => {
    expect(last(goes("idle", "running"), { type: "future.thing", boot: "b" })).toMatchObject({
      state: "machine-lost",
      durationMs: 0,
      boot: "a",
    });
  });

  it("closes an open start-up after the runs and before the event's own", () => {
    const { measurements } = folded(booted(), goes("idle", "running"), {
      ...goes("idle", "running"),
      boot: "b",
    });
    expect(measurements.slice(1).map((m) => [m.kind, m.boot])).toEqual([
      ["process", "a"],
      ["startup", "a"],
      ["process", "b"],
    ]);
  });
});
