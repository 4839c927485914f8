import { addressOf } from "./address.js";
import { asked, askedFarBack } from "./asking.js";
import { agoColumn, processColumn, stateBadge, stateColumn, troubleColumn } from "./cells.js";
import { makeChart } from "./chart.js";
import { h } from "./dom.js";
import { ago, duration, megabytes, number, percent } from "./format.js";
import { makePanel } from "./panel.js";
import { columnsOf } from "./series.js";
import { makeTable } from "./table.js";
import { makeTiles } from "./tiles.js";
import { makeTimelineView } from "./timeline.js";
import { auditPanel, lagPanel } from "./view-delivery.js";
import { exitsPanel, oomPanel } from "./view-processes.js";
import { makeWaterfallView } from "./waterfall.js";

const processesNow = (ask, view) => ask("processes", askedFarBack(view, "30d"));
const boots = (ask, view) => ask("machine-boots", askedFarBack(view, "30d"));
const changes = (ask, view) => ask("machine-timeline", { ...asked(view), process: "", boot: "" });
const resources = (ask, view) => ask("resources", asked(view));

/** One machine: what its processes did, how it started, what it used. */
export function machinePanels({ onZoom, now }) {
  return [
    makePanel({
      id: "machine-totals",
      title: "At a glance",
      wide: true,
      load: loadTotals,
      draw: () =>
        makeTiles({
          tiles: totalTiles,
          isEmpty: (data) => data.boots.length === 0 && data.processes.length === 0,
          empty:
            "Nothing was heard of such a machine in thirty days. Is its name right, and does no filter leave it out?",
        }),
    }),
    makePanel({
      id: "timeline",
      title: "Processes over time",
      hint: "by boot",
      wide: true,
      load: loadTimeline,
      draw: () => makeTimelineView({ onZoom, now }),
    }),
    makePanel({
      id: "waterfall",
      title: "Start-up",
      hint: "of the boot chosen, or of the last one",
      wide: true,
      load: loadWaterfall,
      draw: makeWaterfallView,
    }),
    processesPanel(),
    bootsPanel(),
    ...resourcePanels({ onZoom }),
    exitsPanel(),
    oomPanel(),
    lagPanel({ onZoom }),
    auditPanel(),
  ];
}

async function loadTimeline(ask, view) {
  const [transitions, found, states] = await Promise.all([
    changes(ask, view),
    boots(ask, view),
    processesNow(ask, view),
  ]);
  return { transitions, boots: found, states };
}

/** How long before its first point a boot's points are looked for, ms: a machine's clock may be ahead. */
const clockMarginMs = 86_400_000;

/** A boot starts when it starts: its steps are asked for by its own time, not by the one looked at. */
async function loadWaterfall(ask, view) {
  const found = await boots(ask, view);
  const chosen = view.boot === "" ? found[0]?.boot : view.boot;
  if (chosen === undefined) return { boot: undefined, rows: [] };
  const boot = found.find((row) => row.boot === chosen);
  // Where its start-up was not among what was found, it may be as old as anything that is kept.
  const began = boot?.entrypoint_ms > 0 ? Math.min(boot.first_ms, boot.entrypoint_ms) : undefined;
  const from = began === undefined ? "90d" : String(Math.floor(began - clockMarginMs));
  const rows = await ask("startup-steps", { ...asked(view), boot: chosen, from, to: "now" });
  return { boot: chosen, rows };
}

async function loadTotals(ask, view) {
  const [found, processes, moves, samples, [facts]] = await Promise.all([
    boots(ask, view),
    processesNow(ask, view),
    changes(ask, view),
    resources(ask, view),
    ask("pressure", askedFarBack(view, "30d")),
  ]);
  return { boots: found, processes, restarts: restartsIn(moves), sample: samples.at(-1), facts };
}

function restartsIn(moves) {
  return moves
    .filter(({ state }) => state === "restarting" || state === "crash-loop-backoff")
    .reduce((total, { weight }) => total + weight, 0);
}

function totalTiles({ boots: found, processes, restarts, sample, facts }, view) {
  const boot = found[0];
  const lastMs = Math.max(0, ...found.map((row) => row.last_ms));
  const running = processes.filter(({ state }) => state === "running").length;
  const unlimited = sample === undefined || !(sample.cgroup_memory_limit_mb > 0);
  return [
    { label: "Last heard", value: lastMs === 0 ? "not in thirty days" : ago(lastMs, Date.now()) },
    { label: "Running", value: `${running} of ${processes.length}` },
    { label: "Restarts", value: number(restarts), tone: restarts > 0 ? "warn" : undefined },
    {
      label: "Time to ready",
      value: readyText(boot),
      tone: boot?.startup === "never-ready" ? "bad" : undefined,
      note: boot?.version ? `pidnap ${boot.version}` : undefined,
    },
    { label: "CPU", value: sample === undefined ? "–" : percent(sample.cpu_percent) },
    {
      label: "Memory",
      value:
        sample === undefined
          ? "–"
          : megabytes(unlimited ? sample.memory_used_mb : sample.cgroup_memory_mb),
      note: sample === undefined ? undefined : memoryNote(sample, unlimited),
    },
    { label: "Disk", value: sample === undefined ? "–" : percent(sample.disk_used_percent) },
    {
      label: "Belongs to",
      value: facts === undefined ? view.org || "–" : facts.org,
      note: facts === undefined ? undefined : `${facts.project}, ${facts.machine_type}`,
    },
  ];
}

function readyText(boot) {
  if (boot?.startup === "ready") return duration(boot.time_to_ready_ms);
  return boot?.startup === "never-ready" ? "never" : "–";
}

function memoryNote(sample, unlimited) {
  return unlimited
    ? `of ${megabytes(sample.memory_total_mb)}`
    : `of the cgroup's limit of ${megabytes(sample.cgroup_memory_limit_mb)}`;
}

function processesPanel() {
  return makePanel({
    id: "processes",
    title: "Processes",
    hint: "what each does now, looking back thirty days",
    load: processesNow,
    draw: () =>
      makeTable({
        key: "processes",
        limit: 20,
        caption: "Processes and what they do now",
        empty: "Nothing is known of this machine's processes.",
        columns: [
          processColumn(),
          stateColumn,
          agoColumn("since_ms", "Since"),
          { name: "kind", label: "Kind", unit: "text" },
          troubleColumn("restarts", "Restarts"),
          { name: "changes", label: "Changes", unit: "count" },
        ],
      }),
  });
}

function bootsPanel() {
  return makePanel({
    id: "boots",
    title: "Boots",
    hint: "looking back thirty days",
    load: boots,
    draw: () =>
      makeTable({
        key: "boots",
        caption: "Boots, the newest first",
        empty: "No boot was seen in thirty days.",
        columns: [
          {
            name: "boot",
            label: "Boot",
            unit: "text",
            cell: ({ boot }, view) =>
              h(
                "a",
                {
                  href: addressOf(view, { machine: view.machine, boot }),
                  "data-key": `boot-${boot}`,
                  "aria-current": view.boot === boot && "true",
                },
                boot.slice(0, 8),
              ),
          },
          agoColumn("first_ms", "Began"),
          { name: "length", label: "For", unit: "ms", value: (row) => row.last_ms - row.first_ms },
          {
            name: "time_to_ready_ms",
            label: "Time to ready",
            unit: "ms",
            cell: readyCell,
          },
          { name: "version", label: "Version", unit: "text" },
          troubleColumn("restarts", "Restarts"),
          troubleColumn("lost_runs", "Runs lost", "bad"),
        ],
      }),
  });
}

/** How long a boot took to be ready, or what became of it instead. */
function readyCell({ startup, time_to_ready_ms: ms }) {
  if (startup === "ready") return duration(ms);
  return startup === "" ? "–" : stateBadge(startup);
}

/** Steps of an axis of MB that are whole in GB. */
const memoryStepsMb = Array.from({ length: 16 }, (_, power) => 64 * 2 ** power);

const resourceCharts = [
  {
    id: "cpu",
    title: "CPU",
    format: percent,
    max: 10,
    columns: {
      cpu_percent: "mean",
      cpu_percent_max: "highest",
      cgroup_cpu_percent: "of the cgroup",
    },
  },
  {
    id: "memory",
    title: "Memory",
    format: megabytes,
    axis: { steps: memoryStepsMb },
    columns: {
      memory_used_mb: "used",
      memory_total_mb: "total",
      cgroup_memory_mb: "cgroup",
      cgroup_memory_limit_mb: "cgroup's limit",
      swap_used_mb: "swap",
    },
  },
  {
    id: "disk",
    title: "Disk",
    format: percent,
    max: 100,
    columns: { disk_used_percent: "used" },
  },
  {
    id: "held-back",
    title: "Held back",
    format: percent,
    max: 10,
    columns: {
      throttled_percent: "throttled",
      cpu_pressure_percent: "waiting for CPU",
      memory_pressure_percent: "waiting for memory",
      io_pressure_percent: "waiting for disk",
    },
  },
];

function resourcePanels({ onZoom }) {
  return resourceCharts.map(({ id, title, columns, ...chart }) =>
    makePanel({
      id,
      title,
      load: resources,
      draw: () =>
        makeChart({
          title,
          kind: "lines",
          empty: "No samples in this time.",
          series: (rows, view) => {
            const gapMs = Math.max(150_000, 3 * asked(view).step);
            const found = columnsOf(rows, { columns, gapMs });
            return found.series.length === 0 ? undefined : found;
          },
          onZoom,
          ...chart,
        }),
    }),
  );
}
