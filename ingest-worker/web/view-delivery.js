import { askedInBars, one } from "./asking.js";
import { agoColumn, belongColumn, machineColumn, troubleColumn } from "./cells.js";
import { durationAxis, makeChart } from "./chart.js";
import { duration, number } from "./format.js";
import { makePanel } from "./panel.js";
import { columnsOf } from "./series.js";
import { makeTable } from "./table.js";

/** Whether what is shown can be believed: what is late, what is lost, what is sampled. */
export function deliveryPanels({ onZoom }) {
  return [
    lagPanel({ onZoom }),
    lostPanel({ onZoom }),
    makePanel({
      id: "ingest-lag-by-machine",
      title: "Latest events",
      hint: "from happening to being received",
      load: one("ingest-lag-by-machine"),
      draw: () =>
        makeTable({
          key: "lag",
          caption: "Machines whose events arrive latest",
          empty: "Nothing has been reported in this time.",
          columns: [
            machineColumn,
            { name: "last_lag_ms", label: "Last", unit: "ms" },
            { name: "p50_ms", label: "p50", unit: "ms" },
            { name: "p95_ms", label: "p95", unit: "ms" },
            { name: "max_ms", label: "Longest", unit: "ms" },
            belongColumn,
          ],
        }),
    }),
    lostByMachinePanel(),
    auditPanel(),
    samplingPanel(),
    machinesOverTimePanel({ onZoom }),
  ];
}

export function lagPanel({ onZoom }) {
  return makePanel({
    id: "ingest-lag",
    title: "How late events arrive",
    load: one("ingest-lag"),
    draw: () =>
      makeChart({
        title: "How late events arrive",
        kind: "lines",
        format: duration,
        axis: durationAxis,
        empty: "Nothing has been reported in this time.",
        series: (rows) =>
          columnsOf(rows, { columns: { p50_ms: "p50", p95_ms: "p95", max_ms: "longest" } }),
        onZoom,
      }),
  });
}

function lostPanel({ onZoom }) {
  return makePanel({
    id: "lost-events",
    title: "Lost events",
    hint: "foreign ones are another history of a copied disk: nothing is missing there",
    load: one("lost-events", askedInBars),
    draw: () =>
      makeChart({
        title: "Lost events",
        kind: "bars",
        format: number,
        max: 4,
        empty: "No event was lost in this time.",
        series: (rows) =>
          columnsOf(rows, { columns: { lost_events: "lost", foreign_events: "foreign" } }),
        onZoom,
      }),
  });
}

function lostByMachinePanel() {
  return makePanel({
    id: "lost-events-by-machine",
    title: "Lost events by machine",
    load: one("lost-events-by-machine"),
    draw: () =>
      makeTable({
        key: "lost",
        caption: "Lost events by machine and reason",
        empty: "No event was lost in this time.",
        columns: [
          machineColumn,
          { name: "reason", label: "Reason", unit: "text" },
          troubleColumn("lost_events", "Lost", "bad"),
          { name: "foreign_events", label: "Foreign", unit: "count" },
          { name: "losses", label: "Gaps", unit: "count" },
          agoColumn("last_ms", "Last"),
          belongColumn,
        ],
      }),
  });
}

/** Whether each journal's points are all there, and once. */
export function auditPanel() {
  return makePanel({
    id: "delivery-audit",
    title: "Delivery audit",
    hint: "missing below 0: points came twice",
    load: one("delivery-audit"),
    draw: () =>
      makeTable({
        key: "audit",
        caption: "Points of each journal, expected and stored",
        empty: "Nothing has been reported in this time.",
        columns: [
          machineColumn,
          {
            name: "journal",
            label: "Journal",
            unit: "text",
            cell: ({ journal }) => journal.slice(0, 8),
          },
          { name: "expected", label: "Expected", unit: "count" },
          { name: "points", label: "Stored", unit: "count" },
          {
            name: "missing",
            label: "Missing",
            unit: "number",
            tone: ({ missing }) => (missing === 0 ? "" : "bad"),
          },
          { name: "max_interval", label: "Sampled 1 in", unit: "number" },
          agoColumn("last_ms", "Last"),
        ],
      }),
  });
}

function samplingPanel() {
  return makePanel({
    id: "sampling",
    title: "Sampling",
    hint: "figures are weighed; rare events can be missing where it is strong",
    load: one("sampling"),
    draw: () =>
      makeTable({
        key: "sampling",
        caption: "Machines whose points are sampled",
        empty: "No point is sampled in this time.",
        columns: [
          machineColumn,
          { name: "points", label: "Points", unit: "count" },
          {
            name: "sampled_percent",
            label: "Sampled",
            unit: "percent",
            tone: (row) => (row.sampled_percent > 0 ? "warn" : ""),
          },
          { name: "max_interval", label: "At most 1 in", unit: "number" },
          belongColumn,
        ],
      }),
  });
}

function machinesOverTimePanel({ onZoom }) {
  return makePanel({
    id: "machines-over-time",
    title: "Machines that reported",
    load: one("machines-over-time", askedInBars),
    draw: () =>
      makeChart({
        title: "Machines that reported",
        kind: "bars",
        format: number,
        max: 4,
        empty: "Nothing has been reported in this time.",
        series: (rows) => columnsOf(rows, { columns: { machines: "machines" } }),
        onZoom,
      }),
  });
}
