import { make } from "./make-plan.ts";
import type { Plan } from "./plan.ts";
import { Refusal } from "./refusal.ts";
import type { Scope } from "./scope.ts";
import type { Expression } from "./tree.ts";
import { booleanValue, doubleValue, literalType, stringValue } from "./types.ts";
import type { ValueType } from "./types.ts";

/**
 * Above this, production was seen to type a literal without a fraction as an integer although it is
 * written with one (`99999999999999.0`); where exactly it begins is not known.
 */
const largestPlainDouble = 4_294_967_295;

/** A text, `true`, `false` or NULL. */
export function checkConstant(
  node: Extract<Expression, { kind: "string" | "boolean" | "null" }>,
  { ids }: Pick<Scope, "ids">,
): Plan {
  switch (node.kind) {
    case "string": {
      const { kind, value } = node;
      return make(node, { kind, value }, stringValue, ids.of(kind, value));
    }
    case "boolean": {
      const { kind, value } = node;
      return make(node, { kind, value }, booleanValue, ids.of(kind, value));
    }
    case "null":
      return make(node, { kind: "null" }, nullValue, ids.of("null"));
  }
}

const nullValue: ValueType = { type: "Null", stored: "Nullable(Nothing)" };

/** A number, with the sign that may have been folded into it. */
export function checkNumber(
  node: Extract<Expression, { kind: "number" }>,
  { ids, strict }: Pick<Scope, "ids" | "strict">,
): Plan {
  const { text } = node;
  if (/^-?\d+$/.test(text)) return integer(node, BigInt(text), ids);
  const value = /^(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isFinite(value)) {
    throw new Refusal(
      `sql parser error: Expected a number, found: ${text}`,
      "write an integer as 42 and a double as 4.2",
      node.at,
    );
  }
  if (strict && Number.isInteger(value) && value > largestPlainDouble && value < 2 ** 63) {
    return integer(node, BigInt(value), ids);
  }
  return make(node, { kind: "double", value }, doubleValue, ids.of("double", String(value)));
}

function integer(node: Expression, value: bigint, ids: Scope["ids"]): Plan {
  const type = literalType(value);
  if (type.type === "Integer")
    return make(node, { kind: "integer", value }, type, ids.of("integer", value));
  throw new Refusal(
    `sql parser error: Expected a number, found: ${value}`,
    "an integer has 64 bits at most; write a larger number as a double",
    node.at,
  );
}

/** `INTERVAL '1' DAY`. */
export function checkInterval(
  node: Extract<Expression, { kind: "interval" }>,
  { ids, strict }: Pick<Scope, "ids" | "strict">,
): Plan {
  const { amount, unit } = node;
  if (!node.quoted && strict) {
    throw new Refusal(
      `sql parser error: Expected literal string, found: ${amount}`,
      `quote the number: INTERVAL '${amount}' ${unit}`,
      node.at,
    );
  }
  if (!/^\d{1,9}$/.test(amount)) {
    throw new Refusal(
      `invalid interval: INTERVAL '${amount}' ${unit}`,
      "write a whole number that is not negative, and subtract the interval to go back in time",
      node.at,
    );
  }
  const name = `${unit[0] ?? ""}${unit.slice(1).toLowerCase()}`;
  return make(
    node,
    { kind: "interval", amount: BigInt(amount), unit },
    { type: "Interval", stored: `Interval${name}` },
    ids.of("interval", amount, unit),
  );
}
