import { addressOf } from "./address.js";
import { h } from "./dom.js";
import { ago, exitText, moment } from "./format.js";

/** Columns that many tables have. */

/** Up to this length a name stands in one line: broken at its hyphens it is hard to read. */
const oneLineLength = 24;

const link = (href, text, key) =>
  h("a", { href, "data-key": key, class: text.length <= oneLineLength && "name" }, text);

export const machineColumn = {
  name: "machine",
  label: "Machine",
  unit: "text",
  cell: ({ machine }, view) => link(addressOf(view, { machine }), machine, `machine-${machine}`),
};

export function processColumn(name = "process") {
  return {
    name,
    label: "Process",
    unit: "text",
    cell: (row, view) => {
      const process = row[name];
      return link(addressOf(view, { process }), process, `process-${row.machine ?? ""}-${process}`);
    },
  };
}

/** Where a machine belongs, in one column. */
export const belongColumn = {
  name: "org",
  label: "Org / project / type",
  unit: "text",
  value: ({ org, project, machine_type: type }) => `${org} / ${project} / ${type}`,
};

/** A time, as how long ago it was; the moment itself is a touch away. */
export function agoColumn(name, label) {
  return {
    name,
    label,
    unit: "time",
    cell: (row) =>
      row[name] > 0
        ? h(
            "time",
            { title: moment(row[name]), datetime: isoText(row[name]) },
            ago(row[name], Date.now()),
          )
        : "–",
  };
}

function isoText(ms) {
  return new Date(ms).toISOString();
}

const tones = {
  running: "good",
  ready: "good",
  restarting: "warn",
  stopping: "warn",
  quiet: "warn",
  silent: "bad",
  "never-ready": "bad",
  "crash-loop-backoff": "bad",
  "max-restarts-reached": "bad",
  "machine-lost": "bad",
};

export const stateColumn = {
  name: "state",
  label: "State",
  unit: "text",
  cell: ({ state }) => stateBadge(state),
};

export function stateBadge(state) {
  return h("span", { class: `badge ${tones[state] ?? ""}` }, state);
}

/** A count that is a bad sign where it is not 0. */
export function troubleColumn(name, label, tone = "warn") {
  return { name, label, unit: "count", tone: (row) => (row[name] > 0 ? tone : "") };
}

/** A percentage that deserves notice above a level. */
export function levelColumn(name, label, { warn = 80, bad = 90 } = {}) {
  return {
    name,
    label,
    unit: "percent",
    tone: (row) => {
      if (row[name] >= bad) return "bad";
      return row[name] >= warn ? "warn" : "";
    },
  };
}

export function exitColumn(code = "exit_code", signal = "signal", label = "Exit") {
  return {
    name: code,
    label,
    unit: "text",
    cell: (row) => exitText(row[code], row[signal]),
    tone: (row) => (row[code] > 0 || row[signal] !== "" ? "warn" : ""),
  };
}
