import { readValue } from "./parameter.ts";
import type { NamedQuery } from "./query.ts";

/** What became of filling in a query: the statement, or what is wrong with which value. */
export type Filled =
  | { readonly kind: "statement"; readonly sql: string }
  | { readonly kind: "invalid"; readonly reason: string };

/** What a query is filled in with beside the values that were given. */
export interface FillContext {
  /** The time now, ms since the epoch: what `now` and `6h` are counted from. */
  readonly nowMs: number;
  /** The only org that whoever asks may see, whatever org was asked for; undefined: every org. */
  readonly viewerOrg?: string;
}

/** Values by the names of their parameters. */
export type GivenValues = URLSearchParams | ReadonlyMap<string, string>;

/**
 * Puts values in, and defaults for those that are not given. Each is checked by its parameter's
 * type, and none reaches the statement unchecked.
 */
export function fillQuery(
  query: NamedQuery,
  given: GivenValues,
  { nowMs, viewerOrg }: FillContext,
): Filled {
  const values = new Map<string, string>();
  for (const [name, value] of given) {
    if (!query.parameters.has(name)) return invalid(`${name} is no parameter of ${query.name}`);
    if (values.has(name)) return invalid(`${name} is given more than once`);
    values.set(name, value);
  }
  if (viewerOrg !== undefined) {
    // An empty org would ask for all of them; and a query that knows no org cannot be kept to one.
    if (viewerOrg === "" || !query.parameters.has("org")) {
      return invalid(`${query.name} cannot be kept to the viewer's org`);
    }
    values.set("org", viewerOrg);
  }
  const literals = new Map<string, string>();
  for (const [name, parameter] of query.parameters) {
    const value = values.get(name) ?? parameter.default;
    if (value === undefined) return invalid(`${name} is missing`);
    const read = readValue(parameter, value, { nowMs });
    if (read.kind === "wrong") return invalid(`${name} ${read.why}`);
    literals.set(name, read.sql);
  }
  if (Number(literals.get("from") ?? 0) >= Number(literals.get("to") ?? Infinity)) {
    return invalid("from must lie before to");
  }
  const put = (_: string, name: string): string => literals.get(name) ?? "";
  return { kind: "statement", sql: query.template.replaceAll(/\{(\w+)\}/g, put) };
}

function invalid(reason: string): Filled {
  return { kind: "invalid", reason };
}
