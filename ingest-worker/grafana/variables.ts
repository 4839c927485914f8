import {
  CustomVariableBuilder,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  VariableRefresh,
  VariableSort,
  type VariableModel,
} from "@grafana/grafana-foundation-sdk/dashboard";
import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import {
  catalogue,
  dimensionColumns,
  type Dimension,
  type NamedQuery,
} from "../src/catalogue/index.ts";
import { pluginId } from "./data-source.ts";
import { grafanaSql, valuesSql } from "./sql.ts";
import type { DashboardSpec } from "./spec.ts";

/** What "All" stands for in the SQL: the empty text, which is how the catalogue says that all are meant. */
const allValue = "''";

const labels: Readonly<Record<string, string>> = {
  org: "Org",
  project: "Project",
  machine_type: "Machine type",
  machine: "Machine",
  process: "Process",
  boot: "Boot",
};

/** The filters of a dashboard: variables that are parameters of queries. */
export function filtersOf({ variables }: Pick<DashboardSpec, "variables">): readonly string[] {
  return [...narrowing, ...variables];
}

/** Each filter narrows those after it. */
const narrowing = ["org", "project", "machine_type", "machine"];

/** The variables of a dashboard: the data source, the filters, and what `by` can be. */
export function variablesOf(spec: DashboardSpec): Builder<VariableModel>[] {
  const { by } = spec;
  const dimension = by[0] === undefined ? [] : [dimensionVariable(by)];
  return [
    new DatasourceVariableBuilder("datasource").label("Data source").type(pluginId),
    ...filtersOf(spec).map(filterVariable),
    ...dimension,
  ];
}

function filterVariable(name: string): Builder<VariableModel> {
  const query = valuesOf(name);
  return new QueryVariableBuilder(name)
    .label(labels[name] ?? name)
    .datasource({ type: pluginId, uid: "${datasource}" })
    .query(query)
    .definition(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(false)
    .includeAll(true)
    .allValue(allValue)
    .current({ selected: true, text: "All", value: "$__all" });
}

/** The SQL behind a filter. It is narrowed by the filters before it, and never by itself. */
function valuesOf(name: string): string {
  const own = narrowing.indexOf(name);
  const variables = own === -1 ? narrowing : narrowing.slice(0, own);
  if (name === "boot")
    return valuesSql(grafanaSql(queryOf("machine-boots"), { variables }), "boot");
  const filling = { by: name as Dimension, variables };
  return valuesSql(grafanaSql(queryOf("filter-values"), filling), "value");
}

function dimensionVariable(by: readonly Dimension[]): Builder<VariableModel> {
  const option = (dimension: Dimension, selected: boolean) => {
    return { selected, text: textOf(dimension), value: dimensionColumns[dimension] };
  };
  const [first] = by;
  if (first === undefined) throw new Error("There is something to group by.");
  return new CustomVariableBuilder("by")
    .label("By")
    .values(by.map((one) => `${textOf(one)} : ${dimensionColumns[one]}`).join(", "))
    .options(by.map((one, index) => option(one, index === 0)))
    .current(option(first, true));
}

const textOf = (dimension: Dimension) => dimension.replace("_", " ");

/** A query of the catalogue. Throws where there is none of that name. */
export function queryOf(name: string): NamedQuery {
  const query = catalogue.get(name);
  if (query === undefined) throw new Error(`The catalogue has no query ${name}.`);
  return query;
}
