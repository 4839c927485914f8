import { asked, askedFarBack } from "./asking.js";
import { fleetViews } from "./address.js";
import { deliveryPanels } from "./view-delivery.js";
import { fleetPanels } from "./view-fleet.js";
import { machinePanels } from "./view-machine.js";
import { processPanels } from "./view-process.js";
import { processesPanels } from "./view-processes.js";
import { resourcesPanels } from "./view-resources.js";
import { startupPanels } from "./view-startup.js";

const makers = {
  fleet: fleetPanels,
  processes: processesPanels,
  startup: startupPanels,
  resources: resourcesPanels,
  delivery: deliveryPanels,
};

/** The panels of a view, with its title and its heading. */
export function makeView(view, tools) {
  if (view.name === "machine") {
    const { machine } = view;
    return { title: machine, heading: `Machine ${machine}`, panels: machinePanels(tools) };
  }
  if (view.name === "process") {
    const { process } = view;
    return {
      title: process,
      heading: `Process ${process}, across the fleet`,
      panels: processPanels(tools),
    };
  }
  const title = fleetViews.get(view.name);
  return { title, heading: title, panels: makers[view.name](tools) };
}

/** What the filters can be set to, and the names that can be looked for. */
export async function loadChoices(ask, view) {
  const wide = askedFarBack(view, "7d", { org: "", project: "", machine_type: "" });
  const named = { ...asked(view), machine: "", process: "" };
  const [parts, machines, processes] = await Promise.all([
    ask("fleet-parts", wide),
    ask("filter-values", { ...named, by: "machine" }),
    ask("filter-values", { ...named, by: "process" }),
  ]);
  const different = (column) => [...new Set(parts.rows.map((row) => row[column]))];
  const values = ({ rows }) => rows.map(({ value }) => value).filter((value) => value !== "");
  return {
    org: different("org"),
    project: different("project"),
    type: different("machine_type"),
    machines: values(machines),
    processes: values(processes),
  };
}
