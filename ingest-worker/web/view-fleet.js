import { addressOf } from "./address.js";
import { askedFarBack, askedInBars, one } from "./asking.js";
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
import { durationAxis, makeChart } from "./chart.js";
import { duration, number } from "./format.js";
import { makePanel } from "./panel.js";
import { columnsOf, splitBy } from "./series.js";
import { makeTable } from "./table.js";
import { makeTiles } from "./tiles.js";

const silent = (view) => askedFarBack(view, "7d");

/** What is wrong with the fleet, and since when. */
export function fleetPanels({ onZoom }) {
  return [
    totalsPanel(),
    makePanel({
      id: "silent-machines",
      title: "Silent machines",
      hint: "nothing heard for ten minutes, looking back seven days",
      load: one("silent-machines", silent),
      draw: () =>
        makeTable({
          key: "silent",
          caption: "Silent machines",
          empty: "Every machine has been heard of in the last ten minutes.",
          columns: [
            machineColumn,
            stateColumn,
            agoColumn("last_event_ms", "Last heard"),
            belongColumn,
          ],
        }),
    }),
    flappingPanel(),
    crashLoopsPanel(),
    makePanel({
      id: "restart-rate",
      title: "Restarts",
      by: ["machine_type", "project", "org", "machine", "process"],
      load: one("restart-rate", (view) => askedInBars(view, { by: view.by })),
      draw: () =>
        makeChart({
          title: "Restarts",
          kind: "bars",
          format: number,
          max: 4,
          empty: "No process restarted in this time.",
          series: (rows) => splitBy(rows, { by: "name", value: "restarts" }),
          onZoom,
        }),
    }),
    timeToReadyPanel({ onZoom }),
    versionsPanel(),
    machinesPanel(),
  ];
}

function totalsPanel() {
  return makePanel({
    id: "totals",
    title: "In this time",
    wide: true,
    load: async (ask, view) => {
      const [[totals], quiet] = await Promise.all([
        ask("fleet-totals", askedInBars(view)),
        ask("silent-machines", silent(view)),
      ]);
      return { totals, quiet };
    },
    draw: () => makeTiles({ tiles: totalTiles }),
  });
}

function totalTiles({ totals, quiet }, view) {
  const count = (label, column, name, tone = "warn") => ({
    label,
    value: number(totals?.[column] ?? 0),
    tone: totals?.[column] > 0 ? tone : undefined,
    href: name === undefined ? undefined : addressOf(view, { name }),
  });
  return [
    count("Machines", "machines", undefined, ""),
    {
      label: "Silent now",
      value: number(quiet.length),
      tone: quiet.length > 0 ? "bad" : undefined,
    },
    count("Restarts", "restarts", "processes"),
    count("Crash loops", "crash_loops", "processes", "bad"),
    count("Gave up", "gave_up", "processes", "bad"),
    count("Boots", "boots", "startup", ""),
    count("Never ready", "never_ready", "startup", "bad"),
    count("Runs lost", "lost_runs", "processes"),
    count("Lost events", "lost_events", "delivery", "bad"),
  ];
}

/** Which processes restart most, where, and since when they last did. */
export function flappingPanel() {
  return makePanel({
    id: "top-flapping",
    title: "Most restarts",
    load: one("top-flapping"),
    draw: () =>
      makeTable({
        key: "flapping",
        caption: "Processes that restart most",
        empty: "No process restarted in this time.",
        columns: [
          processColumn(),
          machineColumn,
          troubleColumn("restarts", "Restarts"),
          troubleColumn("crash_loops", "Crash loops", "bad"),
          { name: "mean_run_ms", label: "Mean run", unit: "ms" },
          exitColumn("last_exit_code", "last_signal", "Last exit"),
          agoColumn("last_ms", "Last"),
        ],
      }),
  });
}

export function crashLoopsPanel() {
  return makePanel({
    id: "crash-loops",
    title: "Crash loops",
    hint: "and what the process does now",
    load: one("crash-loops"),
    draw: () =>
      makeTable({
        key: "loops",
        caption: "Crash loops",
        empty: "No process was in a crash loop in this time.",
        columns: [
          processColumn(),
          machineColumn,
          stateColumn,
          agoColumn("since_ms", "Since"),
          troubleColumn("crash_loops", "Crash loops"),
          troubleColumn("gave_up", "Gave up", "bad"),
        ],
      }),
  });
}

export function timeToReadyPanel({ onZoom }) {
  return makePanel({
    id: "time-to-ready",
    title: "Time to ready",
    load: one("time-to-ready", askedInBars),
    draw: () =>
      makeChart({
        title: "Time to ready",
        kind: "points",
        format: duration,
        axis: durationAxis,
        empty: "No machine got ready in this time.",
        series: (rows) =>
          columnsOf(rows, { columns: { p50_ms: "p50", p95_ms: "p95", longest_ms: "longest" } }),
        onZoom,
      }),
  });
}

function versionsPanel() {
  return makePanel({
    id: "versions",
    title: "Versions of pidnap",
    hint: "by start-ups in this time",
    load: one("versions"),
    draw: () =>
      makeTable({
        key: "versions",
        caption: "Versions of pidnap",
        empty: "No machine started in this time.",
        columns: [
          {
            name: "version",
            label: "Version",
            unit: "text",
            cell: ({ version }) => version || "unknown",
          },
          { name: "machines", label: "Machines", unit: "count" },
          { name: "boots", label: "Boots", unit: "count" },
          agoColumn("last_boot_ms", "Last boot"),
        ],
      }),
  });
}

function machinesPanel() {
  return makePanel({
    id: "machines",
    title: "Machines",
    wide: true,
    load: one("machines"),
    draw: () =>
      makeTable({
        key: "machines",
        limit: 25,
        caption: "Machines, the one heard of last first",
        empty: "No machine has reported in this time. Points show as they arrive.",
        columns: [
          machineColumn,
          { name: "org", label: "Org", unit: "text" },
          { name: "project", label: "Project", unit: "text" },
          { name: "machine_type", label: "Type", unit: "text" },
          agoColumn("last_event_ms", "Last heard"),
          { name: "version", label: "Version", unit: "text" },
          { name: "boots", label: "Boots", unit: "count" },
          troubleColumn("restarts", "Restarts"),
          { name: "cpu_percent", label: "CPU", unit: "percent" },
          levelColumn("memory_percent", "Memory"),
          levelColumn("disk_percent", "Disk"),
          troubleColumn("lost_events", "Lost events", "bad"),
        ],
      }),
  });
}
