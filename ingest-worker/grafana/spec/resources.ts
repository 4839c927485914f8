import type { DashboardSpec, PanelSpec } from "../spec.ts";
import { chart, full, half, table } from "./sizes.ts";

export const resources: DashboardSpec = {
  uid: "pidnap-resources",
  title: "pidnap: resources",
  description: "CPU, memory, disk and pressure, of the fleet and of one machine.",
  variables: [],
  by: ["machine_type", "project", "org", "machine"],
  rows: [
    {
      title: "The fleet",
      panels: [
        ...(["cpu_percent_p95", "memory_percent_p95", "disk_percent_max"] as const).map(
          (column): PanelSpec => ({
            query: "resources-over-time",
            title: {
              cpu_percent_p95: "CPU, 95th percentile",
              memory_percent_p95: "Memory, 95th percentile",
              disk_percent_max: "Disk used, highest",
            }[column],
            kind: "lines",
            columns: [column],
            series: "name",
            by: "variable",
            width: 8,
            ...chart,
          }),
        ),
        { query: "hottest-cpu", ...table, ...half },
        { query: "hottest-memory", ...table, ...half },
        { query: "hottest-disk", ...table, ...half },
        { query: "cgroup-memory", ...table, ...half },
        { query: "pressure", ...table, ...full },
      ],
    },
    {
      title: "One machine: choose it above",
      panels: [
        ...(
          [
            [
              "CPU",
              "lines",
              "cpu_percent",
              "cpu_percent_max",
              "cgroup_cpu_percent",
              "throttled_percent",
            ],
            [
              "Memory",
              "lines",
              "memory_used_mb",
              "cgroup_memory_mb",
              "cgroup_memory_limit_mb",
              "swap_used_mb",
            ],
            ["Disk used", "lines", "disk_used_percent"],
            [
              "Pressure",
              "lines",
              "cpu_pressure_percent",
              "memory_pressure_percent",
              "io_pressure_percent",
            ],
            ["Load", "lines", "load1"],
            ["OOM kills", "bars", "oom_kills"],
          ] as const
        ).map(([title, kind, ...columns]): PanelSpec => ({
          query: "resources",
          title,
          kind,
          columns,
          width: 8,
          ...chart,
        })),
        {
          query: "resources",
          title: "Network",
          kind: "lines",
          columns: ["network_rx_bytes", "network_tx_bytes"],
          ...chart,
          ...full,
        },
      ],
    },
  ],
};
