import { min, openKnownPoints } from "./_catalogue-store.ts";
import { change, missing, sample, start } from "./_points.ts";

const { answers } = openKnownPoints();
const restart = ["running", "restarting"] as const;
const m2 = { machine: "m2" };
const m3 = { machine: "m3" };

answers("machines", {
  points: [
    start(min(0), "ready", { version: "1.2.0" }),
    sample(min(1), { cpu: 20, usedMb: 250, totalMb: 1000, disk: 50, weight: 3 }),
    sample(min(2), { cpu: 60, usedMb: 500, totalMb: 1000, disk: 40, cgroupMb: 90, limitMb: 100 }),
    change(min(3), "web", restart, { weight: 2 }),
    missing(min(4), "expired", 7, { weight: 2 }),
    missing(min(4), "foreign", 100),
    sample(min(10), { ...m2, cpu: 10, usedMb: 100, totalMb: 1000, disk: 5, machineType: "u" }),
  ],
  plain: [
    {
      machine: "m2",
      project: "p",
      machine_type: "u",
      last_event_ms: min(10),
      points: 1,
      restarts: 0,
      boots: 0,
      lost_events: 0,
      version: "",
      cpu_percent: 10,
      memory_percent: 10,
      disk_percent: 5,
    },
    {
      machine: "m1",
      machine_type: "t",
      last_event_ms: min(4),
      points: 6,
      restarts: 1,
      boots: 1,
      lost_events: 7,
      version: "1.2.0",
      // CPU (20 + 60) / 2; memory 250 of 1000 MB of the host, then 90 of the cgroup's 100.
      cpu_percent: 40,
      memory_percent: 90,
      disk_percent: 50,
    },
  ],
  sampled: [
    { machine: "m2", points: 1 },
    // Points 1 + 3 + 1 + 2 + 2 + 1; CPU (3 * 20 + 60) / 4.
    { machine: "m1", points: 10, restarts: 2, boots: 1, lost_events: 14, cpu_percent: 30 },
  ],
});

answers("fleet-totals", {
  points: [
    start(min(0), "ready"),
    start(min(1), "never-ready", { ...m2, weight: 4 }),
    start(min(1), "silent", m3),
    change(min(2), "web", restart, { weight: 3 }),
    change(min(3), "web", ["running", "crash-loop-backoff"], { weight: 2 }),
    change(min(4), "web", ["running", "max-restarts-reached"]),
    change(min(5), "web", ["running", "machine-lost"], m2),
    missing(min(6), "corrupt", 2, { weight: 5 }),
    missing(min(7), "foreign", 9),
    missing(min(8), "silent", 0),
  ],
  plain: [
    {
      machines: 3,
      points: 10,
      boots: 2,
      never_ready: 1,
      restarts: 2,
      crash_loops: 1,
      gave_up: 1,
      lost_runs: 1,
      lost_events: 2,
      foreign_events: 9,
    },
  ],
  sampled: [
    {
      // Points 1 + 4 + 1 + 3 + 2 + 1 + 1 + 5 + 1 + 1.
      machines: 3,
      points: 20,
      boots: 5,
      never_ready: 4,
      restarts: 5,
      crash_loops: 2,
      gave_up: 1,
      lost_runs: 1,
      lost_events: 10,
      foreign_events: 9,
    },
  ],
  empty: [
    {
      machines: 0,
      points: 0,
      boots: 0,
      never_ready: 0,
      restarts: 0,
      crash_loops: 0,
      gave_up: 0,
      lost_runs: 0,
      lost_events: 0,
      foreign_events: 0,
    },
  ],
});

answers("machines-over-time", {
  given: { step: "10m" },
  points: [sample(min(1)), sample(min(9), { weight: 4 }), sample(min(3), m2), sample(min(10), m2)],
  plain: [
    { time_ms: min(0), machines: 2, points: 3 },
    { time_ms: min(10), machines: 1, points: 1 },
  ],
  sampled: [
    { time_ms: min(0), machines: 2, points: 6 },
    { time_ms: min(10), machines: 1, points: 1 },
  ],
});

answers("silent-machines", {
  given: { quiet: "10m" },
  points: [
    sample(min(5)),
    missing(min(5), "silent", 0, { number: 0, weight: 2 }),
    // Heard of five minutes before the end of the hour.
    sample(min(55), m2),
    sample(min(20), m3),
    // Silent once, then heard of again, and quiet since: for that nobody has said anything yet.
    missing(min(10), "silent", 0, { machine: "m4", number: 0 }),
    sample(min(30), { machine: "m4" }),
  ],
  plain: [
    { machine: "m1", last_event_ms: min(5), quiet_ms: 55 * 60_000, state: "silent", silences: 1 },
    { machine: "m3", last_event_ms: min(20), quiet_ms: 40 * 60_000, state: "quiet", silences: 0 },
    { machine: "m4", last_event_ms: min(30), quiet_ms: 30 * 60_000, state: "quiet", silences: 1 },
  ],
  sampled: [{ silences: 2 }, { silences: 0 }, { silences: 1 }],
});

answers("versions", {
  points: [
    start(min(1), "ready", { version: "1", weight: 4 }),
    start(min(10), "ready", { version: "2" }),
    start(min(5), "never-ready", { ...m2, version: "2" }),
    start(min(3), "ready", { ...m3, version: "1" }),
    start(min(20), "silent", { ...m3, version: "9" }),
  ],
  // m1 and m2 have version 2 now, and started three times in all.
  plain: [
    { version: "2", machines: 2, boots: 3, last_boot_ms: min(10) },
    { version: "1", machines: 1, boots: 1, last_boot_ms: min(3) },
  ],
  sampled: [
    { version: "2", machines: 2, boots: 6 },
    { version: "1", machines: 1, boots: 1 },
  ],
});

const lags = [
  sample(min(1), { lagMs: 100 }),
  sample(min(2), { lagMs: 200, weight: 3 }),
  change(min(3), "web", restart, { lagMs: 300, weight: 8 }),
  // Said by the next boot, hours later; none of these tells how late events come.
  change(min(4), "web", ["running", "machine-lost"], { lagMs: 99_000 }),
  change(min(4), "web", ["running", "silent"], { lagMs: 99_000 }),
  missing(min(4), "expired", 1, { lagMs: 99_000 }),
  start(min(4), "never-ready", { lagMs: 99_000 }),
  sample(min(15), { ...m2, lagMs: 50 }),
];
answers("ingest-lag", {
  given: { step: "10m" },
  points: lags,
  plain: [
    { time_ms: min(0), p50_ms: 200, p95_ms: 300, p99_ms: 300, max_ms: 300, points: 3 },
    { time_ms: min(10), p50_ms: 50, p95_ms: 50, p99_ms: 50, max_ms: 50, points: 1 },
  ],
  // Of 1 + 3 + 8 = 12, the sixth is among the eight of 300.
  sampled: [{ p50_ms: 300, p95_ms: 300, points: 12 }, { p50_ms: 50 }],
});
answers("ingest-lag-by-machine", {
  points: lags,
  plain: [
    { machine: "m1", p50_ms: 200, p95_ms: 300, max_ms: 300, last_lag_ms: 300, points: 3 },
    { machine: "m2", p50_ms: 50, p95_ms: 50, max_ms: 50, last_lag_ms: 50, points: 1 },
  ],
  sampled: [{ p50_ms: 300, points: 12 }, { p50_ms: 50 }],
});

const losses = [
  missing(min(1), "expired", 5, { weight: 2 }),
  missing(min(2), "corrupt", 3),
  missing(min(3), "foreign", 100, { weight: 2 }),
  missing(min(4), "silent", 0, { number: 0 }),
  missing(min(12), "expired", 4, m2),
];
answers("lost-events", {
  given: { step: "10m" },
  points: losses,
  plain: [
    { time_ms: min(0), lost_events: 8, foreign_events: 100, losses: 2 },
    { time_ms: min(10), lost_events: 4, foreign_events: 0, losses: 1 },
  ],
  sampled: [
    { time_ms: min(0), lost_events: 13, foreign_events: 200, losses: 3 },
    { time_ms: min(10), lost_events: 4, foreign_events: 0, losses: 1 },
  ],
});
answers("lost-events-by-machine", {
  points: losses,
  plain: [
    { machine: "m1", reason: "expired", lost_events: 5, losses: 1, last_ms: min(1) },
    { machine: "m2", reason: "expired", lost_events: 4, losses: 1, last_ms: min(12) },
    { machine: "m1", reason: "corrupt", lost_events: 3, losses: 1, last_ms: min(2) },
    { machine: "m1", reason: "foreign", lost_events: 0, foreign_events: 100, losses: 1 },
  ],
  sampled: [
    { lost_events: 10, losses: 2 },
    { lost_events: 4, losses: 1 },
    { lost_events: 3, losses: 1 },
    { lost_events: 0, foreign_events: 200, losses: 2 },
  ],
});

answers("sampling", {
  points: [sample(min(1), { weight: 3 }), sample(min(2)), sample(min(3), m2)],
  plain: [
    { machine: "m1", points: 2, sampled_points: 0, sampled_percent: 0, max_interval: 1 },
    { machine: "m2", points: 1, sampled_points: 0, sampled_percent: 0, max_interval: 1 },
  ],
  sampled: [
    { machine: "m1", points: 4, sampled_points: 3, sampled_percent: 75, max_interval: 3 },
    { machine: "m2", points: 1, sampled_points: 0, sampled_percent: 0, max_interval: 1 },
  ],
});

const journals = {
  whole: "0b5bfb10-0000-4000-8000-00000000000a",
  torn: "0b5bfb10-0000-4000-8000-00000000000b",
  doubled: "0b5bfb10-0000-4000-8000-00000000000c",
};
const numbered = (journal: string, number: number, more: object = {}) =>
  sample(min(number), { journal, number, ...more });
answers("delivery-audit", {
  points: [
    ...[1, 2].map((number) => numbered(journals.whole, number)),
    ...[1, 2, 4].map((number) => numbered(journals.torn, number, { weight: number })),
    ...[5, 6, 6].map((number) => numbered(journals.doubled, number, m2)),
    missing(min(9), "silent", 0, { journal: journals.whole, number: 0 }),
  ],
  plain: [
    {
      machine: "m1",
      journal: journals.torn,
      first_number: 1,
      last_number: 4,
      expected: 4,
      points: 3,
      missing: 1,
      stored_numbers: 3,
      max_interval: 1,
      last_ms: min(4),
    },
    { journal: journals.whole, expected: 2, points: 2, missing: 0, stored_numbers: 2 },
    { machine: "m2", journal: journals.doubled, first_number: 5, last_number: 6, expected: 2 },
  ],
  sampled: [
    { journal: journals.whole, missing: 0 },
    { journal: journals.doubled, points: 3, missing: -1, stored_numbers: 2 },
    // 1 + 2 + 4 points, of which four rows can be three.
    { journal: journals.torn, points: 7, missing: -3, stored_numbers: 3, max_interval: 4 },
  ],
});

const parts = [
  sample(min(1), { weight: 2 }),
  change(min(2), "web", restart),
  sample(min(3), { ...m2, project: "q" }),
];
answers("filter-values", {
  given: { by: "machine" },
  points: parts,
  plain: [
    { value: "m1", points: 2, last_ms: min(2) },
    { value: "m2", points: 1, last_ms: min(3) },
  ],
  sampled: [
    { value: "m1", points: 3 },
    { value: "m2", points: 1 },
  ],
});
answers("filter-values", {
  given: { by: "process" },
  points: parts,
  plain: [{ value: "web", points: 1, last_ms: min(2) }],
  sampled: [{ value: "web", points: 1 }],
});
answers("fleet-parts", {
  points: parts,
  plain: [
    { project: "p", machine_type: "t", machines: 1, points: 2, last_ms: min(2) },
    { project: "q", machine_type: "t", machines: 1, points: 1, last_ms: min(3) },
  ],
  sampled: [
    { project: "p", points: 3 },
    { project: "q", points: 1 },
  ],
});
