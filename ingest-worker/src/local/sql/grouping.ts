import { childrenOf } from "./plan.ts";
import type { Plan, SelectPlan } from "./plan.ts";
import { Refusal } from "./refusal.ts";

/**
 * In a query that aggregates, everything outside an aggregate must follow from the GROUP BY keys;
 * ClickHouse would refuse the rest in words that fit no query of ours.
 */
export function requireGrouping(plan: SelectPlan): void {
  const { outputs, groupBy, having, orderBy } = plan;
  const shown = [...outputs.map((output) => output.plan), ...orderBy.map((key) => key.plan)];
  const grouped =
    groupBy.length > 0 || having !== null || shown.some((shownPlan) => shownPlan.aggregates);
  if (!grouped) return;
  const keys = new Set(groupBy.map((key) => key.id));
  const settled = new Set<number>();
  for (const expression of [...shown, ...(having === null ? [] : [having])]) {
    requireGrouped(expression, keys, settled);
  }
}

function requireGrouped(plan: Plan, keys: ReadonlySet<number>, settled: Set<number>): void {
  if (keys.has(plan.id) || settled.has(plan.id)) return;
  if (plan.kind === "call" && plan.definition.aggregate === true) return;
  if (plan.kind === "column") {
    throw new Refusal(
      `column "${plan.name}" is neither in the GROUP BY clause nor in an aggregate function`,
      `add it to GROUP BY, or pick one of its values: argMax(${plan.name}, timestamp)`,
      plan.at,
    );
  }
  for (const child of childrenOf(plan)) requireGrouped(child, keys, settled);
  settled.add(plan.id);
}
