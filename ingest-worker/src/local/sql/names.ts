import { make } from "./make-plan.ts";
import type { Output, Plan } from "./plan.ts";
import { Refusal } from "./refusal.ts";
import { unknownColumn } from "./scope.ts";
import type { Ids, NameExpression, Place } from "./scope.ts";
import type { Expression, SelectItem } from "./tree.ts";
import type { ValueType } from "./types.ts";

interface NameSources {
  readonly columns: ReadonlyMap<string, ValueType>;
  readonly qualifiers: readonly string[];
  readonly unknownTable: string | null;
}

/**
 * What the names of one SELECT stand for. An alias hides the column of its name, as in ClickHouse,
 * except inside its own definition; ORDER BY sees the answer's columns only.
 */
export class NameTable {
  /** Checks a projection; set once the scope around this table exists. */
  checkAlias: (node: Expression) => Plan = () => {
    throw new RangeError("names are looked up before there is a scope");
  };
  /** The answer's columns, once they are known: what ORDER BY may name. */
  outputs: readonly Output[] = [];

  readonly #items: readonly SelectItem[];
  readonly #sources: NameSources;
  readonly #strict: boolean;
  readonly #ids: Ids;
  readonly #plans = new Map<SelectItem, Plan>();
  readonly #open = new Set<SelectItem>();

  constructor(
    items: readonly SelectItem[],
    sources: NameSources,
    { strict, ids }: { readonly strict: boolean; readonly ids: Ids },
  ) {
    this.#items = items;
    this.#sources = sources;
    this.#strict = strict;
    this.#ids = ids;
  }

  /** The checked expression of a projection, checked once however often its alias is used. */
  planOf(item: SelectItem): Plan {
    const known = this.#plans.get(item);
    if (known !== undefined) return known;
    this.#open.add(item);
    const plan = this.checkAlias(item.expression);
    this.#open.delete(item);
    this.#plans.set(item, plan);
    return plan;
  }

  resolve(name: NameExpression, place: Place): Plan {
    const [first, second] = name.parts;
    if (name.parts.length > 2 || (second !== undefined && !this.#mayQualify(first))) {
      throw unknownColumn(name, "leave the part before the dot out: there is only one table");
    }
    const word = second ?? first ?? "";
    if (place.clause === "ORDER BY") return this.#outputNamed(word, name, place);
    return this.#aliasNamed(word, name, place) ?? this.#column(word, name);
  }

  #mayQualify(qualifier: string | undefined): boolean {
    return !this.#strict && qualifier !== undefined && this.#sources.qualifiers.includes(qualifier);
  }

  /** An alias; that of an aggregate may stand in HAVING only, as was seen in production. */
  #aliasNamed(word: string, name: NameExpression, place: Place): Plan | undefined {
    const item = this.#items.find((candidate) => candidate.alias?.name === word);
    if (item === undefined || this.#open.has(item)) return undefined;
    const plan = this.planOf(item);
    if (plan.kind === "column") return { ...plan, at: name.at };
    if (plan.aggregates && (place.insideAggregate || place.clause !== "HAVING")) {
      throw new Refusal(
        `cannot use the aggregate "${word}" in the ${place.clause} clause`,
        place.clause === "WHERE"
          ? "WHERE sees single rows: use HAVING for conditions on aggregates"
          : "repeat the aggregate here instead of its alias, or aggregate in a subquery in FROM",
        name.at,
      );
    }
    return this.#reference(plan, name, word);
  }

  #reference(plan: Plan, name: NameExpression, word: string): Plan {
    const output: Output = { name: word, plan };
    return make(name, { kind: "output", output }, plan, plan.id, plan);
  }

  #column(word: string, name: NameExpression): Plan {
    const type = this.#sources.columns.get(word);
    if (type !== undefined) {
      return make(name, { kind: "column", name: word }, type, this.#ids.of("column", word));
    }
    throw unknownColumn(name, this.#missingHint(word));
  }

  #missingHint(word: string): string {
    const { unknownTable, columns } = this.#sources;
    if (unknownTable !== null) {
      return `there is no dataset "${unknownTable}" yet: its first write makes it; SHOW TABLES lists those there are`;
    }
    if (columns.size === 0) return "name a dataset: FROM machine_metrics";
    if (columns.has(word.toLowerCase())) return `names are case-sensitive: ${word.toLowerCase()}`;
    return `the columns are ${columnSummary([...columns.keys()])}; a text takes single quotes`;
  }

  #outputNamed(word: string, name: NameExpression, place: Place): Plan {
    const output = this.outputs.find((candidate) => candidate.name === word);
    if (output !== undefined) {
      if (place.insideAggregate && output.plan.aggregates) {
        throw new Refusal("cannot nest aggregate functions", "order by the alias itself", name.at);
      }
      return output.plan.kind === "column"
        ? { ...output.plan, at: name.at }
        : this.#reference(output.plan, name, word);
    }
    throw unknownColumn(
      name,
      this.#sources.columns.has(word) || this.#items.some((item) => item.alias?.name === word)
        ? "ORDER BY sees the answer's columns only: select it, or order by its alias"
        : this.#missingHint(word),
    );
  }
}

function columnSummary(columns: readonly string[]): string {
  const shown = columns.filter((column) => !/^(?:blob|double)\d+$/.test(column));
  const numbered = columns.includes("blob1") && columns.includes("double20");
  return [...shown, ...(numbered ? ["blob1 to blob20", "double1 to double20"] : [])].join(", ");
}
