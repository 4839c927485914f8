import type { DashboardSpec } from "../spec.ts";
import { chart, full, half, table } from "./sizes.ts";

export const startup: DashboardSpec = {
  uid: "pidnap-startup",
  title: "pidnap: start-up",
  description: "How long machines take to be ready, by what, and which never get there.",
  variables: ["boot"],
  by: ["project", "org", "machine", "machine_type", "version"],
  rows: [
    {
      title: "Time to ready",
      panels: [
        {
          query: "time-to-ready",
          kind: "lines",
          columns: ["p50_ms", "p95_ms", "p99_ms"],
          ...chart,
          ...half,
        },
        {
          query: "startup-phases",
          kind: "lines",
          columns: ["to_ready_p50_ms", "tasks_p50_ms", "services_p50_ms", "after_ready_p50_ms"],
          ...chart,
          ...half,
        },
        { query: "time-to-ready-by-version", ...table, ...half },
        { query: "time-to-ready-by-type", ...table, ...half },
        { query: "time-to-ready-by", by: "variable", ...table, ...half },
        { query: "slowest-boots", ...table, ...half },
        { query: "startup-tasks", ...table, ...full },
      ],
    },
    {
      title: "Never ready",
      panels: [
        {
          query: "never-ready-over-time",
          kind: "lines",
          columns: ["never_ready_percent"],
          ...chart,
          ...half,
        },
        { query: "never-ready", by: "variable", ...table, ...half },
      ],
    },
    {
      title: "One machine, and one boot of it: choose them above",
      panels: [
        { query: "startups", ...table, ...half },
        { query: "machine-boots", ...table, ...half },
        { query: "startup-steps", ...table, ...full, height: 10 },
      ],
    },
  ],
};
