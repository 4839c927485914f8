import { h, note, replaceContent } from "./dom.js";
import { ago, duration, exitText, moment } from "./format.js";

/** Heard of within this time, a machine is taken to be alive: samples come every 30 s. */
const freshMs = 120_000;

/** The list of machines; each leads to its own view. */
export function showMachines(container, rows, { chosen, since, now }) {
  if (rows.length === 0) {
    replaceContent(
      container,
      note("No machine has reported in this time. Points show as they arrive."),
    );
    return;
  }
  const body = rows.map((row) => {
    const here = row.machine === chosen;
    const href = `?${new URLSearchParams({ machine: row.machine, since })}`;
    const link = h(
      "a",
      { href, "data-key": row.machine, "aria-current": here && "true" },
      row.machine,
    );
    const fresh = now - row.last_event_ms < freshMs;
    return h(
      "tr",
      { class: here ? "chosen" : undefined },
      h("th", { scope: "row" }, h("span", { class: fresh ? "dot good" : "dot" }), link),
      h("td", {}, row.org),
      h("td", {}, row.project),
      h("td", {}, row.machine_type),
      h("td", { title: moment(row.last_event_ms) }, ago(row.last_event_ms, now)),
      h("td", { class: row.restarts > 0 ? "number warn" : "number" }, String(row.restarts)),
      h("td", { class: "number" }, String(row.points)),
    );
  });
  const head = ["Machine", "Org", "Project", "Type", "Last heard", ">Restarts", ">Points"];
  replaceContent(container, table("Machines, the one heard of last first", head, body));
}

const stateClasses = {
  running: "good",
  restarting: "warn",
  "crash-loop-backoff": "bad",
  "max-restarts-reached": "bad",
  "machine-lost": "bad",
};

/** The processes of a machine, with how often they restarted and how their runs ended. */
export function showProcesses(container, { processes, exits, restarts }, now) {
  if (processes.length === 0) {
    replaceContent(container, note("Nothing is known of this machine's processes."));
    return;
  }
  const body = processes.map((row) => {
    const ends = exits.filter((exit) => exit.process === row.process);
    const longestRunMs = Math.max(0, ...ends.map((exit) => exit.longest_run_ms));
    const restarted = restarts
      .filter((restart) => restart.process === row.process)
      .reduce((total, restart) => total + restart.restarts, 0);
    return h(
      "tr",
      {},
      h("th", { scope: "row" }, row.process),
      h("td", {}, h("span", { class: `badge ${stateClasses[row.state] ?? ""}` }, row.state)),
      h("td", { title: moment(row.since_ms) }, ago(row.since_ms, now)),
      h("td", {}, row.kind),
      h("td", { class: restarted > 0 ? "number warn" : "number" }, String(restarted)),
      h("td", { class: "number" }, longestRunMs > 0 ? duration(longestRunMs) : "–"),
      h("td", {}, ...exitList(ends)),
    );
  });
  const head = ["Process", "State", "Since", "Kind", ">Restarts", ">Longest run", "Exits"];
  replaceContent(container, table("Processes and what they do", head, body));
}

function exitList(exits) {
  if (exits.length === 0) return ["–"];
  return exits
    .toSorted((a, b) => b.exits - a.exits)
    .slice(0, 4)
    .map((exit) => {
      const clean = exit.exit_code === 0;
      const label = `${exitText(exit.exit_code, exit.signal)} ×${exit.exits}`;
      const title = `${exit.exits} times, after ${duration(exit.mean_run_ms)} on average`;
      return h("span", { class: clean ? "exit" : "exit warn", title }, label);
    });
}

/** A table; a heading that begins with ">" is of numbers. */
function table(caption, head, body) {
  const headings = head.map((text) =>
    text.startsWith(">")
      ? h("th", { scope: "col", class: "number" }, text.slice(1))
      : h("th", { scope: "col" }, text),
  );
  return h(
    "table",
    {},
    h("caption", { class: "unseen" }, caption),
    h("thead", {}, h("tr", {}, ...headings)),
    h("tbody", {}, ...body),
  );
}
