import { min, openKnownPoints } from "./_catalogue-store.ts";
import { change, journalId, sample } from "./_points.ts";
import {
  restart,
  again,
  backoff,
  giveUp,
  stopping,
  stopped,
  finish,
  lost,
  remove,
  silent,
} from "./_transitions.ts";

const { answers } = openKnownPoints();
const m2 = { machine: "m2" };

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
