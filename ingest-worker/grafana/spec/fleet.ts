import type { DashboardSpec } from "../spec.ts";
import { chart, full, half, table } from "./sizes.ts";

export const fleet: DashboardSpec = {
  uid: "pidnap-fleet",
  title: "pidnap: fleet",
  description: "Which machines there are, which are quiet, and whether everything arrives.",
  variables: [],
  by: [],
  rows: [
    {
      title: "Now",
      panels: [
        {
          query: "fleet-totals",
          kind: "numbers",
          columns: [
            "machines",
            "boots",
            "never_ready",
            "restarts",
            "crash_loops",
            "gave_up",
            "lost_runs",
            "lost_events",
          ],
          height: 4,
          ...full,
        },
        { query: "silent-machines", ...table, ...half },
        { query: "machines-over-time", kind: "lines", columns: ["machines"], ...chart, ...half },
        { query: "machines", ...table, ...full, height: 10 },
        { query: "versions", ...table, ...half },
        { query: "fleet-parts", ...table, ...half },
      ],
    },
    {
      title: "Does everything arrive?",
      panels: [
        {
          query: "ingest-lag",
          kind: "lines",
          columns: ["p50_ms", "p95_ms", "p99_ms"],
          ...chart,
          ...half,
        },
        { query: "ingest-lag-by-machine", ...table, ...half },
        {
          query: "lost-events",
          kind: "bars",
          columns: ["lost_events", "foreign_events"],
          ...chart,
          ...half,
        },
        { query: "lost-events-by-machine", ...table, ...half },
        { query: "delivery-audit", ...table, ...half },
        { query: "sampling", ...table, ...half },
      ],
    },
  ],
};
