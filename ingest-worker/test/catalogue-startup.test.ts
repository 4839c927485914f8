import { min, openKnownPoints } from "./_catalogue-store.ts";
import { change, missing, sample, start } from "./_points.ts";

const { answers } = openKnownPoints();
const m2 = { machine: "m2" };
const begin = ["idle", "running"] as const;
const finish = ["running", "stopped"] as const;

const boots = [
  start(min(1), "ready", { readyMs: 2000, version: "1", weight: 6 }),
  start(min(2), "ready", { readyMs: 4000, version: "1" }),
  start(min(3), "ready", { readyMs: 9000, version: "2", machineType: "u", project: "q", ...m2 }),
  start(min(4), "never-ready", { version: "2", machineType: "u", ...m2, weight: 3 }),
  start(min(5), "silent", { version: "2", ...m2, number: 0 }),
  start(min(15), "ready", { readyMs: 1000, version: "2" }),
];

answers("time-to-ready", {
  given: { step: "10m" },
  points: boots,
  plain: [
    {
      time_ms: min(0),
      boots: 3,
      p50_ms: 4000,
      p95_ms: 9000,
      p99_ms: 9000,
      longest_ms: 9000,
    },
    { time_ms: min(10), boots: 1, p50_ms: 1000, p95_ms: 1000, p99_ms: 1000, longest_ms: 1000 },
  ],
  // Six of eight took 2 s.
  sampled: [
    { time_ms: min(0), boots: 8, p50_ms: 2000, p95_ms: 9000 },
    { time_ms: min(10), boots: 1 },
  ],
});
answers("time-to-ready-by-type", {
  points: boots,
  plain: [
    { machine_type: "u", boots: 1, p50_ms: 9000, p95_ms: 9000, p99_ms: 9000, longest_ms: 9000 },
    { machine_type: "t", boots: 3, p50_ms: 2000, p95_ms: 4000, p99_ms: 4000, longest_ms: 4000 },
  ],
  sampled: [
    { machine_type: "u", boots: 1 },
    { machine_type: "t", boots: 8, p50_ms: 2000, p95_ms: 4000 },
  ],
});
answers("time-to-ready-by-version", {
  points: boots,
  plain: [
    { version: "2", boots: 2, p50_ms: 1000, p95_ms: 9000, longest_ms: 9000, first_ms: min(3) },
    { version: "1", boots: 2, p50_ms: 2000, p95_ms: 4000, longest_ms: 4000, first_ms: min(1) },
  ],
  sampled: [
    { version: "2", boots: 2 },
    // The 95th of a hundred of 6 + 1 is the seventh.
    { version: "1", boots: 7, p50_ms: 2000, p95_ms: 4000 },
  ],
});
answers("time-to-ready-by", {
  points: boots,
  plain: [
    { name: "q", boots: 1, p50_ms: 9000, p95_ms: 9000, p99_ms: 9000, longest_ms: 9000 },
    { name: "p", boots: 3, p50_ms: 2000, p95_ms: 4000, p99_ms: 4000, longest_ms: 4000 },
  ],
  sampled: [
    { name: "q", boots: 1 },
    { name: "p", boots: 8, p50_ms: 2000 },
  ],
});

answers("never-ready", {
  points: boots,
  plain: [
    {
      name: "u",
      boots: 2,
      never_ready: 1,
      never_ready_percent: 50,
      last_never_ms: min(4),
    },
    { name: "t", boots: 3, never_ready: 0, never_ready_percent: 0, last_never_ms: 0 },
  ],
  sampled: [
    { name: "u", boots: 4, never_ready: 3, never_ready_percent: 75 },
    { name: "t", boots: 8, never_ready: 0, never_ready_percent: 0 },
  ],
});
answers("never-ready-over-time", {
  given: { step: "10m" },
  points: boots,
  plain: [
    { time_ms: min(0), boots: 4, never_ready: 1, never_ready_percent: 25 },
    { time_ms: min(10), boots: 1, never_ready: 0, never_ready_percent: 0 },
  ],
  sampled: [
    { time_ms: min(0), boots: 11, never_ready: 3, never_ready_percent: 27.2727 },
    { time_ms: min(10), boots: 1, never_ready: 0, never_ready_percent: 0 },
  ],
});

const phases = [
  start(min(1), "ready", {
    readyMs: 2000,
    entrypointAt: min(1) - 2000,
    daemonAt: min(1),
    tasksAt: min(1) + 5000,
    version: "3",
    cpus: 4,
    memoryMb: 2048,
    weight: 3,
    boot: "b7",
  }),
  // Here they had ended before it was ready, and in the next one nobody said that they had.
  start(min(2), "ready", {
    readyMs: 6000,
    entrypointAt: min(2) - 6000,
    daemonAt: min(2),
    tasksAt: min(2) - 1000,
    weight: 4,
  }),
  start(min(3), "ready", { readyMs: 8000, daemonAt: min(3), ...m2 }),
  start(min(4), "never-ready", { tasksAt: min(4) }),
];
answers("startup-phases", {
  given: { step: "10m" },
  points: phases,
  plain: [
    {
      time_ms: min(0),
      boots: 3,
      to_ready_p50_ms: 6000,
      to_ready_p95_ms: 8000,
      // Of 0, 0 and 5 s.
      after_ready_p50_ms: 0,
      after_ready_p95_ms: 5000,
      // Of 7, 5 and 0 s until the tasks had ended, and 0, 1 and 0 s from there on.
      tasks_p50_ms: 5000,
      tasks_p95_ms: 7000,
      services_p50_ms: 0,
      services_p95_ms: 1000,
    },
  ],
  // Of 3 of 2 s, 4 of 6 s and 1 of 8 s the fourth is of 6 s.
  sampled: [
    { time_ms: min(0), boots: 8, to_ready_p50_ms: 6000, tasks_p50_ms: 5000, services_p50_ms: 0 },
  ],
});
answers("slowest-boots", {
  given: { limit: "2" },
  points: phases,
  plain: [
    { machine: "m2", time_to_ready_ms: 8000, after_ready_ms: 0, weight: 1 },
    { machine: "m1", time_ms: min(2), time_to_ready_ms: 6000, after_ready_ms: 0, weight: 1 },
  ],
  sampled: [{ weight: 1 }, { weight: 4 }],
});
answers("slowest-boots", {
  given: { machine: "m1" },
  points: phases,
  plain: [
    { time_to_ready_ms: 6000 },
    {
      time_ms: min(1),
      machine: "m1",
      project: "p",
      machine_type: "t",
      boot: "b7",
      time_to_ready_ms: 2000,
      after_ready_ms: 5000,
      version: "3",
      cpus: 4,
      memory_total_mb: 2048,
      weight: 1,
    },
  ],
  sampled: [{ weight: 4 }, { weight: 3 }],
});
answers("startups", {
  given: { machine: "m1" },
  points: [...phases, start(min(9), "silent", { number: 0 })],
  plain: [
    {
      time_ms: min(1),
      state: "ready",
      time_to_ready_ms: 2000,
      boot: "b7",
      weight: 1,
      entrypoint_ms: min(1) - 2000,
      tasks_complete_ms: min(1) + 5000,
      daemon_ready_ms: min(1),
      pidnap_version: "3",
    },
    { time_ms: min(2), state: "ready", time_to_ready_ms: 6000, tasks_complete_ms: min(2) - 1000 },
    { time_ms: min(4), state: "never-ready", time_to_ready_ms: 0, tasks_complete_ms: min(4) },
  ],
  sampled: [{ weight: 3 }, { weight: 4 }, { weight: 1 }],
});

answers("startup-tasks", {
  points: [
    change(min(1), "migrate", finish, { kind: "task", runMs: 1000, code: 0, weight: 9 }),
    change(min(2), "migrate", finish, { kind: "task", runMs: 3000, code: 1, weight: 2 }),
    change(min(3), "migrate", finish, { kind: "task", runMs: 5000, code: 0, ...m2 }),
    change(min(4), "seed", ["stopping", "stopped"], { kind: "task", runMs: 500 }),
    // Not seen to begin; no task.
    change(min(5), "migrate", finish, { kind: "task", runMs: 0, code: 0 }),
    change(min(6), "web", finish, { runMs: 70_000, code: 0 }),
  ],
  plain: [
    {
      process: "migrate",
      runs: 3,
      p50_ms: 3000,
      p95_ms: 5000,
      longest_ms: 5000,
      failures: 1,
      machines: 2,
    },
    { process: "seed", runs: 1, p50_ms: 500, p95_ms: 500, longest_ms: 500, failures: 0 },
  ],
  sampled: [
    { process: "migrate", runs: 12, p50_ms: 1000, failures: 2 },
    { process: "seed", runs: 1 },
  ],
});

const oneBoot = [
  change(min(0), "seed", begin, { number: 901, kind: "task", boot: "b1" }),
  change(min(1), "seed", finish, {
    number: 902,
    kind: "task",
    boot: "b1",
    runMs: 60_000,
    code: 0,
    weight: 2,
  }),
  start(min(2), "ready", {
    number: 903,
    boot: "b1",
    readyMs: 121_000,
    entrypointAt: min(0) - 1000,
    version: "5",
    daemonAt: min(2),
    tasksAt: min(1),
  }),
  sample(min(3), { boot: "b1", number: 904, weight: 5 }),
  change(min(9), "web", ["running", "machine-lost"], { boot: "b1", number: 905 }),
  change(min(10), "web", ["running", "restarting"], { boot: "b2", number: 906, weight: 3 }),
  missing(min(20), "silent", 0, { boot: "b2", number: 0 }),
  start(min(20), "silent", { boot: "b2", number: 0 }),
  start(min(5), "ready", { ...m2, boot: "b1" }),
];
answers("startup-steps", {
  given: { machine: "m1", boot: "b1" },
  points: oneBoot,
  plain: [
    {
      number: 901,
      time_ms: min(0),
      metric: "process",
      process: "seed",
      kind: "task",
      previous: "idle",
      state: "running",
      run_ms: 0,
      exit_code: -1,
      time_to_ready_ms: 0,
      entrypoint_ms: 0,
      tasks_complete_ms: 0,
      daemon_ready_ms: 0,
      weight: 1,
    },
    { number: 902, state: "stopped", run_ms: 60_000, exit_code: 0 },
    {
      number: 903,
      metric: "startup",
      process: "",
      state: "ready",
      run_ms: 0,
      exit_code: 0,
      time_to_ready_ms: 121_000,
      entrypoint_ms: min(0) - 1000,
      daemon_ready_ms: min(2),
      tasks_complete_ms: min(1),
    },
    { number: 905, process: "web", state: "machine-lost" },
  ],
  sampled: [{ weight: 1 }, { weight: 2 }, { weight: 1 }, { weight: 1 }],
});
answers("machine-boots", {
  given: { machine: "m1" },
  points: oneBoot,
  plain: [
    {
      boot: "b2",
      first_ms: min(10),
      last_ms: min(20),
      startup: "silent",
      points: 3,
      time_to_ready_ms: 0,
      entrypoint_ms: 0,
      version: "",
      restarts: 1,
      lost_runs: 0,
    },
    {
      boot: "b1",
      first_ms: min(0),
      last_ms: min(9),
      startup: "ready",
      points: 5,
      time_to_ready_ms: 121_000,
      entrypoint_ms: min(0) - 1000,
      version: "5",
      restarts: 0,
      lost_runs: 1,
    },
  ],
  sampled: [
    { boot: "b2", points: 5, restarts: 3 },
    { boot: "b1", points: 10, restarts: 0, lost_runs: 1 },
  ],
});
