import { findFunction } from "./functions/index.ts";
import type { CallExpression, Expression } from "./tree.ts";

/** ClickHouse's names of the operators, which make the name of a column without an alias. */
const operatorNames: Readonly<Record<string, string>> = {
  "+": "plus",
  "-": "minus",
  "*": "multiply",
  "/": "divide",
  "%": "modulo",
  "=": "equals",
  "<>": "notEquals",
  "!=": "notEquals",
  "<": "less",
  ">": "greater",
  "<=": "lessOrEquals",
  ">=": "greaterOrEquals",
  AND: "and",
  OR: "or",
  LIKE: "like",
  ILIKE: "ilike",
  "NOT LIKE": "notLike",
  "NOT ILIKE": "notILike",
};

/** How operators and names are shown; everything else is shown alike. */
interface Style {
  readonly name: (parts: readonly string[]) => string;
  readonly operator: (operator: string, operands: readonly string[]) => string;
  readonly prefix: (operator: "NOT" | "-", operand: string) => string;
  readonly in: (negated: boolean, operand: string, list: string) => string;
  readonly between: (negated: boolean, operand: string, low: string, high: string) => string;
  readonly like: (operator: string, operand: string, pattern: string) => string;
  readonly interval: (amount: string, unit: string) => string;
}

const messageStyle: Style = {
  name: (parts) => parts.map((part) => `"${part}"`).join("."),
  operator: (operator, operands) => operands.join(` ${operator} `),
  prefix: (operator, operand) => (operator === "-" ? `-${operand}` : `NOT ${operand}`),
  in: (negated, operand, list) => `${operand} ${negated ? "NOT " : ""}IN (${list})`,
  between: (negated, operand, low, high) =>
    `${operand} ${negated ? "NOT " : ""}BETWEEN ${low} AND ${high}`,
  like: (operator, operand, pattern) => `${operand} ${operator} ${pattern}`,
  interval: (amount, unit) => `INTERVAL '${amount}' ${unit}`,
};

const columnStyle: Style = {
  name: (parts) => parts.at(-1) ?? "",
  operator: (operator, operands) => `${operatorNames[operator] ?? ""}(${operands.join(", ")})`,
  prefix: (operator, operand) => {
    if (operator === "NOT") return `not(${operand})`;
    return /^[\d.]+$/.test(operand) ? `-${operand}` : `negate(${operand})`;
  },
  in: (negated, operand, list) => `${negated ? "notIn" : "in"}(${operand}, tuple(${list}))`,
  between: (negated, operand, low, high) => {
    const inside = `and(greaterOrEquals(${operand}, ${low}), lessOrEquals(${operand}, ${high}))`;
    return negated ? `not(${inside})` : inside;
  },
  like: (operator, operand, pattern) => `${operatorNames[operator] ?? ""}(${operand}, ${pattern})`,
  interval: (amount, unit) =>
    `toInterval${unit.slice(0, 1)}${unit.slice(1).toLowerCase()}(${amount})`,
};

/**
 * An expression as production's planner shows it in an error: columns in double quotes, functions
 * by their own spelling.
 */
export function renderForMessage(node: Expression): string {
  return render(node, messageStyle);
}

/** The name that a column without an alias has in the answer: `count()`, `plus(double1, 1)`. */
export function columnNameOf(node: Expression): string {
  return render(node, columnStyle);
}

function render(node: Expression, style: Style): string {
  const show = (part: Expression): string => render(part, style);
  switch (node.kind) {
    case "name":
      return style.name(node.parts);
    case "arithmetic":
    case "comparison":
      return style.operator(node.operator, [show(node.left), show(node.right)]);
    case "logical":
      return style.operator(node.operator, node.operands.map(show));
    case "not":
      return style.prefix("NOT", show(node.operand));
    case "negate":
      return style.prefix("-", show(node.operand));
    case "in":
      return style.in(node.negated, show(node.operand), node.list.map(show).join(", "));
    case "between":
      return style.between(node.negated, show(node.operand), show(node.low), show(node.high));
    case "like": {
      const operator = `${node.negated ? "NOT " : ""}${node.caseInsensitive ? "ILIKE" : "LIKE"}`;
      return style.like(operator, show(node.operand), show(node.pattern));
    }
    case "star":
      return "*";
    case "number":
      return node.text;
    case "string":
      return `'${node.value}'`;
    case "boolean":
      return String(node.value);
    case "null":
      return "NULL";
    case "interval":
      return style.interval(node.amount, node.unit);
    case "extract":
      return `extract(${node.unit} FROM ${show(node.operand)})`;
    case "call":
      return renderCall(node, show);
    case "unsupported":
      return node.text;
  }
}

function renderCall(node: CallExpression, show: (node: Expression) => string): string {
  const name = findFunction(node.name)?.name ?? node.name;
  const separator = node.form === "in" ? " IN " : ", ";
  const lead = node.parameters === null ? "" : `(${node.parameters.map(show).join(", ")})`;
  const distinct = node.distinct ? "DISTINCT " : "";
  return `${name}${lead}(${distinct}${node.arguments.map(show).join(separator)})`;
}
