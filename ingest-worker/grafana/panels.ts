import type { Builder, Dataquery } from "@grafana/grafana-foundation-sdk/cog";
import {
  BigValueColorMode,
  BigValueTextMode,
  GraphDrawStyle,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import type { DynamicConfigValue, Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder as StateTimelineBuilder } from "@grafana/grafana-foundation-sdk/statetimeline";
import { PanelBuilder as StatBuilder } from "@grafana/grafana-foundation-sdk/stat";
import { PanelBuilder as TableBuilder } from "@grafana/grafana-foundation-sdk/table";
import { PanelBuilder as TimeSeriesBuilder } from "@grafana/grafana-foundation-sdk/timeseries";
import * as units from "@grafana/grafana-foundation-sdk/units";
import type { ColumnUnit, NamedQuery, QueryColumn } from "../src/catalogue/index.ts";
import { pluginId, pluginQuery, type PluginQuery } from "./data-source.ts";
import type { PanelSpec } from "./spec.ts";
import { grafanaSql, keyedSeriesSql, seriesSql, type Filling } from "./sql.ts";
import { queryOf } from "./variables.ts";

/** Grafana's unit for each of the catalogue's; texts have none. */
const grafanaUnits: Readonly<Record<Exclude<ColumnUnit, "text">, string>> = {
  time: units.DatetimeISO,
  ms: units.Milliseconds,
  count: units.Short,
  number: units.NoUnit,
  percent: units.Percent,
  ratio: units.PercentUnit,
  mb: units.Mebibytes,
  bytes: units.BytesIEC,
};

const dataSource = { type: pluginId, uid: "${datasource}" };

/** A panel, and the filters of its dashboard. */
export interface Asked {
  readonly spec: PanelSpec;
  readonly filters: readonly string[];
}

/** Makes a panel. Throws where it asks for a column that its query does not have. */
export function panelOf(
  { spec, filters }: Asked,
  place: Panel["gridPos"] & object,
  id: number,
): Builder<Panel> {
  const query = queryOf(spec.query);
  const panel = vizOf(spec, query, fillingOf(spec, filters));
  return panel
    .id(id)
    .title(spec.title ?? query.question)
    .description(`${query.read}\n\nQuery \`${query.name}\`: ${query.unit}.`)
    .datasource(dataSource)
    .gridPos(place);
}

function vizOf(spec: PanelSpec, query: NamedQuery, filling: Filling) {
  const sql = grafanaSql(query, filling);
  switch (spec.kind) {
    case "numbers":
      return numbers(spec, query, sql);
    case "lines":
    case "bars":
      return chart(spec, query, sql);
    case "table":
      return table(query, sql);
    case "timeline":
      return timeline(sql);
  }
}

type Of<Kind extends PanelSpec["kind"]> = Extract<PanelSpec, { kind: Kind }>;

function numbers(spec: Of<"numbers">, query: NamedQuery, sql: string) {
  const columns = spec.columns.map((name) => columnOf(query, name));
  const shown = columns.map(({ name }) => name).join("|");
  return new StatBuilder()
    .withTarget(target("table", sql))
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(["lastNotNull"]).fields(`/^(${shown})$/`))
    .textMode(BigValueTextMode.ValueAndName)
    .colorMode(BigValueColorMode.None)
    .unit(unitOf(columns[0]));
}

function chart(spec: Of<"lines" | "bars">, query: NamedQuery, sql: string) {
  const columns = spec.columns.map((name) => columnOf(query, name));
  const series =
    spec.series === undefined
      ? seriesSql(sql, spec.columns)
      : keyedSeriesSql(sql, columnOf(query, spec.series).name, spec.columns[0]);
  const panel = new TimeSeriesBuilder()
    .withTarget(target("time_series", series))
    .unit(unitOf(columns[0]))
    .min(0)
    // A shipper lingers for up to two minutes: finer steps would show that and nothing else.
    .interval("1m")
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi))
    .legend(
      new VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom),
    );
  if (spec.kind === "lines") return panel.showPoints(VisibilityMode.Auto).lineWidth(1);
  return panel
    .drawStyle(GraphDrawStyle.Bars)
    .fillOpacity(60)
    .stacking(new StackingConfigBuilder().mode(StackingMode.Normal));
}

function table(query: NamedQuery, sql: string) {
  const panel = new TableBuilder().withTarget(target("table", sql)).filterable(true);
  for (const column of query.columns) {
    const properties = cellOf(column);
    if (properties.length > 0) panel.overrideByName(column.name, properties);
  }
  return panel;
}

function timeline(sql: string) {
  return new StateTimelineBuilder()
    .withTarget(target("table", sql))
    .withTransformation({
      id: "filterFieldsByName",
      options: { include: { names: ["time_ms", "process", "state"] } },
    })
    .withTransformation({
      id: "convertFieldType",
      options: { conversions: [{ targetField: "time_ms", destinationType: "time" }], fields: {} },
    })
    .withTransformation({
      id: "partitionByValues",
      options: { fields: ["process"], keepFields: false, naming: { asLabels: true } },
    })
    .spanNulls(true)
    .mergeValues(true)
    .rowHeight(0.8)
    .displayName("${__field.labels.process}");
}

/** How a column's cells look: its unit, a bar for a share, a way from a machine to its processes. */
function cellOf(column: QueryColumn): DynamicConfigValue[] {
  if (column.name === "machine") {
    const url =
      "/d/pidnap-processes?${__url_time_range}&${datasource:queryparam}&var-machine=${__value.raw:percentencode}";
    return [{ id: "links", value: [{ title: "This machine's processes", url }] }];
  }
  if (column.unit === "text") return [];
  const unit = { id: "unit", value: grafanaUnits[column.unit] };
  if (column.unit !== "percent") return [unit];
  const gauge = { id: "custom.cellOptions", value: { type: "gauge", mode: "basic" } };
  return [unit, gauge, { id: "min", value: 0 }, { id: "max", value: 100 }];
}

function target(format: PluginQuery["format"], sql: string): Builder<Dataquery> {
  // The builders mark what they take for a query by a method, which JSON leaves out.
  const query = {
    ...pluginQuery("A", dataSource.uid, format, sql),
    _implementsDataqueryVariant() {},
  };
  return { build: () => query };
}

function fillingOf({ by, values }: PanelSpec, variables: readonly string[]): Filling {
  return { variables, ...(by !== undefined && { by }), ...(values !== undefined && { values }) };
}

function columnOf(query: NamedQuery, name: string): QueryColumn {
  const column = query.columns.find((one) => one.name === name);
  if (column === undefined) throw new Error(`${query.name} has no column ${name}.`);
  return column;
}

function unitOf(column: QueryColumn | undefined): string {
  return column === undefined || column.unit === "text" ? units.NoUnit : grafanaUnits[column.unit];
}
