import { asked, one } from "./asking.js";
import { agoColumn, belongColumn, levelColumn, machineColumn, troubleColumn } from "./cells.js";
import { makeChart } from "./chart.js";
import { percent } from "./format.js";
import { makePanel } from "./panel.js";
import { splitBy } from "./series.js";
import { makeTable } from "./table.js";

/** Which machines are hot, and which are near a limit. */
export function resourcesPanels({ onZoom }) {
  return [
    overTimePanel("CPU", "cpu_percent", { onZoom }),
    overTimePanel("Memory", "memory_percent", { onZoom }),
    tablePanel({
      query: "hottest-cpu",
      title: "Most CPU",
      columns: [
        levelColumn("cpu_percent", "Mean"),
        levelColumn("cpu_percent_p95", "p95"),
        levelColumn("cpu_percent_max", "Highest", { warn: 90, bad: 101 }),
        levelColumn("cgroup_cpu_percent", "Of its cgroup"),
        levelColumn("throttled_percent", "Throttled", { warn: 5, bad: 25 }),
      ],
    }),
    tablePanel({
      query: "hottest-memory",
      title: "Most memory",
      columns: [
        levelColumn("memory_percent", "Mean"),
        levelColumn("memory_percent_p95", "p95"),
        levelColumn("memory_percent_max", "Highest"),
        { name: "memory_used_mb", label: "Used", unit: "mb" },
        { name: "memory_total_mb", label: "Of", unit: "mb" },
        { name: "swap_used_mb", label: "Swap", unit: "mb" },
      ],
    }),
    tablePanel({
      query: "cgroup-memory",
      title: "Near the memory limit",
      hint: "of the cgroup, which is what kills",
      columns: [
        levelColumn("memory_percent", "Mean"),
        levelColumn("memory_percent_max", "Highest"),
        { name: "memory_mb_max", label: "Used at most", unit: "mb" },
        { name: "limit_mb", label: "Limit", unit: "mb" },
        troubleColumn("oom_kills", "OOM kills", "bad"),
      ],
    }),
    tablePanel({
      query: "hottest-disk",
      title: "Fullest disks",
      columns: [
        levelColumn("disk_percent", "Now"),
        levelColumn("disk_percent_max", "Highest"),
        { name: "grown_percent", label: "Grown by", unit: "percent" },
        { name: "disk_total_mb", label: "Size", unit: "mb" },
        agoColumn("last_ms", "As of"),
      ],
    }),
    tablePanel({
      query: "pressure",
      title: "Held back",
      hint: "throttled, or waiting for CPU, memory or disk",
      columns: [
        levelColumn("throttled_percent", "Throttled", { warn: 5, bad: 25 }),
        levelColumn("cpu_pressure_percent", "CPU", { warn: 20, bad: 50 }),
        levelColumn("memory_pressure_percent", "Memory", { warn: 5, bad: 20 }),
        levelColumn("io_pressure_percent", "Disk", { warn: 10, bad: 40 }),
      ],
    }),
  ];
}

function overTimePanel(title, column, { onZoom }) {
  return makePanel({
    id: column.replaceAll("_", "-"),
    title,
    by: ["machine_type", "project", "org", "machine"],
    load: one("resources-over-time", (view) => asked(view, { by: view.by })),
    draw: () =>
      makeChart({
        title,
        kind: "lines",
        format: percent,
        max: 10,
        empty: "No samples in this time.",
        series: (rows) => splitBy(rows, { by: "name", value: column, most: 7 }),
        onZoom,
      }),
  });
}

function tablePanel({ query, title, hint, columns }) {
  return makePanel({
    id: query,
    title,
    hint,
    load: one(query),
    draw: () =>
      makeTable({
        key: query,
        limit: 10,
        caption: title,
        empty: "No samples in this time.",
        columns: [machineColumn, ...columns, belongColumn],
      }),
  });
}
