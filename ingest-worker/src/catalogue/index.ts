import { parseQuery } from "./parse-query.ts";
import { queryTexts } from "./queries.ts";
import type { NamedQuery } from "./query.ts";

export { fillQuery } from "./fill-query.ts";
export { dimensionColumns, timeOf, type Dimension } from "./parameter.ts";
export { parseQuery } from "./parse-query.ts";
export { queryGroups, type ColumnUnit, type NamedQuery, type QueryColumn } from "./query.ts";

/** Every named query, by its name. */
export const catalogue: ReadonlyMap<string, NamedQuery> = new Map(
  Object.entries(queryTexts).map(([name, text]) => [name, parseQuery(name, text)]),
);

/** A query as JSON says it to whoever asks for the list: its parameters in their order. */
export function describeQuery(query: NamedQuery): Readonly<Record<string, unknown>> {
  return { ...query, parameters: [...query.parameters.values()] };
}
