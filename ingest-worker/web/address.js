import { durationMs, timeOf } from "./times.js";

/** The views of the whole fleet, by what the address calls them. */
export const fleetViews = new Map([
  ["fleet", "Fleet"],
  ["processes", "Processes"],
  ["startup", "Start-up"],
  ["resources", "Resources"],
  ["delivery", "Delivery"],
]);

/** What an address holds beside the time range, and what the queries call it. */
const texts = ["org", "project", "type", "machine", "process", "boot"];

/** What the address says is to be seen: it can be kept, sent and gone back to. */
export function readAddress(search, now) {
  const query = new URLSearchParams(search);
  const view = { name: viewName(query), ...readRange(query, now) };
  for (const text of texts) view[text] = query.get(text) ?? "";
  return view;
}

function viewName(query) {
  if (query.get("machine")) return "machine";
  if (query.get("process")) return "process";
  const name = query.get("view") ?? "";
  return fleetViews.has(name) ? name : "fleet";
}

const normalRange = { from: "1h", to: "now" };

/** The range as the address has it, and in ms; the usual one where it makes no sense. */
function readRange(query, now) {
  const given = {
    from: query.get("from") ?? query.get("since") ?? normalRange.from,
    to: query.get("to") ?? normalRange.to,
  };
  const fromMs = timeOf(given.from, now);
  const toMs = timeOf(given.to, now);
  if (fromMs !== undefined && toMs !== undefined && fromMs < toMs) {
    return { ...given, fromMs, toMs };
  }
  return { ...normalRange, fromMs: now - durationMs(normalRange.from), toMs: now };
}

/** The address of another view: the range and the filters stay, what is looked at is named anew. */
export function addressOf(view, { name, machine = "", process = "", boot = "", ...change } = {}) {
  const { from, to, org, project, type } = { ...view, ...change };
  const query = new URLSearchParams();
  if (name !== undefined && name !== "fleet" && fleetViews.has(name)) query.set("view", name);
  const said = { machine, process, boot, org, project, type };
  for (const [key, value] of Object.entries(said)) if (value !== "") query.set(key, value);
  if (from !== normalRange.from || to !== normalRange.to) {
    query.set("from", from);
    query.set("to", to);
  }
  return query.size === 0 ? "/" : `/?${query}`;
}

/** The address of the same view with something changed in it. */
export function addressWith(view, change) {
  return addressOf(view, {
    name: view.name,
    machine: view.machine,
    process: view.process,
    boot: view.boot,
    ...change,
  });
}

/** What the view's queries are asked with; each query takes what it knows. */
export function valuesOf(view) {
  return {
    from: view.from,
    to: view.to,
    org: view.org,
    project: view.project,
    machine_type: view.type,
    machine: view.machine,
    process: view.process,
  };
}
