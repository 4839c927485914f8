import {
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  RowBuilder,
  type Dashboard,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { panelOf } from "./panels.ts";
import type { DashboardSpec, PanelSpec } from "./spec.ts";
import { filtersOf, variablesOf } from "./variables.ts";

/** Columns of Grafana's grid. */
export const gridColumns = 24;

const tag = "pidnap";

/** Makes a dashboard of its description. */
export function buildDashboard(spec: DashboardSpec): Dashboard {
  const dashboard = new DashboardBuilder(spec.title)
    .uid(spec.uid)
    .description(spec.description)
    .tags([tag])
    .time({ from: "now-24h", to: "now" })
    .timezone("browser")
    // The SQL API allows 1,200 questions in five minutes, and blocks for five where there are more.
    .refresh("1m")
    .tooltip(DashboardCursorSync.Crosshair)
    .variables(variablesOf(spec))
    .link(
      new DashboardLinkBuilder("pidnap")
        .type(DashboardLinkType.Dashboards)
        .tags([tag])
        .includeVars(true)
        .keepTime(true),
    );
  const filters = filtersOf(spec);
  let [y, id] = [0, 1];
  for (const row of spec.rows) {
    dashboard.withRow(
      new RowBuilder(row.title).id(id++).gridPos({ x: 0, y, w: gridColumns, h: 1 }),
    );
    y += 1;
    const { places, height } = flow(row.panels);
    for (const [index, panel] of row.panels.entries()) {
      const { x, below } = places[index] ?? { x: 0, below: 0 };
      const place = { x, y: y + below, w: panel.width, h: panel.height };
      dashboard.withPanel(panelOf({ spec: panel, filters }, place, id++));
    }
    y += height;
  }
  return dashboard.build();
}

/** Panels side by side while there is room, then below the highest of them. */
function flow(panels: readonly PanelSpec[]) {
  const places: { readonly x: number; readonly below: number }[] = [];
  let [x, below, height] = [0, 0, 0];
  for (const panel of panels) {
    if (x + panel.width > gridColumns) [x, below, height] = [0, below + height, 0];
    places.push({ x, below });
    x += panel.width;
    height = Math.max(height, panel.height);
  }
  return { places, height: below + height };
}
