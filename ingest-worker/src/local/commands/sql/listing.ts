import {
  catalogue,
  describeQuery,
  queryGroups,
  type NamedQuery,
} from "../../../catalogue/index.ts";
import { plainTable } from "./table.ts";

/** What the catalogue has, by group, a line a query. */
export function listingOf(): string {
  const width = Math.max(...[...catalogue.keys()].map(({ length }) => length)) + 1;
  const lineOf = ({ name, question, parameters }: NamedQuery) => {
    const needed = [...parameters.values()].filter((one) => one.default === undefined);
    const needs =
      needed.length === 0 ? "" : ` (needs ${needed.map(({ name }) => name).join(", ")})`;
    return `  ${`@${name}`.padEnd(width)}  ${question}${needs}`;
  };
  const groups = queryGroups.map((group) => {
    const queries = [...catalogue.values()].filter((query) => query.group === group);
    return [group, ...queries.map(lineOf)].join("\n");
  });
  return groups.join("\n\n");
}

/** The same for programs. */
export function listingJson(): string {
  return JSON.stringify([...catalogue.values()].map(describeQuery));
}

/** All that a query's head says, and its statement. */
export function aboutText(query: NamedQuery): string {
  const table = plainTable(["parameter", "type", "default"]);
  for (const { name, type, default: given, choices } of query.parameters.values()) {
    const kind = choices.length > 0 ? choices.join(" | ") : type;
    table.push([name, kind, given === "" ? "all" : (given ?? "has to be given")]);
  }
  return [
    query.question,
    query.read,
    `Units: ${query.unit}.`,
    table.toString(),
    query.template,
  ].join("\n\n");
}
