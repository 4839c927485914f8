/** The types that production's planner names in its errors. */
export type AeType =
  | "Integer"
  | "Double"
  | "String"
  | "DateTime"
  | "Date"
  | "Boolean"
  | "Null"
  | "Interval"
  | "Array";

/**
 * A value's type on both sides: `type` decides what the dialect allows, `stored` is ClickHouse's
 * own type, which is what the answer's `meta` shows and what decides how JSON encodes the value.
 */
export interface ValueType {
  readonly type: AeType;
  readonly stored: string;
}

export const numericTypes: readonly AeType[] = ["Integer", "Double"];

export const stringValue: ValueType = { type: "String", stored: "String" };
export const doubleValue: ValueType = { type: "Double", stored: "Float64" };
export const booleanValue: ValueType = { type: "Boolean", stored: "UInt8" };
export const countValue: ValueType = { type: "Integer", stored: "UInt64" };
export const dateTimeValue: ValueType = { type: "DateTime", stored: "DateTime" };
export const dateValue: ValueType = { type: "Date", stored: "Date" };

/** An integer of ClickHouse's type `stored`. */
export function integerValue(stored: string): ValueType {
  return { type: "Integer", stored };
}

interface Shape {
  readonly signed: boolean;
  readonly bytes: number;
}

function shapeOf(stored: string): Shape {
  const match = /^(U?)Int(8|16|32|64)$/.exec(stored);
  if (match === null) return { signed: true, bytes: 8 };
  return { signed: match[1] === "", bytes: Number(match[2]) / 8 };
}

/** How many bits a number of ClickHouse's type `stored` has. */
export function bitsOf(stored: string): number {
  return shapeOf(stored).bytes * 8;
}

function integerOf(signed: boolean, bytes: number): ValueType {
  return integerValue(`${signed ? "" : "U"}Int${Math.min(bytes, 8) * 8}`);
}

/** The smallest unsigned or signed type that holds an integer literal, as ClickHouse chooses it. */
export function literalType(value: bigint): ValueType {
  for (const bits of [8n, 16n, 32n, 64n]) {
    if (value >= 0n && value < 1n << bits) return integerValue(`UInt${bits}`);
    if (value < 0n && value >= -(1n << (bits - 1n))) return integerValue(`Int${bits}`);
  }
  return doubleValue;
}

/**
 * What ClickHouse makes of arithmetic: integers grow to the next size, so that one operation cannot
 * overflow; a difference is signed; a quotient is a Float64.
 */
export function arithmeticType(operator: string, left: ValueType, right: ValueType): ValueType {
  if (operator === "/" || left.type === "Double" || right.type === "Double") return doubleValue;
  const a = shapeOf(left.stored);
  const b = shapeOf(right.stored);
  if (operator === "%") return integerOf(a.signed, a.signed ? b.bytes * 2 : b.bytes);
  const signed = operator === "-" || a.signed || b.signed;
  return integerOf(signed, Math.max(a.bytes, b.bytes) * 2);
}

export function negatedType(operand: ValueType): ValueType {
  if (operand.type === "Double") return doubleValue;
  const { signed, bytes } = shapeOf(operand.stored);
  return integerOf(true, signed ? bytes : bytes * 2);
}

/** `intDiv`: the dividend's size. */
export function integerDivisionType(left: ValueType, right: ValueType): ValueType {
  const a = shapeOf(left.stored);
  return integerOf(a.signed || shapeOf(right.stored).signed, a.bytes);
}

/** Bitwise functions of two arguments: the larger size. */
export function bitwiseType(left: ValueType, right: ValueType): ValueType {
  const a = shapeOf(left.stored);
  const b = shapeOf(right.stored);
  return integerOf(a.signed || b.signed, Math.max(a.bytes, b.bytes));
}

/** What `sum` gives: 64 bits, so that no dashboard overflows. */
export function sumType(operand: ValueType): ValueType {
  if (operand.type === "Double") return doubleValue;
  return integerOf(shapeOf(operand.stored).signed, 8);
}

/**
 * The type that holds both branches of `if`. Where no integer type holds both, ClickHouse would
 * answer with a Variant, so the branches are cast to Int64 (`cast` says so).
 */
export function commonType(
  left: ValueType,
  right: ValueType,
): ValueType & { readonly cast: boolean } {
  if (left.type !== "Integer" || left.stored === right.stored) return { ...left, cast: false };
  const a = shapeOf(left.stored);
  const b = shapeOf(right.stored);
  if (a.signed === b.signed) {
    return { ...integerOf(a.signed, Math.max(a.bytes, b.bytes)), cast: false };
  }
  const unsigned = a.signed ? b : a;
  const signed = a.signed ? a : b;
  const bytes = Math.max(unsigned.bytes * 2, signed.bytes);
  return { ...integerOf(true, bytes), cast: bytes > 8 };
}

/** The time zone that a `DateTime('…')` carries, if it carries one. */
export function zoneOf(stored: string): string | undefined {
  return /^DateTime\('(.*)'\)$/.exec(stored)?.[1];
}

/** A DateTime in `zone`, or in the session's zone, Etc/UTC. */
export function dateTimeIn(zone: string | undefined): ValueType {
  return zone === undefined ? dateTimeValue : { type: "DateTime", stored: `DateTime('${zone}')` };
}
