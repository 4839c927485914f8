import { ask } from "./api.js";
import { makeCharts, showResources, showRestarts, showStartups } from "./charts.js";
import { h, note, replaceContent } from "./dom.js";
import { ago, duration, megabytes } from "./format.js";
import { showMachines, showProcesses } from "./tables.js";

const refreshMs = 5000;
/** A process that never changes has said what it does long ago. */
const lookBack = "30d";

/** What can be looked at: how far back, and the steps of lines and bars over it. */
const ranges = {
  "15m": { ms: 900_000, stepMs: 10_000, barMs: 30_000 },
  "1h": { ms: 3_600_000, stepMs: 30_000, barMs: 120_000 },
  "6h": { ms: 21_600_000, stepMs: 180_000, barMs: 600_000 },
  "1d": { ms: 86_400_000, stepMs: 600_000, barMs: 1_800_000 },
  "7d": { ms: 604_800_000, stepMs: 3_600_000, barMs: 14_400_000 },
};

const byId = (id) => document.getElementById(id);
const charts = makeCharts();
byId("charts").append(...Object.values(charts).map((chart) => chart.element));

/** Ends the questions under way when another view is wanted. */
let asking = new AbortController();
let timer;

addEventListener("popstate", () => void refresh());
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) void refresh();
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => void refresh());
byId("since").addEventListener("change", (event) => go({ since: event.target.value }));
byId("machines").addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (link === null || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  go({ machine: new URL(link.href).searchParams.get("machine") });
});
void refresh();

/** What the address says is to be seen: it can be kept, sent and gone back to. */
function readView() {
  const query = new URLSearchParams(location.search);
  const since = query.get("since") ?? "1h";
  return { since: since in ranges ? since : "1h", machine: query.get("machine") };
}

function go(change) {
  const view = { ...readView(), ...change };
  const query = new URLSearchParams({ since: view.since });
  if (view.machine !== null) query.set("machine", view.machine);
  history.pushState(null, "", `?${query}`);
  void refresh();
}

/** Asks for everything that is to be seen, shows it, and comes back. */
async function refresh() {
  clearTimeout(timer);
  asking.abort();
  const mine = (asking = new AbortController());
  const view = readView();
  byId("since").value = view.since;
  const outcome = await show(view, mine.signal);
  if (mine.signal.aborted) return;
  const status = byId("status");
  status.classList.toggle("error", outcome !== "live");
  status.textContent = outcome === "live" ? "Live" : outcome;
  // A page that nobody looks at asks nothing; coming back to it asks at once.
  if (!document.hidden) timer = setTimeout(() => void refresh(), refreshMs);
}

async function show({ since, machine }, signal) {
  const now = Date.now();
  let machines;
  try {
    machines = await ask("machines", { from: since }, signal);
  } catch (error) {
    if (signal.aborted) return "live";
    if (byId("machines").ariaBusy === "true")
      replaceContent(byId("machines"), note(error.message, true));
    return error.message;
  }
  if (signal.aborted) return "live";
  const chosen = machine ?? machines[0]?.machine;
  showMachines(byId("machines"), machines, { chosen, since, now });
  byId("machine").hidden = chosen === undefined;
  if (chosen === undefined) return "live";
  byId("machine-title").textContent = chosen;
  const facts = machines.find((row) => row.machine === chosen);
  return showMachine({ machine: chosen, since, now, facts }, signal);
}

/** Each part asks for itself, so that one that fails says so in its own place. */
async function showMachine({ machine, since, now, facts }, signal) {
  const { ms, stepMs, barMs } = ranges[since];
  const bounds = { from: now - ms, to: now, stepMs: barMs };
  const about = { machine, from: since };
  const tiles = {};
  const parts = [
    {
      load: () =>
        Promise.all([
          ask("processes", { machine, from: lookBack }, signal),
          ask("exits", about, signal),
          ask("restarts", { ...about, step: barMs }, signal),
        ]),
      show([processes, exits, restarts]) {
        tiles.processes = processes;
        showProcesses(byId("processes"), { processes, exits, restarts }, now);
        showRestarts(charts.restarts, restarts, bounds);
      },
      fail(message) {
        replaceContent(byId("processes"), note(message, true));
        charts.restarts.fail(message);
      },
    },
    {
      load: () => ask("startups", about, signal),
      show(rows) {
        tiles.startups = rows;
        showStartups(charts.startups, rows, bounds);
      },
      fail: charts.startups.fail,
    },
    {
      load: () => ask("resources", { ...about, step: stepMs }, signal),
      show(rows) {
        tiles.resources = rows;
        showResources(charts, rows, bounds);
      },
      fail: (message) =>
        [charts.cpu, charts.memory, charts.disk].forEach((one) => one.fail(message)),
    },
  ];
  const outcomes = await Promise.all(parts.map((part) => run(part, signal)));
  if (!signal.aborted) showTiles(tiles, facts, now);
  return outcomes.find((outcome) => outcome !== "live") ?? "live";
}

async function run(part, signal) {
  try {
    const answer = await part.load();
    if (!signal.aborted) part.show(answer);
    return "live";
  } catch (error) {
    if (signal.aborted) return "live";
    part.fail(error.message);
    return error.message;
  }
}

function showTiles({ processes = [], startups = [], resources = [] }, facts, now) {
  const running = processes.filter((row) => row.state === "running").length;
  const startup = startups.at(-1);
  const sample = resources.at(-1);
  const tiles = [
    ["Last heard", facts === undefined ? "not in this time" : ago(facts.last_event_ms, now)],
    ["Running", processes.length === 0 ? "–" : `${running} of ${processes.length}`],
    ["Restarts", facts === undefined ? "–" : String(facts.restarts)],
    ["Time to ready", startupText(startup)],
    ["CPU", sample === undefined ? "–" : `${sample.cpu_percent.toFixed(1)} %`],
    ["Memory", memoryText(sample)],
  ];
  replaceContent(
    byId("tiles"),
    ...tiles.map(([name, value]) =>
      h("div", { class: "panel tile" }, h("dt", {}, name), h("dd", {}, value)),
    ),
  );
}

function memoryText(sample) {
  if (sample === undefined) return "–";
  return `${megabytes(sample.memory_used_mb)} of ${megabytes(sample.memory_total_mb)}`;
}

function startupText(startup) {
  if (startup === undefined) return "–";
  return startup.state === "ready" ? duration(startup.time_to_ready_ms) : "never";
}
