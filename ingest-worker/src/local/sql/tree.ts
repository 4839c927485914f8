import type { Span } from "./refusal.ts";

/** The units that an interval and `extract` know. */
export const intervalUnits = ["YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND"] as const;
export type IntervalUnit = (typeof intervalUnits)[number];

export type ArithmeticOperator = "+" | "-" | "*" | "/" | "%";
export type ComparisonOperator = "=" | "<" | ">" | "<=" | ">=" | "<>" | "!=";

/** What every node of the tree carries: its place, and how deep the tree is below it. */
interface NodeBase {
  readonly at: Span;
  readonly depth: number;
}

/** An expression as it was written: nothing in it has been looked up or typed yet. */
export type Expression = NodeBase &
  (
    | { readonly kind: "name"; readonly parts: readonly string[] }
    | { readonly kind: "star" }
    | { readonly kind: "number"; readonly text: string }
    | { readonly kind: "string"; readonly value: string }
    | { readonly kind: "boolean"; readonly value: boolean }
    | { readonly kind: "null" }
    | {
        readonly kind: "interval";
        readonly amount: string;
        readonly quoted: boolean;
        readonly unit: IntervalUnit;
      }
    | { readonly kind: "negate" | "not"; readonly operand: Expression }
    | {
        readonly kind: "arithmetic";
        readonly operator: ArithmeticOperator;
        readonly left: Expression;
        readonly right: Expression;
      }
    | {
        readonly kind: "comparison";
        readonly operator: ComparisonOperator;
        readonly left: Expression;
        readonly right: Expression;
      }
    | {
        readonly kind: "logical";
        readonly operator: "AND" | "OR";
        readonly operands: readonly Expression[];
      }
    | {
        readonly kind: "in";
        readonly operand: Expression;
        readonly negated: boolean;
        readonly list: readonly Expression[];
      }
    | {
        readonly kind: "between";
        readonly operand: Expression;
        readonly negated: boolean;
        readonly low: Expression;
        readonly high: Expression;
      }
    | {
        readonly kind: "like";
        readonly operand: Expression;
        readonly negated: boolean;
        readonly caseInsensitive: boolean;
        readonly pattern: Expression;
      }
    | { readonly kind: "extract"; readonly unit: IntervalUnit; readonly operand: Expression }
    | CallExpression
    | { readonly kind: "unsupported"; readonly what: UnsupportedSyntax; readonly text: string }
  );

/** A function call; `parameters` are those of `topK(5)(x)`, `null` where there is one list only. */
export type CallExpression = NodeBase & {
  readonly kind: "call";
  readonly name: string;
  readonly parameters: readonly Expression[] | null;
  readonly arguments: readonly Expression[];
  readonly distinct: boolean;
  /** `in` for `position(needle IN haystack)`, which has a form of its own. */
  readonly form: "plain" | "in";
};

/** SQL that is recognised so that it can be refused with its cure. */
export type UnsupportedSyntax = "CASE" | "CAST" | "IS NULL" | "||" | "::" | "[]";

export interface SelectItem {
  readonly expression: Expression;
  readonly alias: { readonly name: string; readonly at: Span } | null;
}

export interface OrderItem {
  readonly expression: Expression;
  readonly descending: boolean;
}

/** What a SELECT reads: nothing, a dataset, or one subquery. */
export type FromClause =
  | {
      readonly kind: "table";
      readonly name: string;
      readonly alias: string | null;
      readonly at: Span;
    }
  | {
      readonly kind: "subquery";
      readonly select: Select;
      readonly alias: string | null;
      readonly at: Span;
    };

export interface Select {
  readonly at: Span;
  readonly items: readonly SelectItem[];
  readonly from: FromClause | null;
  readonly where: Expression | null;
  readonly groupBy: readonly Expression[];
  readonly having: Expression | null;
  readonly orderBy: readonly OrderItem[];
  readonly limit: bigint | null;
  readonly offset: bigint | null;
}

/** A whole statement; `format` is as written. */
export interface Statement {
  readonly body:
    | { readonly kind: "select"; readonly select: Select }
    | { readonly kind: "show-tables" | "show-timezones" | "show-timezone" };
  readonly format: { readonly name: string; readonly at: Span } | null;
}
