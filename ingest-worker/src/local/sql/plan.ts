import type { FunctionDefinition } from "./functions/definition.ts";
import type { Span } from "./refusal.ts";
import type { ArithmeticOperator, ComparisonOperator, IntervalUnit } from "./tree.ts";
import type { ValueType } from "./types.ts";

/** What is known of every checked expression. */
interface PlanBase extends ValueType {
  readonly at: Span;
  /** Two expressions have the same id exactly where they are the same expression. */
  readonly id: number;
  /** Whether an aggregate function is in it, so that it has no value for a single row. */
  readonly aggregates: boolean;
  /** How many parts it has, and how deep, with every alias in it written out. */
  readonly size: number;
  readonly depth: number;
}

/** A checked expression: names are looked up, types known, literals parsed. */
export type Plan = PlanBase & PlanNode;

export type PlanNode =
  | { readonly kind: "column"; readonly name: string }
  | { readonly kind: "output"; readonly output: Output }
  | { readonly kind: "integer"; readonly value: bigint }
  | { readonly kind: "double"; readonly value: number }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "null" }
  | { readonly kind: "interval"; readonly amount: bigint; readonly unit: IntervalUnit }
  | { readonly kind: "negate" | "not"; readonly operand: Plan }
  | {
      readonly kind: "arithmetic";
      readonly operator: ArithmeticOperator;
      readonly left: Plan;
      readonly right: Plan;
    }
  | {
      readonly kind: "comparison";
      readonly operator: ComparisonOperator;
      readonly left: Plan;
      readonly right: Plan;
    }
  | {
      readonly kind: "logical";
      readonly operator: "AND" | "OR";
      readonly operands: readonly Plan[];
    }
  | {
      readonly kind: "in";
      readonly operand: Plan;
      readonly negated: boolean;
      readonly list: readonly Plan[];
    }
  | {
      readonly kind: "between";
      readonly operand: Plan;
      readonly negated: boolean;
      readonly low: Plan;
      readonly high: Plan;
    }
  | {
      readonly kind: "like";
      readonly operand: Plan;
      readonly negated: boolean;
      readonly caseInsensitive: boolean;
      readonly pattern: Plan;
    }
  | { readonly kind: "extract"; readonly unit: IntervalUnit; readonly operand: Plan }
  | {
      readonly kind: "call";
      readonly definition: FunctionDefinition;
      readonly parameter: Plan | null;
      readonly args: readonly Plan[];
      readonly distinct: boolean;
    };

/** One column of a SELECT's answer. */
export interface Output {
  readonly name: string;
  readonly plan: Plan;
}

/** What a checked SELECT reads. */
export type Source =
  | { readonly kind: "none" }
  /** A dataset; `null` where nothing was ever written to it, which `strict: false` reads as empty. */
  | { readonly kind: "table"; readonly expression: string | null }
  | { readonly kind: "subquery"; readonly select: SelectPlan };

export interface SelectPlan {
  readonly outputs: readonly Output[];
  readonly source: Source;
  readonly where: Plan | null;
  readonly groupBy: readonly Plan[];
  readonly having: Plan | null;
  readonly orderBy: readonly { readonly plan: Plan; readonly descending: boolean }[];
  readonly limit: bigint | null;
  readonly offset: bigint | null;
}

/** Every expression of a SELECT, but those of its subquery. */
export function partsOf({ outputs, where, groupBy, having, orderBy }: SelectPlan): readonly Plan[] {
  return [
    ...outputs.map((output) => output.plan),
    ...(where === null ? [] : [where]),
    ...groupBy,
    ...(having === null ? [] : [having]),
    ...orderBy.map((key) => key.plan),
  ];
}

/** The expressions directly inside one. */
export function childrenOf(plan: Plan): readonly Plan[] {
  switch (plan.kind) {
    case "column":
    case "integer":
    case "double":
    case "string":
    case "boolean":
    case "null":
    case "interval":
      return [];
    case "output":
      return [plan.output.plan];
    case "negate":
    case "not":
    case "extract":
      return [plan.operand];
    case "arithmetic":
    case "comparison":
      return [plan.left, plan.right];
    case "logical":
      return plan.operands;
    case "in":
      return [plan.operand, ...plan.list];
    case "between":
      return [plan.operand, plan.low, plan.high];
    case "like":
      return [plan.operand, plan.pattern];
    case "call":
      return plan.args;
  }
}
