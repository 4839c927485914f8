import { asked, askedFarBack, askedInBars, one } from "./asking.js";
import {
  agoColumn,
  belongColumn,
  exitColumn,
  levelColumn,
  machineColumn,
  processColumn,
  stateColumn,
  troubleColumn,
} from "./cells.js";
import { makeChart } from "./chart.js";
import { number } from "./format.js";
import { makePanel } from "./panel.js";
import { splitBy } from "./series.js";
import { makeTable } from "./table.js";
import { crashLoopsPanel, flappingPanel } from "./view-fleet.js";

/** What the fleet's processes do, how long they hold on and how they end. */
export function processesPanels({ onZoom }) {
  return [
    makePanel({
      id: "restarts-by-process",
      title: "Restarts by process",
      load: one("restart-rate", (view) => askedInBars(view, { by: "process" })),
      draw: () =>
        makeChart({
          title: "Restarts by process",
          kind: "bars",
          format: number,
          max: 4,
          empty: "No process restarted in this time.",
          series: (rows) => splitBy(rows, { by: "name", value: "restarts" }),
          onZoom,
        }),
    }),
    endsPanel({ onZoom }),
    flappingPanel(),
    crashLoopsPanel(),
    durationsPanel(),
    exitsPanel(),
    oomPanel(),
    shortRunsPanel(),
    makePanel({
      id: "process-states",
      title: "States now",
      hint: "looking back thirty days",
      load: one("process-states", (view) => askedFarBack(view, "30d")),
      draw: () =>
        makeTable({
          key: "states",
          caption: "Processes by state",
          empty: "Nothing is known of any process.",
          columns: [
            stateColumn,
            { name: "processes", label: "Processes", unit: "count" },
            { name: "machines", label: "Machines", unit: "count" },
            agoColumn("longest_since_ms", "Longest since"),
          ],
        }),
    }),
  ];
}

const endings = [
  { column: "crashed", label: "crashed", color: "--state-backoff" },
  { column: "lost", label: "lost with the machine", color: "--state-other" },
  { column: "finished", label: "finished", color: "--state-running" },
  { column: "stopped", label: "stopped", color: "--state-idle" },
];

/** How runs ended: on purpose, by themselves, in a crash, or with their machine. */
export function endsPanel({ onZoom }) {
  return makePanel({
    id: "stops-and-crashes",
    title: "How runs ended",
    load: one("stops-and-crashes", askedInBars),
    draw: () =>
      makeChart({
        title: "How runs ended",
        kind: "bars",
        format: number,
        max: 4,
        empty: "No run ended in this time.",
        series: (rows) => ({
          times: rows.map((row) => row.time_ms),
          series: endings.map(({ column, ...look }) => ({
            ...look,
            values: rows.map((row) => (row[column] > 0 ? row[column] : null)),
          })),
        }),
        onZoom,
      }),
  });
}

const quantiles = [
  { name: "runs", label: "Runs", unit: "count" },
  { name: "p50_ms", label: "p50", unit: "ms" },
  { name: "p95_ms", label: "p95", unit: "ms" },
  { name: "p99_ms", label: "p99", unit: "ms" },
  { name: "longest_ms", label: "Longest", unit: "ms" },
];

function durationsPanel() {
  return makePanel({
    id: "process-durations",
    title: "How long runs last",
    load: one("process-durations", (view) => asked(view, { by: "process" })),
    draw: () =>
      makeTable({
        key: "durations",
        caption: "How long runs last, by process",
        empty: "No run ended in this time.",
        columns: [processColumn("name"), ...quantiles],
      }),
  });
}

/** The same for one process, machine by machine. */
export function durationsByMachinePanel() {
  return makePanel({
    id: "durations-by-machine",
    title: "How long runs last, by machine",
    load: one("process-durations", (view) => asked(view, { by: "machine" })),
    draw: () =>
      makeTable({
        key: "durations",
        caption: "How long runs last, by machine",
        empty: "No run ended in this time.",
        columns: [{ ...machineColumn, name: "name", cell: undefined }, ...quantiles],
      }),
  });
}

export function exitsPanel() {
  return makePanel({
    id: "exits",
    title: "Exits by code and signal",
    load: one("exits"),
    draw: () =>
      makeTable({
        key: "exits",
        caption: "Exits by code and signal",
        empty: "No run ended in this time.",
        columns: [
          processColumn(),
          exitColumn(),
          { name: "exits", label: "Times", unit: "count" },
          { name: "mean_run_ms", label: "Mean run", unit: "ms" },
          { name: "longest_run_ms", label: "Longest run", unit: "ms" },
          agoColumn("last_ms", "Last"),
        ],
      }),
  });
}

/** Kills without a code, or by SIGKILL, on a machine whose memory was nearly gone. */
export function oomPanel() {
  return makePanel({
    id: "suspected-oom-kills",
    title: "Suspected out-of-memory kills",
    load: one("suspected-oom-kills", askedInBars),
    draw: () =>
      makeTable({
        key: "oom",
        caption: "Suspected out-of-memory kills",
        empty: "No process looks as if it had been killed for want of memory in this time.",
        columns: [
          machineColumn,
          processColumn("last_process"),
          agoColumn("time_ms", "When"),
          troubleColumn("kills", "Kills", "bad"),
          levelColumn("memory_percent", "Memory"),
          { name: "oom_kills", label: "Counted by the kernel", unit: "count" },
          belongColumn,
        ],
      }),
  });
}

function shortRunsPanel() {
  return makePanel({
    id: "short-runs",
    title: "Short runs",
    hint: "over within ten seconds",
    load: one("short-runs"),
    draw: () =>
      makeTable({
        key: "short",
        caption: "Processes with short runs",
        empty: "No run was over within ten seconds in this time.",
        columns: [
          processColumn(),
          { name: "kind", label: "Kind", unit: "text" },
          { name: "runs", label: "Runs", unit: "count" },
          { name: "short_runs", label: "Short", unit: "count" },
          { name: "short_percent", label: "Share", unit: "percent" },
          troubleColumn("short_failures", "Failed"),
          { name: "machines", label: "Machines", unit: "count" },
        ],
      }),
  });
}
