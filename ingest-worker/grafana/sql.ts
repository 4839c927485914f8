import { readValue, dimensionColumns, type Dimension } from "../src/catalogue/parameter.ts";
import type { NamedQuery } from "../src/catalogue/index.ts";

/** How the parameters of a query are filled in, where Grafana does not do it. */
export interface Filling {
  /** What `by` is: a dimension, or whatever the dashboard's own variable says. Default: the query's. */
  readonly by?: Dimension | "variable";
  /** Values of other parameters, as one writes them; default: the query's own. */
  readonly values?: Readonly<Record<string, string>>;
  /** Parameters that are variables of the dashboard; where it has none of that name, the query's own value stands. */
  readonly variables?: readonly string[];
  /** An alert rule knows no interval. */
  readonly forAlert?: boolean;
}

/**
 * A query of the catalogue with Grafana's variables in the place of its parameters. `sqlstring`
 * doubles quotes: a name that holds one gives a statement that the SQL API refuses, and never another one.
 * Throws where a parameter has no value.
 */
export function grafanaSql(query: NamedQuery, filling: Filling = {}): string {
  return query.template.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    placeOf(query, name, filling),
  );
}

function placeOf(query: NamedQuery, name: string, filling: Filling): string {
  const parameter = query.parameters.get(name);
  if (parameter === undefined) throw new Error(`${query.name} has no parameter ${name}.`);
  const given = filling.values?.[name];
  if (parameter.type === "time") return name === "from" ? "$__from" : "$__to";
  if (given === undefined) {
    if (filling.variables?.includes(name) === true) return `\${${name}:sqlstring}`;
    if (name === "step" && filling.forAlert !== true) return "$__interval_ms";
  }
  if (parameter.type === "dimension" && filling.by !== undefined) {
    return filling.by === "variable" ? "${by:raw}" : dimensionColumns[filling.by];
  }
  const value = given ?? parameter.default;
  const literal = value === undefined ? undefined : readValue(parameter, value, { nowMs: 0 });
  if (literal?.kind !== "literal") throw new Error(`${query.name}: ${name} needs a value.`);
  return literal.sql;
}

/** Some columns of a query, as a time series wants them: the time first. */
export function seriesSql(sql: string, columns: readonly string[]): string {
  return `SELECT time_ms, ${columns.join(", ")}\nFROM (\n${indented(sql)}\n)\nORDER BY time_ms`;
}

/** One column of a query as a time series for each value of `key`. */
export function keyedSeriesSql(sql: string, key: string, column: string): string {
  return (
    `SELECT time_ms, ${key}, max(${column}) AS ${column}\nFROM (\n${indented(sql)}\n)\n` +
    `GROUP BY time_ms, ${key}\nORDER BY time_ms, ${key}`
  );
}

/** One column of a query alone, as a variable wants it. */
export function valuesSql(sql: string, column: string): string {
  return `SELECT ${column}\nFROM (\n${indented(sql)}\n)\nORDER BY ${column}`;
}

/**
 * A value of a query at the end of the time looked at, once for each label: as an alert rule wants
 * it, a point in time with a number, whose texts tell the instances apart.
 */
export function alertSql(
  sql: string,
  { labels, value, where }: { labels: readonly string[]; value: string; where?: string },
): string {
  const names = ["t", ...labels].join(", ");
  const condition = where === undefined ? "" : `WHERE ${where}\n`;
  const select = ["toDateTime(intDiv($__to, 1000)) AS t", ...labels, `max(${value}) AS value`];
  return (
    `SELECT ${select.join(", ")}\nFROM (\n${indented(sql)}\n)\n` +
    `${condition}GROUP BY ${names}\nORDER BY value DESC`
  );
}

function indented(sql: string): string {
  return sql.replaceAll(/^/gm, "  ");
}
