import { functions } from "./functions/index.ts";
import type { Plan } from "./plan.ts";
import { quoteName, quoteString } from "./quote.ts";
import { commonType, zoneOf } from "./types.ts";

/** The names that the printed SELECT uses inside, none of which a client can have chosen. */
export interface Naming {
  /** The alias of what FROM reads: columns are qualified by it, so that no alias hides them. */
  readonly source: string;
  /** The inner name of an expression that is used by its alias, by the expression's id. */
  readonly shared: ReadonlyMap<number, string>;
  /** Asked for a name for an expression that is about to be used by its alias. */
  readonly share: (plan: Plan) => string;
}

const partFunctions: Readonly<Record<string, string>> = {
  YEAR: "toYear",
  MONTH: "toMonth",
  DAY: "toDayOfMonth",
  HOUR: "toHour",
  MINUTE: "toMinute",
  SECOND: "toSecond",
};

/** Prints a checked expression as ClickHouse SQL. */
export function printExpression(plan: Plan, naming: Naming): string {
  return naming.shared.get(plan.id) ?? printWhole(plan, naming);
}

/** Prints an expression itself, even where there is a name for it: as that name's definition. */
export function printWhole(plan: Plan, naming: Naming): string {
  const print = (part: Plan): string => printExpression(part, naming);
  const operand = (part: Plan): string => printOperand(part, naming);
  switch (plan.kind) {
    case "column":
      return `${naming.source}.${quoteName(plan.name)}`;
    case "output":
      return naming.share(plan.output.plan);
    case "integer":
      return String(plan.value);
    case "double":
      return printDouble(plan.value);
    case "string":
      return quoteString(plan.value);
    case "boolean":
      return plan.value ? "1" : "0";
    case "null":
      return "NULL";
    case "interval":
      return `to${plan.stored}(${plan.amount})`;
    case "negate":
      return `-(${print(plan.operand)})`;
    case "not":
      return `NOT (${print(plan.operand)})`;
    case "arithmetic":
      return `${printLeft(plan.left, plan.operator, naming)} ${plan.operator} ${operand(plan.right)}`;
    case "comparison":
      return `${operand(plan.left)} ${plan.operator} ${operand(plan.right)}`;
    case "logical":
      return plan.operands.map(operand).join(` ${plan.operator} `);
    case "in":
      return printIn(plan, naming);
    case "between": {
      const printed = `${operand(plan.operand)} BETWEEN ${operand(plan.low)} AND ${operand(plan.high)}`;
      return plan.negated ? `NOT (${printed})` : printed;
    }
    case "like": {
      const word = `${plan.negated ? "NOT " : ""}${plan.caseInsensitive ? "ILIKE" : "LIKE"}`;
      return `${operand(plan.operand)} ${word} ${operand(plan.pattern)}`;
    }
    case "extract": {
      const name = partFunctions[plan.unit] ?? "";
      const definition = functions.find((candidate) => candidate.name === name);
      const call = { args: [print(plan.operand)], plans: [plan.operand], parameter: undefined };
      return definition?.print(call) ?? "";
    }
    case "call":
      return printCall(plan, naming);
  }
}

function printCall(plan: Extract<Plan, { kind: "call" }>, naming: Naming): string {
  const { definition, args, distinct } = plan;
  const printed = args.map((arg) => printExpression(arg, naming));
  if (definition.name === "if") return printIf(args, printed);
  if (distinct && definition.name !== "count") {
    return `${definition.name}(DISTINCT ${printed.join(", ")})`;
  }
  const parameter = plan.parameter === null ? undefined : printExpression(plan.parameter, naming);
  return definition.print({ args: printed, plans: args, parameter });
}

/** Both branches must have one type of ClickHouse's too, or the answer would be a Variant. */
function printIf(args: readonly Plan[], printed: readonly string[]): string {
  const [, yes, no] = args;
  const [condition = "", whenYes = "", whenNo = ""] = printed;
  if (yes === undefined || no === undefined) return "";
  const common = commonType(yes, no);
  if (common.cast) return `if(${condition}, toInt64(${whenYes}), toInt64(${whenNo}))`;
  if (yes.type === "DateTime" && yes.stored !== no.stored) {
    // A cast would keep the other zone.
    const zone = zoneOf(yes.stored);
    const argument = zone === undefined ? "" : `, ${quoteString(zone)}`;
    return `if(${condition}, ${whenYes}, toDateTime(toUnixTimestamp(${whenNo})${argument}))`;
  }
  return `if(${condition}, ${whenYes}, ${whenNo})`;
}

/** ClickHouse wants a constant list; any other is spelled out as comparisons. */
function printIn(plan: Extract<Plan, { kind: "in" }>, naming: Naming): string {
  const operand = printOperand(plan.operand, naming);
  const isConstant = plan.list.every((item) => ["string", "integer", "double"].includes(item.kind));
  // A number is no DateTime to IN, though it is to =.
  if (isConstant && plan.operand.type !== "DateTime") {
    const list = plan.list.map((item) => printExpression(item, naming)).join(", ");
    return `${operand} ${plan.negated ? "NOT IN" : "IN"} (${list})`;
  }
  const any = plan.list.map((item) => `${operand} = ${printOperand(item, naming)}`).join(" OR ");
  return `${plan.negated ? "NOT " : ""}(${any})`;
}

/** An expression in parentheses, unless it holds together without them. */
function printOperand(plan: Plan, naming: Naming): string {
  const printed = printExpression(plan, naming);
  const whole =
    naming.shared.has(plan.id) ||
    ["column", "output", "string", "boolean", "null", "interval", "extract", "call"].includes(
      plan.kind,
    ) ||
    ((plan.kind === "integer" || plan.kind === "double") && plan.value >= 0);
  return whole ? printed : `(${printed})`;
}

/** The left side of a chain keeps no parentheses: ClickHouse's parser bounds their depth. */
function printLeft(left: Plan, operator: string, naming: Naming): string {
  const isChain =
    left.kind === "arithmetic" &&
    !naming.shared.has(left.id) &&
    (rank(left.operator) === rank(operator) || rank(operator) === 0);
  return isChain ? printExpression(left, naming) : printOperand(left, naming);
}

function rank(operator: string): number {
  return operator === "+" || operator === "-" ? 0 : 1;
}

/** A double that ClickHouse reads as a Float64 too. */
function printDouble(value: number): string {
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}
