import { checkCall } from "./check-call.ts";
import { checkConstant, checkInterval, checkNumber } from "./check-literal.ts";
import {
  checkArithmetic,
  checkComparison,
  checkExtract,
  checkLogical,
  checkMatching,
  checkNegation,
  checkNot,
} from "./check-operator.ts";
import type { Plan } from "./plan.ts";
import { Refusal } from "./refusal.ts";
import type { Place, Scope } from "./scope.ts";
import type { Expression } from "./tree.ts";

/** Looks the names of an expression up and types it, or throws the `Refusal` that it earns. */
export function checkExpression(node: Expression, scope: Scope, place: Place): Plan {
  const check = (part: Expression): Plan => checkExpression(part, scope, place);
  switch (node.kind) {
    case "name":
      return scope.resolve(node, place);
    case "star":
      throw new Refusal(
        "sql parser error: Expected an expression, found: *",
        "* stands alone in SELECT",
        node.at,
      );
    case "number":
      return checkNumber(node, scope);
    case "string":
    case "boolean":
    case "null":
      return checkConstant(node, scope);
    case "interval":
      return checkInterval(node, scope);
    case "negate":
      return checkNegation(node, check(node.operand), scope);
    case "not":
      return checkNot(node, check(node.operand), scope);
    case "arithmetic":
      return checkArithmetic(node, check(node.left), check(node.right), scope);
    case "comparison":
      return checkComparison(node, check(node.left), check(node.right), scope);
    case "logical":
      return checkLogical(node, node.operands.map(check), scope);
    case "in":
    case "between":
    case "like":
      return checkMatching(node, check, scope);
    case "extract":
      return checkExtract(node, check(node.operand), scope);
    case "call":
      return checkCall(node, scope, place, checkExpression);
    case "unsupported":
      throw new Refusal(
        `unsupported expression type: ${node.text}`,
        unsupportedHints[node.what],
        node.at,
      );
  }
}

const unsupportedHints: Readonly<
  Record<Extract<Expression, { kind: "unsupported" }>["what"], string>
> = {
  CASE: "write nested if(condition, then, else); all branches need one type",
  CAST: "toUInt32(x), toUInt8(x) and toDateTime(x) convert; a number becomes a string by format('{}', x)",
  "::": "toUInt32(x), toUInt8(x) and toDateTime(x) convert; a number becomes a string by format('{}', x)",
  "IS NULL": "no column is ever NULL: what was not written is '' in a blob and 0 in a double",
  "||": "join strings with format('{}{}', a, b)",
  "[]": "there are no arrays: blobs are the columns blob1 to blob20",
};
