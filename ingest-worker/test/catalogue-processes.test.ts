import { min, openKnownPoints } from "./_catalogue-store.ts";
import { change, journalId, missing, start } from "./_points.ts";
import {
  begin,
  restart,
  again,
  stopping,
  stopped,
  finish,
  lost,
  remove,
  silent,
} from "./_transitions.ts";

const { answers } = openKnownPoints();
const m2 = { machine: "m2" };
const copy = "0b5bfb10-0000-4000-8000-000000000002";

answers("processes", {
  given: { machine: "m1" },
  points: [
    change(min(1), "web", begin, { restarts: 0, boot: "b1", weight: 2 }),
    // In one millisecond: the number in the journal tells which came last.
    change(min(5), "web", again, { number: 912, restarts: 4, boot: "b2" }),
    change(min(5), "web", restart, { number: 911, restarts: 3, boot: "b2" }),
    change(min(9), "web", silent, { number: 0 }),
    change(min(2), "seed", begin, { journal: copy, kind: "task" }),
    change(min(2), "web", begin, m2),
  ],
  plain: [
    {
      process: "seed",
      journal: copy,
      state: "running",
      since_ms: min(2),
      kind: "task",
      changes: 1,
    },
    {
      process: "web",
      journal: journalId,
      state: "running",
      since_ms: min(5),
      restarts: 4,
      boot: "b2",
      kind: "process",
      changes: 3,
    },
  ],
  sampled: [
    { process: "seed", changes: 1 },
    { process: "web", state: "running", changes: 4 },
  ],
});

answers("process-states", {
  points: [
    change(min(1), "web", begin, { weight: 3 }),
    change(min(3), "web", restart),
    change(min(2), "db", begin),
    change(min(4), "web", begin, m2),
    change(min(5), "old", begin),
    change(min(6), "old", remove),
  ],
  plain: [
    { state: "running", processes: 2, machines: 2, longest_since_ms: min(2), changes: 2 },
    { state: "restarting", processes: 1, machines: 1, longest_since_ms: min(3), changes: 2 },
  ],
  sampled: [
    { state: "running", processes: 2, changes: 2 },
    { state: "restarting", processes: 1, changes: 4 },
  ],
});

const runs = [
  change(min(1), "web", restart, { runMs: 1000, code: 1, weight: 5 }),
  change(min(2), "web", restart, { runMs: 2000, code: 1 }),
  change(min(3), "web", stopped, { runMs: 9000 }),
  // A run whose beginning was not seen, one that goes on, and what was said of a silent machine.
  change(min(4), "web", restart, { runMs: 0, code: 1 }),
  change(min(5), "web", stopping, { previousMs: 5000 }),
  change(min(6), "web", silent, { runMs: 70_000, number: 0 }),
  change(min(12), "db", lost, { runMs: 60_000, ...m2, weight: 2 }),
];
answers("process-durations", {
  points: runs,
  plain: [
    {
      name: "web",
      runs: 3,
      p50_ms: 2000,
      p95_ms: 9000,
      p99_ms: 9000,
      mean_ms: 4000,
      longest_ms: 9000,
    },
    { name: "db", runs: 1, p50_ms: 60_000, p95_ms: 60_000, mean_ms: 60_000, longest_ms: 60_000 },
  ],
  // Of 5 + 1 + 1 runs the fourth is one of the five; (5 * 1 + 2 + 9) / 7 s.
  sampled: [
    { name: "web", runs: 7, p50_ms: 1000, p95_ms: 9000, mean_ms: 2285.7143 },
    { name: "db", runs: 2, mean_ms: 60_000 },
  ],
});
answers("process-durations", {
  given: { by: "machine", process: "db" },
  points: runs,
  plain: [{ name: "m2", runs: 1 }],
  sampled: [{ name: "m2", runs: 2 }],
});
answers("process-durations-over-time", {
  given: { step: "10m" },
  points: runs,
  plain: [
    { time_ms: min(0), runs: 3, p50_ms: 2000, p95_ms: 9000, p99_ms: 9000 },
    { time_ms: min(10), runs: 1, p50_ms: 60_000, p95_ms: 60_000, p99_ms: 60_000 },
  ],
  sampled: [
    { time_ms: min(0), runs: 7, p50_ms: 1000 },
    { time_ms: min(10), runs: 2 },
  ],
});

answers("short-runs", {
  given: { shorter: "5s" },
  points: [
    change(min(1), "web", restart, { runMs: 4999, code: 1, weight: 3 }),
    change(min(2), "web", restart, { runMs: 5000, code: 1 }),
    change(min(3), "web", finish, { runMs: 10, code: 0, ...m2 }),
    // Not by themselves: stopped, removed, lost; not known how long.
    change(min(4), "web", stopped, { runMs: 10 }),
    change(min(5), "web", remove, { runMs: 10 }),
    change(min(6), "web", lost, { runMs: 10 }),
    change(min(7), "web", restart, { runMs: 0, code: 1 }),
    change(min(8), "seed", finish, { runMs: 20, code: 0, kind: "task", weight: 2 }),
    change(min(9), "long", restart, { runMs: 50_000, code: 1 }),
  ],
  plain: [
    {
      process: "web",
      kind: "process",
      runs: 3,
      short_runs: 2,
      short_percent: 66.6667,
      short_failures: 1,
      p50_ms: 4999,
      machines: 2,
    },
    {
      process: "seed",
      kind: "task",
      runs: 1,
      short_runs: 1,
      short_percent: 100,
      short_failures: 0,
    },
  ],
  sampled: [
    { process: "web", runs: 5, short_runs: 4, short_percent: 80, short_failures: 3, p50_ms: 4999 },
    { process: "seed", runs: 2, short_runs: 2, short_percent: 100, short_failures: 0 },
  ],
});

answers("process-machines", {
  given: { process: "web" },
  points: [
    change(min(1), "web", begin),
    change(min(2), "web", restart, { runMs: 1000, code: 1, weight: 2 }),
    change(min(3), "web", again),
    change(min(4), "web", restart, { runMs: 4000, code: 0 }),
    change(min(5), "web", silent, { number: 0 }),
    change(min(9), "web", begin, { ...m2, kind: "cron" }),
    change(min(9), "db", restart, { code: 1 }),
  ],
  plain: [
    {
      machine: "m1",
      journal: journalId,
      kind: "process",
      state: "restarting",
      since_ms: min(4),
      restarts: 2,
      runs: 2,
      crashes: 1,
      mean_run_ms: 2500,
      changes: 4,
    },
    {
      machine: "m2",
      kind: "cron",
      state: "running",
      since_ms: min(9),
      restarts: 0,
      runs: 0,
      crashes: 0,
      mean_run_ms: null,
      changes: 1,
    },
  ],
  sampled: [
    { machine: "m1", restarts: 3, runs: 3, crashes: 2, mean_run_ms: 2000, changes: 5 },
    { machine: "m2", restarts: 0, changes: 1 },
  ],
});

const timeline = [
  start(min(0), "ready"),
  change(min(1), "web", begin, { number: 901 }),
  change(min(5), "web", restart, {
    number: 902,
    runMs: 240_000,
    previousMs: 239_000,
    code: 3,
    restarts: 1,
    weight: 2,
  }),
  change(min(5), "web", again, { number: 903, restarts: 1, boot: "b2" }),
  missing(min(6), "expired", 1),
  change(min(1), "web", begin, m2),
];
answers("machine-timeline", {
  given: { machine: "m1" },
  points: timeline,
  plain: [
    { time_ms: min(5), number: 903, previous: "restarting", state: "running", boot: "b2" },
    {
      time_ms: min(5),
      number: 902,
      process: "web",
      kind: "process",
      previous: "running",
      state: "restarting",
      previous_ms: 239_000,
      run_ms: 240_000,
      exit_code: 3,
      signal: "",
      restarts: 1,
      boot: "b1",
      journal: journalId,
      weight: 1,
    },
    { time_ms: min(1), number: 901, previous: "idle", state: "running" },
  ],
  sampled: [{ weight: 1 }, { number: 902, weight: 2 }, { weight: 1 }],
});
answers("machine-timeline", {
  given: { machine: "m1", boot: "b2" },
  points: timeline,
  plain: [{ number: 903 }],
  sampled: [{ number: 903, weight: 1 }],
});
