import type { DashboardSpec } from "../spec.ts";
import { chart, full, half, table } from "./sizes.ts";

export const processes: DashboardSpec = {
  uid: "pidnap-processes",
  title: "pidnap: processes",
  description: "What runs, how long, what restarts, what crashes, and why.",
  variables: ["process", "boot"],
  by: ["machine_type", "project", "org", "machine", "process"],
  rows: [
    {
      title: "Restarts and crashes",
      panels: [
        {
          query: "restart-rate",
          kind: "lines",
          columns: ["restarts_per_hour"],
          series: "name",
          by: "variable",
          ...chart,
          ...half,
        },
        {
          query: "stops-and-crashes",
          kind: "bars",
          columns: ["stopped", "finished", "crashed", "lost"],
          ...chart,
          ...half,
        },
        { query: "crash-loops", ...table, ...half },
        { query: "top-flapping", ...table, ...half },
        // A kill and the memory before it have to fall into one step, however near one looks.
        { query: "suspected-oom-kills", values: { step: "10m" }, ...table, ...half },
        { query: "exits", ...table, ...half },
        {
          query: "restarts",
          kind: "bars",
          columns: ["restarts"],
          series: "process",
          ...chart,
          ...half,
        },
        { query: "process-states", ...table, ...half },
      ],
    },
    {
      title: "Durations",
      panels: [
        { query: "process-durations", by: "variable", ...table, ...half },
        {
          query: "process-durations-over-time",
          kind: "lines",
          columns: ["p50_ms", "p95_ms", "p99_ms"],
          ...chart,
          ...half,
        },
        { query: "short-runs", ...table, ...full },
      ],
    },
    {
      title: "One machine, or one process: choose it above",
      panels: [
        { query: "machine-timeline", kind: "timeline", height: 10, ...full },
        { query: "processes", ...table, ...half },
        { query: "process-machines", ...table, ...half },
      ],
    },
  ],
};
