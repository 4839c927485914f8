import type { Plan } from "../plan.ts";
import type { AeType, ValueType } from "../types.ts";

/** One argument: which types it may have, and whether it must be written as a literal. */
export interface ParameterDefinition {
  readonly name: string;
  readonly types: readonly AeType[];
  readonly optional?: boolean;
  /** Takes every further argument too. */
  readonly repeated?: boolean;
  /** The value must stand in the query itself, since ClickHouse wants a constant here. */
  readonly literal?: boolean;
}

/** What a printer gets of one call: its printed arguments, and what is known of them. */
export interface PrintedCall {
  readonly args: readonly string[];
  readonly plans: readonly Plan[];
  /** The printed parameter of `topK(5)(…)`, where one was given. */
  readonly parameter: string | undefined;
}

/** An expression with the answer that a test expects of it over the rows of the test table. */
export interface Example {
  readonly sql: string;
  readonly value: unknown;
  /** The type in `meta`; left out where the function's own tests do not care. */
  readonly type?: string;
}

/**
 * One function of the dialect. This is the only place that knows it: the checker reads its
 * arguments and result, the printer its `print`, the conformance table and the tests the rest.
 */
export interface FunctionDefinition {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly group: FunctionGroup;
  readonly usage: string;
  /** `documented` by Cloudflare, or `observed` in production although undocumented. */
  readonly status: "documented" | "observed" | "disputed";
  readonly aggregate?: boolean;
  /** `DISTINCT` may stand before the argument. */
  readonly distinct?: boolean;
  /** A literal in parentheses of its own before the arguments. */
  readonly parameter?: "required" | "optional" | undefined;
  readonly parameterKind?: "level" | "size";
  readonly parameters: readonly ParameterDefinition[];
  readonly result: (args: readonly Plan[]) => ValueType;
  readonly print: (call: PrintedCall) => string;
  readonly examples: readonly Example[];
  readonly note?: string;
}

export const functionGroups = [
  "Aggregate",
  "Bit",
  "Conditional",
  "Date and time",
  "Encoding",
  "Mathematical",
  "String",
  "Type conversion",
] as const;
type FunctionGroup = (typeof functionGroups)[number];

/** Prints a call of ClickHouse's function `name`, or of one by the same name. */
export function callOf(name: string): (call: PrintedCall) => string {
  return ({ args }) => `${name}(${args.join(", ")})`;
}

/** The first argument's own type. */
export function firstType(args: readonly Plan[]): ValueType {
  return typeAt(args, 0);
}

/** The type of argument `index`; the checker has made sure that it is there. */
export function typeAt(args: readonly Plan[], index: number): ValueType {
  const plan = args[index];
  if (plan === undefined) throw new RangeError(`argument ${index} was not checked`);
  return { type: plan.type, stored: plan.stored };
}
