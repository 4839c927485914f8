import type { QueryParameter } from "./parameter.ts";

/** The parts of the catalogue, in the order in which an operator asks. */
export const queryGroups = ["fleet", "processes", "startup", "resources"] as const;
export type QueryGroup = (typeof queryGroups)[number];

/**
 * What a column's values are: `time` is ms since the epoch, `ms` a duration, `percent` 0 to 100,
 * `ratio` 0 to 1, `mb` MB, `count` a weighed number of events, `number` any other.
 */
export const columnUnits = [
  "text",
  "time",
  "ms",
  "count",
  "number",
  "percent",
  "ratio",
  "mb",
  "bytes",
] as const;
export type ColumnUnit = (typeof columnUnits)[number];

/** A column of a query's answer. */
export interface QueryColumn {
  readonly name: string;
  readonly unit: ColumnUnit;
}

/** A named query: one file, whose head says what it answers. */
export interface NamedQuery {
  readonly name: string;
  readonly group: QueryGroup;
  readonly question: string;
  readonly unit: string;
  readonly read: string;
  readonly parameters: ReadonlyMap<string, QueryParameter>;
  /** The columns of the answer, in their order. */
  readonly columns: readonly QueryColumn[];
  /** The statement, with `{parameter}` where a value goes. */
  readonly template: string;
}
