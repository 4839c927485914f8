import type { Plan } from "./plan.ts";
import { Refusal } from "./refusal.ts";
import type { Expression } from "./tree.ts";

export type Clause = "SELECT" | "WHERE" | "GROUP BY" | "HAVING" | "ORDER BY";

/** Where an expression stands: names and aggregates mean different things in different places. */
export interface Place {
  readonly clause: Clause;
  readonly insideAggregate: boolean;
}

/** A column, an alias of the SELECT list, or a qualified name that `strict: false` lets pass. */
export type NameExpression = Extract<Expression, { kind: "name" }>;

/** What the checker of expressions needs of the SELECT around it. */
export interface Scope {
  readonly strict: boolean;
  readonly ids: Ids;
  readonly resolve: (name: NameExpression, place: Place) => Plan;
}

/** Gives equal expressions equal numbers, so that "is this grouped by?" is one comparison. */
export class Ids {
  readonly #known = new Map<string, number>();

  /** `parts` are what the expression is made of: its kind, its own facts, its parts' ids. */
  of(...parts: readonly (string | number | bigint | boolean)[]): number {
    const key = JSON.stringify(parts, (_, value: unknown) =>
      typeof value === "bigint" ? `${value}n` : value,
    );
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const id = this.#known.size + 1;
    this.#known.set(key, id);
    return id;
  }
}

/** The refusal of a name that stands for nothing here. */
export function unknownColumn(name: NameExpression, hint: string): Refusal {
  return new Refusal(
    `unable to find type of column: ${name.parts.map((part) => `"${part}"`).join(".")}`,
    hint,
    name.at,
  );
}
