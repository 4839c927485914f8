import { checkModulo } from "./check-constants.ts";
import { checkNumber } from "./check-literal.ts";
import { isCondition, make, requireCondition } from "./make-plan.ts";
import type { Plan } from "./plan.ts";
import { Refusal } from "./refusal.ts";
import type { Span } from "./refusal.ts";
import type { Scope } from "./scope.ts";
import type { Expression } from "./tree.ts";
import { arithmeticType, booleanValue, integerValue, negatedType, numericTypes } from "./types.ts";
import type { AeType, ValueType } from "./types.ts";

/** Whether two types may be compared. */
function comparable(left: ValueType, right: ValueType, strict: boolean): boolean {
  const both = (types: readonly AeType[]): boolean =>
    types.includes(left.type) && types.includes(right.type);
  if (both(numericTypes) || both(["DateTime", "Date"])) return true;
  if (!strict && both(["DateTime", "Integer", "Double"])) return true;
  return left.type === right.type && ["String", "Boolean"].includes(left.type);
}

function requireComparable(
  left: Plan,
  right: Plan,
  operator: string,
  at: Span,
  scope: Scope,
): void {
  if (comparable(left, right, scope.strict)) return;
  throw cannotCombine(left, right, operator, at);
}

function cannotCombine(left: Plan, right: Plan, operator: string, at: Span): Refusal {
  return new Refusal(
    `cannot combine the ${left.type} and ${right.type} types with the ${operator} operator`,
    combineHint(left.type, right.type),
    at,
  );
}

function combineHint(left: AeType, right: AeType): string {
  const has = (type: AeType): boolean => left === type || right === type;
  if (has("DateTime") && has("String")) return "wrap the text: toDateTime('2026-01-31 12:00:00')";
  if (has("DateTime") && (has("Integer") || has("Double"))) {
    return "wrap the number of seconds: toDateTime(n); or move by INTERVAL '1' HOUR";
  }
  if (left === "DateTime" && right === "DateTime") return "subtract toUnixTimestamp() of both";
  if (has("Boolean")) return "a condition is not a number: if(condition, 1, 0)";
  if (has("Null")) return "no column is ever NULL: compare with '' or 0";
  if (has("String")) return "convert the text: toUInt32(blob1); or quote the number: '5'";
  return "both sides need types that go together";
}

export function checkNot(node: Expression, operand: Plan, { ids }: Scope): Plan {
  requireCondition(operand, "after NOT");
  return make(node, { kind: "not", operand }, booleanValue, ids.of("not", operand.id), operand);
}

export function checkComparison(
  node: Extract<Expression, { kind: "comparison" }>,
  left: Plan,
  right: Plan,
  scope: Scope,
): Plan {
  const operator = node.operator === "!=" ? "<>" : node.operator;
  requireComparable(left, right, operator, node.at, scope);
  const id = scope.ids.of("comparison", operator, left.id, right.id);
  return make(node, { kind: "comparison", operator, left, right }, booleanValue, id, left, right);
}

export function checkExtract(
  node: Extract<Expression, { kind: "extract" }>,
  operand: Plan,
  { ids }: Scope,
): Plan {
  const { unit } = node;
  if (operand.type !== "DateTime" && operand.type !== "Date") {
    throw new Refusal(
      `cannot use the ${operand.type} type in extract(${unit} FROM …)`,
      "extract takes a DateTime",
      operand.at,
    );
  }
  const value = integerValue(unit === "YEAR" ? "UInt16" : "UInt8");
  const id = ids.of("extract", unit, operand.id);
  return make(node, { kind: "extract", unit, operand }, value, id, operand);
}

export function checkNegation(
  node: Extract<Expression, { kind: "negate" | "not" }>,
  operand: Plan,
  scope: Scope,
): Plan {
  if (!numericTypes.includes(operand.type)) {
    throw new Refusal(
      `cannot use the ${operand.type} type with the unary - operator`,
      operand.type === "Interval"
        ? "subtract the interval instead: now() - INTERVAL '1' DAY"
        : "negate numbers only",
      node.at,
    );
  }
  if (operand.kind === "integer" && operand.value > 0n && operand.value <= 1n << 63n) {
    return checkNumber({ ...node, kind: "number", text: `-${operand.value}` }, scope);
  }
  const value = negatedType(operand);
  return make(
    node,
    { kind: "negate", operand },
    value,
    scope.ids.of("negate", operand.id),
    operand,
  );
}

export function checkArithmetic(
  node: Extract<Expression, { kind: "arithmetic" }>,
  left: Plan,
  right: Plan,
  { ids, strict }: Scope,
): Plan {
  const { operator } = node;
  const value = arithmeticResult(operator, left, right, strict);
  if (value === null) throw cannotCombine(left, right, operator, node.at);
  if (operator === "%") checkModulo(left, right);
  if (left.type === "DateTime") requireSeconds(right);
  const id = ids.of("arithmetic", operator, left.id, right.id);
  return make(node, { kind: "arithmetic", operator, left, right }, value, id, left, right);
}

function arithmeticResult(
  operator: string,
  left: Plan,
  right: Plan,
  strict: boolean,
): ValueType | null {
  if (numericTypes.includes(left.type) && numericTypes.includes(right.type)) {
    return arithmeticType(operator, left, right);
  }
  if (operator !== "+" && operator !== "-") return null;
  if (right.type === "Interval") return movedType(left, right);
  if (left.type === "Interval" && operator === "+") return movedType(right, left);
  if (strict || left.type !== "DateTime") return null;
  if (right.type === "Integer") return { type: "DateTime", stored: left.stored };
  if (right.type === "DateTime" && operator === "-") return integerValue("Int32");
  return null;
}

/** Seconds beside a DateTime are signed. */
function requireSeconds(plan: Plan): void {
  if (plan.kind !== "integer" || plan.value < 1n << 63n) return;
  throw new Refusal(
    `cannot move a DateTime by ${plan.value} seconds`,
    "no time is as far away: write INTERVAL '1' YEAR",
    plan.at,
  );
}

/** A DateTime moved by an interval; a Date moved by hours or less becomes a DateTime. */
function movedType(moment: Plan, interval: Plan): ValueType | null {
  if (moment.type === "DateTime") return { type: "DateTime", stored: moment.stored };
  if (moment.type !== "Date") return null;
  return /^Interval(?:Hour|Minute|Second)$/.test(interval.stored)
    ? { type: "DateTime", stored: "DateTime" }
    : { type: "Date", stored: "Date" };
}

export function checkLogical(
  node: Extract<Expression, { kind: "logical" }>,
  operands: readonly Plan[],
  { ids }: Scope,
): Plan {
  const { operator } = node;
  const wrong = operands.findIndex((operand) => !isCondition(operand));
  const [first, second] = operands.slice(Math.max(wrong - 1, 0));
  if (wrong >= 0 && first !== undefined && second !== undefined) {
    throw cannotCombine(first, second, operator, node.at);
  }
  const id = ids.of("logical", operator, ...operands.map((operand) => operand.id));
  return make(node, { kind: "logical", operator, operands }, booleanValue, id, ...operands);
}

export function checkMatching(
  node: Extract<Expression, { kind: "in" | "between" | "like" }>,
  check: (part: Expression) => Plan,
  scope: Scope,
): Plan {
  const { ids } = scope;
  const operand = check(node.operand);
  const { negated, at } = node;
  if (node.kind === "in") {
    const list = node.list.map(check);
    for (const item of list)
      requireComparable(operand, item, negated ? "NOT IN" : "IN", item.at, scope);
    const id = ids.of("in", negated, operand.id, ...list.map((item) => item.id));
    return make(node, { kind: "in", operand, negated, list }, booleanValue, id, operand, ...list);
  }
  if (node.kind === "between") {
    const low = check(node.low);
    const high = check(node.high);
    requireComparable(operand, low, ">=", at, scope);
    requireComparable(operand, high, "<=", at, scope);
    const id = ids.of("between", negated, operand.id, low.id, high.id);
    return make(
      node,
      { kind: "between", operand, negated, low, high },
      booleanValue,
      id,
      operand,
      low,
      high,
    );
  }
  const pattern = check(node.pattern);
  const { caseInsensitive } = node;
  if (operand.type !== "String" || pattern.type !== "String") {
    throw cannotCombine(
      operand,
      pattern,
      `${negated ? "NOT " : ""}${caseInsensitive ? "ILIKE" : "LIKE"}`,
      at,
    );
  }
  const id = ids.of("like", negated, caseInsensitive, operand.id, pattern.id);
  return make(
    node,
    { kind: "like", operand, negated, caseInsensitive, pattern },
    booleanValue,
    id,
    operand,
    pattern,
  );
}
