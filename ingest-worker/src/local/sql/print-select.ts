import { datasetColumns } from "./columns.ts";
import type { Output, Plan, SelectPlan, Source } from "./plan.ts";
import { printExpression, printWhole } from "./print-expression.ts";
import type { Naming } from "./print-expression.ts";
import { quoteName, quoteString } from "./quote.ts";

/** Prints a checked SELECT as one ClickHouse query, without FORMAT. */
export function printSelect(plan: SelectPlan): string {
  return new SelectPrinter(freePrefix(plan)).print(plan);
}

/** A beginning that no name of the query has, so that the inner names meet none of them. */
function freePrefix(plan: SelectPlan): string {
  const names = plan.outputs.map((output) => output.name);
  if (plan.source.kind === "subquery") {
    names.push(...plan.source.select.outputs.map((output) => output.name));
  }
  let prefix = "_e";
  while (names.some((name) => name.startsWith(prefix))) prefix = `_${prefix}`;
  return prefix;
}

class SelectPrinter {
  readonly #prefix: string;
  #names = 0;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  print(plan: SelectPlan): string {
    const source = this.#nextName();
    const shared = new Map<number, string>();
    const definitions: string[] = [];
    const naming: Naming = {
      source,
      shared,
      share: (whole) => {
        const known = shared.get(whole.id);
        if (known !== undefined) return known;
        const printed = printWhole(whole, naming);
        const name = this.#nextName();
        shared.set(whole.id, name);
        definitions.push(`${printed} AS ${name}`);
        return name;
      },
    };
    // What comes after SELECT is printed before it: it decides which expressions get a name.
    const clauses = this.#clauses(plan, naming);
    for (const output of plan.outputs) printExpression(output.plan, naming);
    const list = plan.outputs.map((output) => printOutput(output, naming));
    return [
      ...(definitions.length === 0 ? [] : [`WITH ${definitions.join(", ")}`]),
      `SELECT ${list.join(", ")}`,
      ...this.#from(plan.source, source),
      ...clauses,
    ].join(" ");
  }

  #nextName(): string {
    this.#names += 1;
    return `${this.#prefix}${this.#names}`;
  }

  #from(source: Source, alias: string): readonly string[] {
    switch (source.kind) {
      case "none":
        return [];
      case "table":
        return [`FROM ${source.expression ?? emptyDataset()} AS ${alias}`];
      case "subquery":
        return [`FROM (${this.print(source.select)}) AS ${alias}`];
    }
  }

  #clauses(plan: SelectPlan, naming: Naming): readonly string[] {
    const print = (part: Plan): string => printExpression(part, naming);
    const clauses: string[] = [];
    if (plan.where !== null) clauses.push(`WHERE ${print(plan.where)}`);
    if (plan.groupBy.length > 0) clauses.push(`GROUP BY ${plan.groupBy.map(print).join(", ")}`);
    if (plan.having !== null) clauses.push(`HAVING ${print(plan.having)}`);
    if (plan.orderBy.length > 0) {
      const keys = plan.orderBy.map(
        (key) => `${print(key.plan)} ${key.descending ? "DESC" : "ASC"}`,
      );
      clauses.push(`ORDER BY ${keys.join(", ")}`);
    }
    if (plan.limit !== null) clauses.push(`LIMIT ${plan.limit}`);
    if (plan.offset !== null) clauses.push(`OFFSET ${plan.offset}`);
    return clauses;
  }
}

function printOutput({ name, plan }: Output, naming: Naming): string {
  return `${printExpression(plan, naming)} AS ${quoteName(name)}`;
}

/** A dataset without rows, for one that was never written to. */
function emptyDataset(): string {
  const columns = [...datasetColumns].map(
    ([name, type]) => `defaultValueOfTypeName(${quoteString(type.stored)}) AS ${quoteName(name)}`,
  );
  return `(SELECT ${columns.join(", ")} WHERE 0)`;
}
