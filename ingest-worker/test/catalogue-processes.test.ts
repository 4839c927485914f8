import { min, openKnownPoints } from "./_catalogue-store.ts";
import { change, journalId, missing, sample, start } from "./_points.ts";

const { answers } = openKnownPoints();
const begin = ["idle", "running"] as const;
const restart = ["running", "restarting"] as const;
const again = ["restarting", "running"] as const;
const backoff = ["running", "crash-loop-backoff"] as const;
const giveUp = ["running", "max-restarts-reached"] as const;
const stopping = ["running", "stopping"] as const;
const stopped = ["stopping", "stopped"] as const;
const finish = ["running", "stopped"] as const;
const lost = ["running", "machine-lost"] as const;
const remove = ["running", "removed"] as const;
const silent = ["running", "silent"] as const;
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

const restarts = [
  change(min(1), "web", restart, { runMs: 1000, code: 1, weight: 4 }),
  change(min(2), "web", again),
  change(min(3), "web", backoff, { runMs: 3000, signal: "SIGSEGV", code: 139 }),
  change(min(11), "web", restart, { ...m2, code: 2, machineType: "u" }),
  change(min(4), "db", restart, { runMs: 500, code: 1, weight: 2 }),
  change(min(5), "db", stopped),
];
answers("restarts", {
  given: { step: "10m", process: "web" },
  points: restarts,
  plain: [
    { time_ms: min(0), process: "web", restarts: 2 },
    { time_ms: min(10), process: "web", restarts: 1 },
  ],
  sampled: [
    { time_ms: min(0), restarts: 5 },
    { time_ms: min(10), restarts: 1 },
  ],
});
answers("restart-rate", {
  given: { step: "10m" },
  points: restarts,
  // Three in ten minutes are eighteen in an hour.
  plain: [
    { time_ms: min(0), name: "t", restarts: 3, restarts_per_hour: 18 },
    { time_ms: min(10), name: "u", restarts: 1, restarts_per_hour: 6 },
  ],
  sampled: [
    { time_ms: min(0), name: "t", restarts: 7, restarts_per_hour: 42 },
    { time_ms: min(10), name: "u", restarts: 1, restarts_per_hour: 6 },
  ],
});
answers("top-flapping", {
  given: { limit: "2" },
  points: restarts,
  plain: [
    {
      machine: "m1",
      process: "web",
      project: "p",
      machine_type: "t",
      restarts: 2,
      crash_loops: 1,
      mean_run_ms: 2000,
      first_ms: min(1),
      last_ms: min(3),
      last_exit_code: 139,
      last_signal: "SIGSEGV",
    },
    { restarts: 1 },
  ],
  sampled: [
    // (4 * 1000 + 3000) / 5.
    { machine: "m1", process: "web", restarts: 5, crash_loops: 1, mean_run_ms: 1400 },
    { machine: "m1", process: "db", restarts: 2, mean_run_ms: 500 },
  ],
});
answers("top-flapping", {
  given: { machine: "m2" },
  points: restarts,
  plain: [{ process: "web", restarts: 1, mean_run_ms: null, last_exit_code: 2, last_signal: "" }],
  sampled: [{ process: "web", restarts: 1 }],
});

answers("crash-loops", {
  points: [
    change(min(1), "web", backoff, { weight: 2 }),
    change(min(2), "web", ["crash-loop-backoff", "running"]),
    change(min(3), "web", backoff),
    change(min(4), "web", ["crash-loop-backoff", "running"]),
    change(min(20), "web", giveUp, m2),
    change(min(5), "db", restart),
  ],
  plain: [
    {
      machine: "m2",
      process: "web",
      crash_loops: 0,
      gave_up: 1,
      first_loop_ms: min(20),
      last_loop_ms: min(20),
      state: "max-restarts-reached",
      since_ms: min(20),
    },
    {
      machine: "m1",
      process: "web",
      journal: journalId,
      crash_loops: 2,
      gave_up: 0,
      first_loop_ms: min(1),
      last_loop_ms: min(3),
      state: "running",
      since_ms: min(4),
    },
  ],
  sampled: [
    { crash_loops: 0, gave_up: 1 },
    { crash_loops: 3, gave_up: 0 },
  ],
});

answers("exits", {
  points: [
    change(min(1), "web", restart, { code: 1, runMs: 1000, weight: 3 }),
    change(min(2), "web", restart, { code: 1, runMs: 5000 }),
    change(min(3), "web", restart, { code: 137, signal: "SIGKILL", runMs: 100 }),
    change(min(4), "web", stopping),
    change(min(5), "web", stopped, { runMs: 200, weight: 3 }),
    change(min(6), "web", ["restarting", "stopped"]),
    change(min(7), "web", silent, { runMs: 900, number: 0 }),
    change(min(8), "web", lost, { runMs: 400, ...m2 }),
  ],
  plain: [
    { exit_code: -1, signal: "", exits: 2, last_ms: min(8), mean_run_ms: 300, longest_run_ms: 400 },
    {
      process: "web",
      exit_code: 1,
      signal: "",
      exits: 2,
      last_ms: min(2),
      mean_run_ms: 3000,
      longest_run_ms: 5000,
    },
    { exit_code: 137, signal: "SIGKILL", exits: 1, mean_run_ms: 100 },
  ],
  sampled: [
    // (3 * 200 + 400) / 4.
    { exit_code: -1, exits: 4, mean_run_ms: 250 },
    { exit_code: 1, exits: 4, mean_run_ms: 2000 },
    { exit_code: 137, exits: 1 },
  ],
});

answers("suspected-oom-kills", {
  given: { step: "10m", near: "90" },
  points: [
    // Near the cgroup's limit, though not near the host's memory.
    sample(min(1), { usedMb: 500, totalMb: 1000, cgroupMb: 95, limitMb: 100 }),
    change(min(2), "eater", restart, { code: -1, weight: 3 }),
    change(min(3), "other", restart, { code: 137, signal: "SIGKILL" }),
    // None of these: an exit, a stop on request, a process that the machine took along.
    change(min(4), "web", restart, { code: 1 }),
    change(min(5), "web", stopped, { code: -1 }),
    change(min(6), "web", lost, { code: -1 }),
    // Killed, with memory to spare.
    sample(min(11), { ...m2, usedMb: 500, totalMb: 1000 }),
    change(min(12), "web", restart, { ...m2, code: -1 }),
    // Killed, with memory to spare at the samples, but the kernel says what it was.
    sample(min(21), { ...m2, cgroupMb: 40, limitMb: 100, oomKills: 2, weight: 2 }),
    change(min(22), "web", restart, { ...m2, code: -1 }),
    // Near the limit of the host, nobody killed.
    sample(min(31), { usedMb: 990, totalMb: 1000 }),
  ],
  plain: [
    {
      time_ms: min(20),
      machine: "m2",
      project: "p",
      machine_type: "t",
      kills: 1,
      last_process: "web",
      memory_percent: 40,
      oom_kills: 2,
    },
    {
      time_ms: min(0),
      machine: "m1",
      kills: 2,
      last_process: "other",
      memory_percent: 95,
      oom_kills: 0,
    },
  ],
  sampled: [
    { time_ms: min(20), kills: 1, oom_kills: 4 },
    { time_ms: min(0), kills: 4, oom_kills: 0 },
  ],
});

answers("stops-and-crashes", {
  given: { step: "10m" },
  points: [
    change(min(1), "web", stopping),
    change(min(2), "web", stopped, { weight: 2 }),
    change(min(3), "web", remove),
    change(min(4), "seed", finish, { code: 0, weight: 3 }),
    change(min(5), "web", restart, { code: 1, weight: 4 }),
    change(min(6), "web", backoff, { code: -1 }),
    change(min(7), "web", lost, { weight: 5 }),
    change(min(8), "web", ["stopping", "machine-lost"]),
    change(min(9), "web", silent, { number: 0 }),
    change(min(15), "web", restart, { code: 0 }),
  ],
  plain: [
    { time_ms: min(0), stopped: 2, finished: 1, crashed: 2, lost: 2 },
    { time_ms: min(10), stopped: 0, finished: 1, crashed: 0, lost: 0 },
  ],
  sampled: [
    { time_ms: min(0), stopped: 3, finished: 3, crashed: 5, lost: 6 },
    { time_ms: min(10), stopped: 0, finished: 1, crashed: 0, lost: 0 },
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
