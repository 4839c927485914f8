import { addressOf } from "./address.js";
import { asked, askedInBars, one } from "./asking.js";
import {
  agoColumn,
  belongColumn,
  levelColumn,
  machineColumn,
  processColumn,
  troubleColumn,
} from "./cells.js";
import { durationAxis, makeChart } from "./chart.js";
import { h } from "./dom.js";
import { duration, percent } from "./format.js";
import { makePanel } from "./panel.js";
import { columnsOf } from "./series.js";
import { makeTable } from "./table.js";
import { timeToReadyPanel } from "./view-fleet.js";

const quantiles = [
  { name: "boots", label: "Boots", unit: "count" },
  { name: "p50_ms", label: "p50", unit: "ms" },
  { name: "p95_ms", label: "p95", unit: "ms" },
  { name: "longest_ms", label: "Longest", unit: "ms" },
];

/** How long machines take to be ready, what takes so long, and which never are. */
export function startupPanels({ onZoom }) {
  return [
    timeToReadyPanel({ onZoom }),
    phasesPanel({ onZoom }),
    makePanel({
      id: "time-to-ready-by-version",
      title: "Time to ready by version",
      hint: "did the last deploy slow the start?",
      load: one("time-to-ready-by-version"),
      draw: () =>
        makeTable({
          key: "by-version",
          caption: "Time to ready by version of pidnap",
          empty: "No machine got ready in this time.",
          columns: [
            {
              name: "version",
              label: "Version",
              unit: "text",
              cell: ({ version }) => version || "unknown",
            },
            agoColumn("first_ms", "First seen"),
            ...quantiles,
          ],
        }),
    }),
    byPanel(),
    neverReadyOverTimePanel({ onZoom }),
    neverReadyPanel(),
    slowestBootsPanel(),
    tasksPanel(),
  ];
}

function phasesPanel({ onZoom }) {
  return makePanel({
    id: "startup-phases",
    title: "Phases of the start-up",
    load: one("startup-phases", askedInBars),
    draw: () =>
      makeChart({
        title: "Phases of the start-up",
        kind: "points",
        format: duration,
        axis: durationAxis,
        empty: "No machine got ready in this time.",
        series: (rows) =>
          columnsOf(rows, {
            columns: {
              to_ready_p50_ms: "daemon ready, p50",
              to_ready_p95_ms: "daemon ready, p95",
              after_ready_p50_ms: "tasks after it, p50",
              after_ready_p95_ms: "tasks after it, p95",
            },
          }),
        onZoom,
      }),
  });
}

function byPanel() {
  return makePanel({
    id: "time-to-ready-by",
    title: "Time to ready, compared",
    by: ["machine_type", "project", "org", "machine"],
    load: one("time-to-ready-by", (view) => asked(view, { by: view.by })),
    draw: () =>
      makeTable({
        key: "by",
        caption: "Time to ready by a part of the fleet",
        empty: "No machine got ready in this time.",
        columns: [{ name: "name", label: "Name", unit: "text" }, ...quantiles],
      }),
  });
}

function neverReadyOverTimePanel({ onZoom }) {
  return makePanel({
    id: "never-ready-over-time",
    title: "Start-ups that never got ready",
    load: one("never-ready-over-time", askedInBars),
    draw: () =>
      makeChart({
        title: "Share of start-ups that never got ready",
        kind: "points",
        format: percent,
        max: 10,
        empty: "No machine started in this time.",
        series: (rows) => columnsOf(rows, { columns: { never_ready_percent: "never ready" } }),
        onZoom,
      }),
  });
}

function neverReadyPanel() {
  return makePanel({
    id: "never-ready",
    title: "Never ready",
    by: ["version", "machine_type", "project", "org", "machine"],
    load: one("never-ready", (view) => asked(view, { by: view.by })),
    draw: () =>
      makeTable({
        key: "never",
        caption: "Start-ups that never got ready",
        empty: "No machine started in this time.",
        columns: [
          { name: "name", label: "Name", unit: "text", cell: ({ name }) => name || "unknown" },
          { name: "boots", label: "Boots", unit: "count" },
          troubleColumn("never_ready", "Never ready", "bad"),
          levelColumn("never_ready_percent", "Share", { warn: 1, bad: 10 }),
          agoColumn("last_never_ms", "Last"),
        ],
      }),
  });
}

function slowestBootsPanel() {
  return makePanel({
    id: "slowest-boots",
    title: "Slowest boots",
    wide: true,
    load: one("slowest-boots"),
    draw: () =>
      makeTable({
        key: "slowest",
        caption: "Boots that took longest to be ready",
        empty: "No machine got ready in this time.",
        columns: [
          machineColumn,
          {
            name: "boot",
            label: "Boot",
            unit: "text",
            cell: ({ machine, boot }, view) =>
              h(
                "a",
                { href: addressOf(view, { machine, boot }), "data-key": `boot-${boot}` },
                boot.slice(0, 8),
              ),
          },
          { name: "time_to_ready_ms", label: "Time to ready", unit: "ms" },
          { name: "version", label: "Version", unit: "text" },
          { name: "cpus", label: "CPUs", unit: "number" },
          { name: "memory_total_mb", label: "Memory", unit: "mb" },
          agoColumn("time_ms", "When"),
          belongColumn,
        ],
      }),
  });
}

function tasksPanel() {
  return makePanel({
    id: "startup-tasks",
    title: "Tasks of the start-up",
    load: one("startup-tasks"),
    draw: () =>
      makeTable({
        key: "tasks",
        caption: "Tasks of the start-up",
        empty: "No task ended in this time.",
        columns: [
          processColumn(),
          { name: "runs", label: "Runs", unit: "count" },
          { name: "p50_ms", label: "p50", unit: "ms" },
          { name: "p95_ms", label: "p95", unit: "ms" },
          { name: "longest_ms", label: "Longest", unit: "ms" },
          troubleColumn("failures", "Failures"),
          { name: "machines", label: "Machines", unit: "count" },
        ],
      }),
  });
}
