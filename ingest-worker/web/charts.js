import { makeChart } from "./chart.js";
import { duration, megabytes } from "./format.js";

/** Between samples this far apart a line is broken: there was nothing to draw. */
const gapMs = 150_000;
/** Processes that a chart tells apart; the rest are one more series. */
const maxProcesses = 6;

/** Steps of an axis of MB that are whole in GB. */
const memoryStepsMb = Array.from({ length: 16 }, (_, power) => 64 * 2 ** power);

const percent = (value) => `${Math.round(value * 10) / 10} %`;
const count = (value) => (Number.isInteger(value) ? String(value) : "");

/** The charts of a machine, in the order in which they stand. */
export function makeCharts() {
  return {
    restarts: makeChart({ title: "Restarts", kind: "bars", format: count, max: 4 }),
    startups: makeChart({ title: "Time to ready, by boot", kind: "points", format: duration }),
    cpu: makeChart({ title: "CPU", kind: "lines", format: percent, max: 10 }),
    memory: makeChart({ title: "Memory", kind: "lines", format: megabytes, steps: memoryStepsMb }),
    disk: makeChart({ title: "Disk used", kind: "lines", format: percent, max: 100 }),
  };
}

/** Restarts a step, one series a process, those that restart most first. */
export function showRestarts(chart, rows, { from, to, stepMs }) {
  if (rows.length === 0) return chart.empty("No process restarted in this time.");
  const totals = Map.groupBy(rows, (row) => row.process);
  const names = [...totals.keys()].sort((a, b) => sum(totals.get(b)) - sum(totals.get(a)));
  const times = [];
  for (let at = Math.floor(from / stepMs) * stepMs; at <= to; at += stepMs) times.push(at);
  const seriesOf = (label, some) => {
    const byTime = new Map();
    for (const row of some) byTime.set(row.time_ms, (byTime.get(row.time_ms) ?? 0) + row.restarts);
    return { label, values: times.map((time) => byTime.get(time) ?? null) };
  };
  const series = names.slice(0, maxProcesses).map((name) => seriesOf(name, totals.get(name)));
  const others = names.slice(maxProcesses).flatMap((name) => totals.get(name));
  if (others.length > 0) series.push(seriesOf("others", others));
  chart.show({ times, series, from, to });
}

/** Time to ready of each boot; one that never got there is a point of its own, at zero. */
export function showStartups(chart, rows, { from, to }) {
  if (rows.length === 0) return chart.empty("No start-up in this time.");
  const pick = (state) => rows.map((row) => (row.state === state ? row.time_to_ready_ms : null));
  const series = [{ label: "ready", values: pick("ready") }];
  if (rows.some((row) => row.state === "never-ready")) {
    series.push({ label: "never ready", values: pick("never-ready") });
  }
  chart.show({ times: rows.map((row) => row.time_ms), series, from, to });
}

export function showResources({ cpu, memory, disk }, rows, { from, to }) {
  const charts = [cpu, memory, disk];
  if (rows.length === 0) {
    for (const chart of charts) chart.empty("No samples in this time.");
    return;
  }
  const broken = withGaps(rows);
  const times = broken.map((row) => row.time_ms);
  const line = (label, column) => ({ label, values: broken.map((row) => row[column] ?? null) });
  const bounds = { times, from, to };
  cpu.show({
    ...bounds,
    series: [line("highest", "cpu_percent_max"), line("mean", "cpu_percent")],
  });
  memory.show({
    ...bounds,
    series: [line("used", "memory_used_mb"), line("total", "memory_total_mb")],
  });
  disk.show({ ...bounds, series: [line("used", "disk_used_percent")] });
}

/** An empty row where too much time lies between two, which breaks the line. */
function withGaps(rows) {
  return rows.flatMap((row, at) => {
    const before = rows[at - 1];
    const gap = before !== undefined && row.time_ms - before.time_ms > gapMs;
    return gap ? [{ time_ms: (before.time_ms + row.time_ms) / 2 }, row] : [row];
  });
}

function sum(rows) {
  return rows.reduce((total, row) => total + row.restarts, 0);
}
