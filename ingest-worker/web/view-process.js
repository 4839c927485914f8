import { askedFarBack, askedInBars, one } from "./asking.js";
import { agoColumn, belongColumn, machineColumn, stateColumn, troubleColumn } from "./cells.js";
import { durationAxis, makeChart } from "./chart.js";
import { duration, number } from "./format.js";
import { makePanel } from "./panel.js";
import { columnsOf, splitBy } from "./series.js";
import { makeTable } from "./table.js";
import { makeTiles } from "./tiles.js";
import { durationsByMachinePanel, endsPanel, exitsPanel, oomPanel } from "./view-processes.js";

const now = (view) => askedFarBack(view, "30d");

/** One process, wherever it runs. */
export function processPanels({ onZoom }) {
  return [
    makePanel({
      id: "process-totals",
      title: "Now",
      wide: true,
      load: one("process-machines", now),
      draw: () =>
        makeTiles({
          tiles: nowTiles,
          isEmpty: (rows) => rows.length === 0,
          empty:
            "Nothing was heard of such a process in thirty days. Is its name right, and does no filter leave it out?",
        }),
    }),
    makePanel({
      id: "process-durations-over-time",
      title: "How long runs last",
      load: one("process-durations-over-time", askedInBars),
      draw: () =>
        makeChart({
          title: "How long runs last",
          kind: "points",
          format: duration,
          axis: durationAxis,
          empty: "No run ended in this time.",
          series: (rows) =>
            columnsOf(rows, { columns: { p50_ms: "p50", p95_ms: "p95", p99_ms: "p99" } }),
          onZoom,
        }),
    }),
    makePanel({
      id: "restarts-by-machine",
      title: "Restarts by machine",
      load: one("restart-rate", (view) => askedInBars(view, { by: "machine" })),
      draw: () =>
        makeChart({
          title: "Restarts by machine",
          kind: "bars",
          format: number,
          max: 4,
          empty: "It did not restart in this time.",
          series: (rows) => splitBy(rows, { by: "name", value: "restarts" }),
          onZoom,
        }),
    }),
    endsPanel({ onZoom }),
    exitsPanel(),
    durationsByMachinePanel(),
    oomPanel(),
    machinesPanel(),
  ];
}

function nowTiles(rows) {
  const inState = (...states) => rows.filter(({ state }) => states.includes(state)).length;
  const tile = (label, value, tone) => ({
    label,
    value: number(value),
    tone: value > 0 ? tone : undefined,
  });
  return [
    tile("Machines", new Set(rows.map(({ machine }) => machine)).size),
    tile("Running", inState("running")),
    tile("Restarting", inState("restarting"), "warn"),
    tile("In a crash loop", inState("crash-loop-backoff"), "bad"),
    tile("Gave up", inState("max-restarts-reached"), "bad"),
    tile("Stopped", inState("stopped", "stopping", "idle")),
    tile("Lost with the machine", inState("machine-lost"), "warn"),
  ];
}

function machinesPanel() {
  return makePanel({
    id: "process-machines",
    title: "Machines",
    hint: "looking back thirty days",
    wide: true,
    load: one("process-machines", now),
    draw: () =>
      makeTable({
        key: "machines",
        limit: 25,
        caption: "Machines on which it runs",
        empty: "No machine has reported such a process.",
        columns: [
          machineColumn,
          stateColumn,
          agoColumn("since_ms", "Since"),
          { name: "kind", label: "Kind", unit: "text" },
          troubleColumn("restarts", "Restarts"),
          { name: "runs", label: "Runs", unit: "count" },
          troubleColumn("crashes", "Crashes", "bad"),
          { name: "mean_run_ms", label: "Mean run", unit: "ms" },
          belongColumn,
        ],
      }),
  });
}
