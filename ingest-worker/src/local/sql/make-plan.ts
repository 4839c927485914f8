import { maxExpandedParts, maxTreeDepth } from "./limits.ts";
import type { Plan, PlanNode } from "./plan.ts";
import { Refusal } from "./refusal.ts";
import type { Span } from "./refusal.ts";
import type { ValueType } from "./types.ts";

/** Puts a checked node together; it aggregates where one of its parts does. */
export function make(
  node: { readonly at: Span },
  plan: PlanNode,
  value: ValueType,
  id: number,
  ...parts: readonly Plan[]
): Plan {
  const size = parts.reduce((sum, part) => sum + part.size, 1);
  const depth = parts.reduce((deepest, part) => Math.max(deepest, part.depth), 0) + 1;
  requireBounded(size, depth, node.at);
  return {
    ...plan,
    type: value.type,
    stored: value.stored,
    at: node.at,
    id,
    aggregates: parts.some((part) => part.aggregates),
    size,
    depth,
  };
}

/** Keeps what ClickHouse will have to walk bounded, however often aliases name aliases. */
export function requireBounded(size: number, depth: number, at: Span): void {
  if (size <= maxExpandedParts && depth <= maxTreeDepth) return;
  throw new Refusal(
    "the expression is too large once its aliases are written out",
    "compute the shared part in a subquery in FROM, and use its column",
    at,
  );
}

/** A Boolean, or `bitTest`, which the documentation shows as a condition. */
export function isCondition(plan: Plan): boolean {
  return plan.type === "Boolean" || (plan.kind === "call" && plan.definition.name === "bitTest");
}

export function requireCondition(plan: Plan, where: string): Plan {
  if (isCondition(plan)) return plan;
  throw new Refusal(
    `cannot use the ${plan.type} type ${where}: expected a Boolean`,
    "compare it with something: double1 > 0, blob1 != ''",
    plan.at,
  );
}
