import { checkArguments, requireArity, requireParameter } from "./check-arguments.ts";
import { findFunction } from "./functions/index.ts";
import type { FunctionDefinition } from "./functions/definition.ts";
import { make } from "./make-plan.ts";
import type { Plan } from "./plan.ts";
import { Refusal } from "./refusal.ts";
import { renderForMessage } from "./render.ts";
import { replacementFor } from "./replacements.ts";
import type { Place, Scope } from "./scope.ts";
import type { CallExpression, Expression } from "./tree.ts";
import { commonType } from "./types.ts";
import type { ValueType } from "./types.ts";

type Check = (node: Expression, scope: Scope, place: Place) => Plan;

/** Checks a call: the function's name, how many arguments, their types, and where it stands. */
export function checkCall(node: CallExpression, scope: Scope, place: Place, check: Check): Plan {
  const definition = findFunction(node.name);
  if (definition === undefined || (definition.status === "disputed" && scope.strict)) {
    throw new Refusal(
      `unknown function call: ${node.name.toUpperCase()}`,
      replacementFor(node.name),
      node.at,
    );
  }
  const count = requireShape(node, definition, scope);
  requirePlace(node, definition, place);
  const inner: Place = definition.aggregate === true ? { ...place, insideAggregate: true } : place;
  const parameter = requireParameter(node, definition, scope);
  const args = node.arguments.map((argument) => check(argument, scope, inner));
  if (!count) checkArguments(node, definition, args);
  const value = definition.name === "if" ? branchType(node, args) : definition.result(args);
  const id = scope.ids.of(
    "call",
    definition.name,
    node.distinct,
    parameter?.id ?? 0,
    ...args.map((arg) => arg.id),
  );
  const { distinct } = node;
  const plan = make(
    node,
    { kind: "call", definition, parameter, args, distinct },
    value,
    id,
    ...args,
  );
  return { ...plan, aggregates: plan.aggregates || definition.aggregate === true };
}

/**
 * How many arguments and whether DISTINCT. These come before anything else that could be wrong, as
 * in production, where `count(*)` hides every other error. Says whether it was a count.
 */
function requireShape(node: CallExpression, definition: FunctionDefinition, scope: Scope): boolean {
  const [first] = node.arguments;
  const isCount = definition.name === "count";
  if (isCount && !node.distinct && first !== undefined) {
    throw new Refusal(
      `COUNT() function must have 0 arguments: ${node.arguments.length}`,
      "write count() for stored rows or sum(_sample_interval) for points; count(DISTINCT column) counts values",
      node.at,
    );
  }
  const star = node.arguments.find((argument) => argument.kind === "star");
  if (star !== undefined) {
    throw new Refusal(
      `${definition.name.toUpperCase()}() function takes no *`,
      `write ${definition.usage}`,
      star.at,
    );
  }
  if (node.distinct && (definition.distinct !== true || node.arguments.length !== 1)) {
    throw new Refusal(
      `DISTINCT is not supported in ${definition.name.toUpperCase()}()`,
      "count(DISTINCT column), sum(DISTINCT column) and avg(DISTINCT column) are what there is",
      node.at,
    );
  }
  if (isCount && scope.strict && first !== undefined && first.kind !== "name") {
    throw new Refusal(
      "COUNT(DISTINCT) takes a column name",
      "give the expression an alias in a subquery in FROM and count that",
      first.at,
    );
  }
  if (!isCount) requireArity(node, definition);
  return isCount;
}

function requirePlace(node: CallExpression, definition: FunctionDefinition, place: Place): void {
  if (definition.aggregate !== true) return;
  if (place.insideAggregate) {
    throw new Refusal(
      `cannot nest aggregate functions: ${renderForMessage(node)}`,
      "aggregate in a subquery in FROM first, then aggregate its columns",
      node.at,
    );
  }
  if (place.clause === "WHERE") {
    throw new Refusal(
      `cannot use an aggregate function in the WHERE clause: ${renderForMessage(node)}`,
      "WHERE sees single rows: use HAVING for conditions on aggregates",
      node.at,
    );
  }
}

function branchType(node: CallExpression, args: readonly Plan[]): ValueType {
  const [, yes, no] = args;
  if (yes === undefined || no === undefined) throw new RangeError("if() was not checked");
  if (yes.type !== no.type || yes.type === "Null") {
    throw new Refusal(
      `the 2nd and 3rd arguments to IF() function must have the same type but instead had ${yes.type} and ${no.type}: ${renderForMessage(node)}`,
      "write 0.0 beside a double, '' beside a string; there is no NULL",
      node.at,
    );
  }
  const { type, stored } = commonType(yes, no);
  return { type, stored };
}
