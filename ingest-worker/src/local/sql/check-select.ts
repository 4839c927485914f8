import { datasetColumns } from "./columns.ts";
import { checkExpression } from "./check-expression.ts";
import { requireGrouping } from "./grouping.ts";
import { make, requireBounded, requireCondition } from "./make-plan.ts";
import { NameTable } from "./names.ts";
import { partsOf } from "./plan.ts";
import type { Output, Plan, SelectPlan, Source } from "./plan.ts";
import { Refusal } from "./refusal.ts";
import { columnNameOf } from "./render.ts";
import { textAt } from "./build-tree.ts";
import type { Clause, Ids, Scope } from "./scope.ts";
import type { Expression, FromClause, Select } from "./tree.ts";
import type { ValueType } from "./types.ts";

/** What stays the same for a whole statement. */
export interface StatementContext {
  readonly sql: string;
  readonly strict: boolean;
  readonly tables: ReadonlyMap<string, string>;
  readonly ids: Ids;
}

interface ReadSource {
  readonly source: Source;
  readonly columns: ReadonlyMap<string, ValueType>;
  /** What a qualified name may begin with, with strict off. */
  readonly qualifiers: readonly string[];
  readonly unknownTable: string | null;
}

/** Checks a SELECT, clause by clause, in the order in which production reports errors. */
export function checkSelect(select: Select, context: StatementContext, nested = false): SelectPlan {
  const read = checkSource(select.from, context, nested);
  const names = new NameTable(select.items, read, context);
  const scope: Scope = {
    strict: context.strict,
    ids: context.ids,
    resolve: (name, place) => names.resolve(name, place),
  };
  const check = (node: Expression, clause: Clause): Plan =>
    checkExpression(node, scope, { clause, insideAggregate: false });
  names.checkAlias = (node) => check(node, "SELECT");

  const outputs = checkOutputs(select, read, names, context);
  const where =
    select.where && requireCondition(check(select.where, "WHERE"), "in the WHERE clause");
  const groupBy = select.groupBy.map((node) => checkGroupKey(node, check, context));
  const having =
    select.having && requireCondition(check(select.having, "HAVING"), "in the HAVING clause");
  names.outputs = outputs;
  const orderBy = select.orderBy.map(({ expression, descending }) => ({
    plan: checkOrderKey(expression, outputs, check, context),
    descending,
  }));
  const { limit, offset } = select;
  const plan: SelectPlan = {
    outputs,
    source: read.source,
    where,
    groupBy,
    having,
    orderBy,
    limit,
    offset,
  };
  requireGrouping(plan);
  requireBounded(
    partsOf(plan).reduce((sum, part) => sum + part.size, 0),
    0,
    select.at,
  );
  if (read.unknownTable !== null && context.strict) throw unknownTable(select, read.unknownTable);
  return plan;
}

function checkSource(
  from: FromClause | null,
  context: StatementContext,
  nested: boolean,
): ReadSource {
  if (from === null) {
    return { source: { kind: "none" }, columns: new Map(), qualifiers: [], unknownTable: null };
  }
  if (from.alias !== null && context.strict) {
    throw new Refusal(
      "table aliases are not supported",
      "leave the alias out: there is only one table",
      from.at,
    );
  }
  const qualifiers = from.alias === null ? [] : [from.alias];
  if (from.kind === "subquery") {
    if (nested) {
      throw new Refusal(
        "cannot nest subqueries inside subqueries",
        "one level is what there is: put the conditions of both levels together",
        from.at,
      );
    }
    const select = checkSelect(from.select, context, true);
    const columns = new Map(
      select.outputs.map(({ name, plan }) => [name, { type: plan.type, stored: plan.stored }]),
    );
    return { source: { kind: "subquery", select }, columns, qualifiers, unknownTable: null };
  }
  const expression = context.tables.get(from.name);
  const known = expression !== undefined;
  return {
    source: { kind: "table", expression: expression ?? null },
    columns: known || !context.strict ? datasetColumns : new Map(),
    qualifiers: [from.name, ...qualifiers],
    unknownTable: known ? null : from.name,
  };
}

function unknownTable(select: Select, name: string): Refusal {
  return new Refusal(
    `unknown table: ${name}`,
    "a dataset is made by its first write; SHOW TABLES lists those there are",
    select.from?.at,
  );
}

function checkOutputs(
  select: Select,
  read: ReadSource,
  names: NameTable,
  context: StatementContext,
): readonly Output[] {
  const outputs: Output[] = [];
  const add = (name: string, plan: Plan): void => {
    outputs.push({ name, plan });
  };
  for (const item of select.items) {
    const { expression, alias } = item;
    if (expression.kind === "star") {
      if (read.columns.size === 0) {
        if (read.unknownTable !== null) throw unknownTable(select, read.unknownTable);
        throw new Refusal(
          "SELECT * needs a FROM clause",
          "name a dataset: FROM machine_metrics",
          expression.at,
        );
      }
      if (alias !== null) {
        throw new Refusal(
          "sql parser error: Expected end of statement, found: AS",
          "* takes no alias",
          alias.at,
        );
      }
      for (const [name, type] of read.columns) {
        add(name, make(expression, { kind: "column", name }, type, context.ids.of("column", name)));
      }
      continue;
    }
    const plan = names.planOf(item);
    if (plan.type === "Null") {
      throw new Refusal(
        "unsupported expression type: NULL",
        "there is no NULL: write '' or 0",
        plan.at,
      );
    }
    add(alias?.name ?? columnNameOf(expression), plan);
  }
  requireDistinctNames(outputs);
  return outputs;
}

function requireDistinctNames(outputs: readonly Output[]): void {
  const seen = new Map<string, number>();
  for (const { name, plan } of outputs) {
    if (name === "") {
      throw new Refusal(
        "a column has an empty name",
        "give it an alias that is not empty",
        plan.at,
      );
    }
    const before = seen.get(name);
    if (before !== undefined && before !== plan.id) {
      throw new Refusal(
        `two different columns have the same name: "${name}"`,
        "give each an alias of its own",
        plan.at,
      );
    }
    seen.set(name, plan.id);
  }
}

function checkGroupKey(
  node: Expression,
  check: (node: Expression, clause: Clause) => Plan,
  context: StatementContext,
): Plan {
  if (node.kind === "name") return check(node, "GROUP BY");
  throw new Refusal(
    `in the GROUP BY clause you may only provide column names: ${textAt(context.sql, node.at)}`,
    "give the expression an alias in SELECT and GROUP BY that",
    node.at,
  );
}

function checkOrderKey(
  node: Expression,
  outputs: readonly Output[],
  check: (node: Expression, clause: Clause) => Plan,
  { strict }: StatementContext,
): Plan {
  const plan = check(node, "ORDER BY");
  if (plan.kind !== "integer") return plan;
  const output = strict ? undefined : outputs[Number(plan.value) - 1];
  if (output !== undefined) return { ...output.plan, at: node.at };
  throw new Refusal(
    "in the ORDER BY clause positions are not supported",
    "name the column: ORDER BY alias",
    node.at,
  );
}
