import { min, openKnownPoints } from "./_catalogue-store.ts";
import { change, sample } from "./_points.ts";

const { answers } = openKnownPoints();
const m2 = { machine: "m2" };

answers("hottest-cpu", {
  points: [
    sample(min(1), { cpu: 10, weight: 8 }),
    sample(min(2), { cpu: 90, cgroupCpu: 60, throttled: 20, weight: 2 }),
    sample(min(3), { cpu: 20, cgroupCpu: 30, throttled: 0 }),
    sample(min(4), { ...m2, cpu: 95 }),
    change(min(5), "web", ["running", "restarting"], { runMs: 1_000_000 }),
  ],
  plain: [
    {
      machine: "m2",
      cpu_percent: 95,
      cpu_percent_p95: 95,
      cpu_percent_max: 95,
      samples: 1,
      cgroup_cpu_percent: null,
      throttled_percent: null,
    },
    {
      machine: "m1",
      project: "p",
      machine_type: "t",
      cpu_percent: 40,
      cpu_percent_p95: 90,
      cpu_percent_max: 90,
      cgroup_cpu_percent: 45,
      throttled_percent: 10,
      samples: 3,
    },
  ],
  sampled: [
    { machine: "m2", samples: 1 },
    // (8 * 10 + 2 * 90 + 20) / 11; (2 * 60 + 30) / 3; 2 * 20 / 3.
    {
      machine: "m1",
      cpu_percent: 25.4545,
      cpu_percent_p95: 90,
      cgroup_cpu_percent: 50,
      throttled_percent: 13.3333,
      samples: 11,
    },
  ],
});

answers("hottest-memory", {
  points: [
    // The cgroup's limit counts where there is one; a machine that tells no total has no share.
    sample(min(1), { usedMb: 500, totalMb: 1000, cgroupMb: 90, limitMb: 100, swapMb: 40 }),
    sample(min(2), { usedMb: 700, totalMb: 1000, weight: 3 }),
    sample(min(3), { ...m2, usedMb: 100, totalMb: 0 }),
  ],
  plain: [
    {
      machine: "m1",
      memory_percent: 80,
      memory_percent_p95: 90,
      memory_percent_max: 90,
      memory_used_mb: 600,
      memory_total_mb: 1000,
      swap_used_mb: 40,
      samples: 2,
    },
    {
      machine: "m2",
      memory_percent: 0,
      memory_percent_p95: 0,
      memory_percent_max: 0,
      memory_used_mb: 100,
      memory_total_mb: 0,
      swap_used_mb: null,
      samples: 1,
    },
  ],
  sampled: [
    // (90 + 3 * 70) / 4.
    { machine: "m1", memory_percent: 75, memory_percent_p95: 90, memory_used_mb: 650, samples: 4 },
    { machine: "m2", samples: 1 },
  ],
});

answers("hottest-disk", {
  points: [
    sample(min(1), { disk: 60, diskMb: 20_000, weight: 4 }),
    sample(min(9), { disk: 91, diskMb: 20_000 }),
    sample(min(2), { ...m2, disk: 95 }),
    sample(min(8), { ...m2, disk: 30 }),
  ],
  plain: [
    {
      machine: "m1",
      disk_percent: 91,
      disk_percent_max: 91,
      grown_percent: 31,
      disk_total_mb: 20_000,
      last_ms: min(9),
      samples: 2,
    },
    { machine: "m2", disk_percent: 30, disk_percent_max: 95, disk_total_mb: -1, samples: 2 },
  ],
  sampled: [{ samples: 5 }, { samples: 2 }],
});

answers("pressure", {
  points: [
    sample(min(1), { throttled: 10, memoryPressure: 2, cpuPressure: 30, ioPressure: 0, weight: 3 }),
    sample(min(2), { throttled: 50, cpuPressure: 10, ioPressure: 40 }),
    sample(min(3), { ...m2, ioPressure: 70 }),
    sample(min(4), { machine: "m3" }),
  ],
  plain: [
    {
      machine: "m2",
      throttled_percent: null,
      memory_pressure_percent: null,
      cpu_pressure_percent: null,
      io_pressure_percent: 70,
      worst_percent: 70,
      samples: 1,
    },
    {
      machine: "m1",
      throttled_percent: 30,
      memory_pressure_percent: 2,
      samples: 2,
      cpu_pressure_percent: 20,
      io_pressure_percent: 20,
      worst_percent: 50,
    },
  ],
  sampled: [
    { machine: "m2", io_pressure_percent: 70 },
    {
      machine: "m1",
      throttled_percent: 20,
      memory_pressure_percent: 2,
      samples: 4,
      cpu_pressure_percent: 25,
      io_pressure_percent: 10,
    },
  ],
});

answers("cgroup-memory", {
  points: [
    sample(min(1), { cgroupMb: 50, limitMb: 200, oomKills: 0, weight: 3 }),
    sample(min(2), { cgroupMb: 90, limitMb: 100, oomKills: 2, weight: 2 }),
    sample(min(3), { ...m2, cgroupMb: 10, limitMb: 100 }),
    sample(min(4), { machine: "m3", cgroupMb: 10 }),
  ],
  plain: [
    {
      machine: "m1",
      memory_mb: 70,
      memory_mb_max: 90,
      limit_mb: 100,
      memory_percent: 57.5,
      memory_percent_max: 90,
      oom_kills: 2,
      samples: 2,
    },
    { machine: "m2", memory_percent: 10, memory_percent_max: 10, oom_kills: 0, samples: 1 },
  ],
  // (3 * 50 + 2 * 90) / 5 MB; (3 * 25 + 2 * 90) / 5 %.
  sampled: [
    { machine: "m1", memory_mb: 66, memory_percent: 51, oom_kills: 4, samples: 5 },
    { machine: "m2", samples: 1 },
  ],
});

answers("resources", {
  given: { machine: "m1", step: "10m" },
  points: [
    sample(min(1), {
      cpu: 10,
      usedMb: 100,
      totalMb: 1000,
      disk: 40,
      load1: 1,
      swapMb: 8,
      cgroupCpu: 20,
      cgroupMb: 50,
      limitMb: 200,
      throttled: 4,
      oomKills: 1,
      memoryPressure: 2,
      cpuPressure: 6,
      ioPressure: 8,
      rxBytes: 1000,
      txBytes: 10,
      weight: 3,
    }),
    sample(min(2), { cpu: 30, usedMb: 300, totalMb: 2000, disk: 44, load1: 5, rxBytes: 500 }),
    sample(min(12), { cpu: 50, usedMb: 500 }),
    sample(min(1), { ...m2, cpu: 99 }),
  ],
  plain: [
    {
      time_ms: min(0),
      cpu_percent: 20,
      cpu_percent_max: 30,
      memory_used_mb: 200,
      memory_total_mb: 2000,
      disk_used_percent: 42,
      samples: 2,
      load1: 3,
      swap_used_mb: 8,
      cgroup_cpu_percent: 20,
      cgroup_memory_mb: 50,
      cgroup_memory_limit_mb: 200,
      throttled_percent: 4,
      memory_pressure_percent: 2,
      cpu_pressure_percent: 6,
      io_pressure_percent: 8,
      oom_kills: 1,
      network_rx_bytes: 1500,
      network_tx_bytes: 10,
    },
    {
      time_ms: min(10),
      cpu_percent: 50,
      samples: 1,
      load1: null,
      swap_used_mb: null,
      cgroup_cpu_percent: null,
      cgroup_memory_mb: null,
      cgroup_memory_limit_mb: null,
      throttled_percent: null,
      memory_pressure_percent: null,
      cpu_pressure_percent: null,
      io_pressure_percent: null,
      oom_kills: 0,
      network_rx_bytes: 0,
      network_tx_bytes: 0,
    },
  ],
  sampled: [
    {
      time_ms: min(0),
      cpu_percent: 15,
      memory_used_mb: 150,
      disk_used_percent: 41,
      samples: 4,
      load1: 2,
      oom_kills: 3,
      network_rx_bytes: 3500,
      network_tx_bytes: 30,
    },
    { time_ms: min(10), samples: 1 },
  ],
});

answers("resources-over-time", {
  given: { step: "10m" },
  points: [
    sample(min(1), { cpu: 10, usedMb: 200, totalMb: 1000, disk: 40, weight: 3 }),
    sample(min(2), { ...m2, cpu: 50, cgroupMb: 80, limitMb: 100, disk: 60 }),
    sample(min(3), { cpu: 90, machineType: "u", usedMb: 10, totalMb: 100, weight: 2 }),
    sample(min(11), { cpu: 30 }),
  ],
  plain: [
    {
      time_ms: min(0),
      name: "t",
      cpu_percent: 30,
      cpu_percent_p95: 50,
      memory_percent: 50,
      memory_percent_p95: 80,
      disk_percent_max: 60,
      samples: 2,
    },
    { time_ms: min(0), name: "u", cpu_percent: 90, memory_percent: 10, samples: 1 },
    { time_ms: min(10), name: "t", cpu_percent: 30, samples: 1 },
  ],
  sampled: [
    { name: "t", cpu_percent: 20, memory_percent: 35, samples: 4 },
    { name: "u", samples: 2 },
    { name: "t", samples: 1 },
  ],
});
