import { describe, expect, it } from "vitest";

/** The page's modules are plain JavaScript; this is what is used of them here. */
async function load<Module>(name: string): Promise<Module> {
  return (await import(new URL(`../web/${name}`, import.meta.url).href)) as Module;
}

interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly state: string;
  readonly open: boolean;
}
interface Lane {
  readonly process: string;
  readonly stretches: readonly Stretch[];
  readonly ends: readonly unknown[];
}
const { makeTimeline } = await load<{
  makeTimeline: (data: object) => { lanes: Lane[]; boots: { from: number; to: number }[] };
}>("timeline-model.js");
const { makeWaterfall } = await load<{
  makeWaterfall: (rows: readonly object[]) => { steps: object[]; end: number };
}>("waterfall-model.js");
const { timeOf, stepFor } = await load<{
  timeOf: (text: string, now: number) => number | undefined;
  stepFor: (rangeMs: number, parts: number) => number;
}>("times.js");

const minute = 60_000;
const now = 100 * minute;
const boot = (name: string, from: number, to: number, more: object = {}) => ({
  boot: name,
  first_ms: from,
  last_ms: to,
  startup: "ready",
  entrypoint_ms: from,
  time_to_ready_ms: 1000,
  ...more,
});

let numbers = 0;
const move = (at: number, previous: string, state: string, more: object = {}) => {
  numbers += 1;
  return {
    time_ms: at,
    number: numbers,
    process: "web",
    kind: "process",
    previous,
    state,
    previous_ms: 0,
    exit_code: -1,
    signal: "",
    restarts: 0,
    boot: "b1",
    ...more,
  };
};

/** The lanes as `state from-to`, in minutes. */
function lanes(data: object): Record<string, string[]> {
  const usual = { transitions: [], states: [], boots: [boot("b1", 0, now)], from: 0, to: now, now };
  return Object.fromEntries(
    makeTimeline({ ...usual, ...data }).lanes.map(({ process, stretches }) => [
      process,
      stretches.map(
        ({ state, from, to, open }) => `${state} ${from / minute}-${open ? "" : to / minute}`,
      ),
    ]),
  );
}

describe("a timeline", () => {
  it("has a process in each of its states until the next, and in the last one still", () => {
    const transitions = [
      move(10 * minute, "idle", "running"),
      move(20 * minute, "running", "restarting"),
      move(21 * minute, "restarting", "running"),
    ];
    // In whatever order they come.
    expect(lanes({ transitions: transitions.toReversed() })).toEqual({
      web: ["running 10-20", "restarting 20-21", "running 21-"],
    });
  });

  it("begins with what the first change in sight says of the time before", () => {
    const transitions = [move(50 * minute, "running", "stopped", { previous_ms: 30 * minute })];
    expect(lanes({ transitions, from: 40 * minute })).toEqual({
      web: ["running 20-50", "stopped 50-"],
    });
    // Nobody saw its begin: since the boot is all that can be said.
    expect(lanes({ transitions: [move(50 * minute, "running", "stopped")] })).toEqual({
      web: ["running 0-50", "stopped 50-"],
    });
  });

  it("ends with the boot what the boot's end ended, told or not", () => {
    const boots = [boot("b2", 60 * minute, now), boot("b1", 0, 40 * minute)];
    const transitions = [
      move(10 * minute, "idle", "running"),
      move(40 * minute, "running", "machine-lost"),
      move(12 * minute, "idle", "stopped", { process: "task" }),
      move(61 * minute, "idle", "running", { boot: "b2" }),
    ];
    expect(lanes({ boots, transitions })).toEqual({
      task: ["stopped 12-40"],
      web: ["running 10-40", "running 61-"],
    });
  });

  it("knows a process that did not change in sight, as long as its boot lasts", () => {
    const state = { process: "db", kind: "process", state: "running", since_ms: 5, boot: "b1" };
    expect(lanes({ states: [state], from: minute })).toEqual({ db: [`running ${5 / minute}-`] });
    const gone = [boot("b1", 0, 30 * minute)];
    expect(lanes({ states: [state], boots: gone })).toEqual({ db: [`running ${5 / minute}-30`] });
    for (const away of [{ state: "removed" }, { state: "machine-lost" }, { boot: "b0" }]) {
      expect(lanes({ states: [{ ...state, ...away }] })).toEqual({});
    }
  });

  it("does not take silence for a state, and a silent machine's processes not for running", () => {
    const transitions = [
      move(10 * minute, "idle", "running"),
      move(50 * minute, "running", "silent", { number: 0 }),
    ];
    const boots = [boot("b1", 0, 50 * minute)];
    expect(lanes({ transitions, boots })).toEqual({ web: ["running 10-50"] });
  });

  it("marks the ends that nobody asked for", () => {
    const ends = (...transitions: object[]) =>
      makeTimeline({ transitions, states: [], boots: [], from: 0, to: now, now }).lanes[0]?.ends
        .length;
    expect(ends(move(1, "running", "restarting", { exit_code: 1 }))).toBe(1);
    expect(ends(move(1, "running", "restarting", { signal: "SIGKILL" }))).toBe(1);
    expect(ends(move(1, "running", "machine-lost"))).toBe(1);
    expect(ends(move(1, "running", "stopped", { exit_code: 0 }))).toBe(0);
    expect(ends(move(1, "running", "stopping"))).toBe(0);
    expect(ends(move(1, "stopping", "stopped", { exit_code: 143 }))).toBe(0);
  });
});

describe("a start-up", () => {
  const startup = {
    metric: "startup",
    number: 9,
    state: "ready",
    time_ms: 3000,
    entrypoint_ms: 1000,
    time_to_ready_ms: 2000,
    daemon_ready_ms: 3000,
    tasks_complete_ms: 2500,
  };
  const step = (at: number, process: string, state: string, kind = "process") => ({
    ...move(at, "", state, { process, kind }),
    metric: "process",
  });

  it("is steps from the entrypoint on: tasks with their length, processes by their begin", () => {
    const rows = [
      step(1500, "migrate", "running", "task"),
      step(1600, "web", "running"),
      step(2500, "migrate", "stopped", "task"),
      step(900_000, "backup", "running", "cron"),
      startup,
    ];
    expect(makeWaterfall(rows)).toMatchObject({
      end: 2000,
      steps: [
        { kind: "machine", from: 0, to: 500 },
        { label: "migrate", kind: "task", from: 500, to: 1500 },
        { label: "web", kind: "process", from: 600, to: 600 },
        { label: "Daemon ready", from: 2000 },
        { label: "Tasks complete", from: 1500 },
        { label: "Ready", kind: "total", from: 0, to: 2000 },
      ],
    });
  });

  it("that is not over has a task that has not ended, and no total", () => {
    expect(makeWaterfall([step(1500, "migrate", "running", "task")]).steps).toEqual([
      { label: "migrate", process: "migrate", kind: "task", from: 0, to: undefined },
    ]);
    expect(makeWaterfall([])).toMatchObject({ steps: [] });
  });
});

it("times of an address are what the server takes", () => {
  expect(timeOf("now", 5)).toBe(5);
  expect(timeOf("1h", now)).toBe(now - 3_600_000);
  expect(timeOf("1750000000000", now)).toBe(1_750_000_000_000);
  expect(timeOf("2026-01-31T12:00:00Z", now)).toBe(Date.UTC(2026, 0, 31, 12));
  for (const wrong of ["", "0h", "yesterday", "1w"]) expect(timeOf(wrong, now)).toBeUndefined();
  expect(stepFor(3_600_000, 60)).toBe(60_000);
  expect(stepFor(10 * 365 * 86_400_000, 10)).toBe(604_800_000);
});
