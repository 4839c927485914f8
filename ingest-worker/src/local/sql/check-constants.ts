import type { Plan } from "./plan.ts";
import { Refusal } from "./refusal.ts";
import { bitsOf } from "./types.ts";

type Check = (args: readonly Plan[]) => void;

/**
 * What a function takes of a value that stands in the query itself. ClickHouse would refuse the
 * others while it runs, without a place; here they are refused where they stand.
 */
const checks: Readonly<Record<string, Check>> = {
  bitShiftLeft: requireShift,
  bitShiftRight: requireShift,
  bitTest: requireBitPosition,
  ceil: requireDigits,
  floor: requireDigits,
  formatDateTime: requireDateFormat,
  intDiv: ([a, b]) => requireDivision("intDiv()", a, b),
  round: requireDigits,
  substring: requirePart,
  toDate: requireDay,
  toDateTime: requireMoment,
  toUInt32: requireDigitsOnly,
  toUInt8: requireDigitsOnly,
};

/** Checks the values that a call's arguments have already in the query. Throws a Refusal. */
export function checkConstants(name: string, args: readonly Plan[]): void {
  checks[name]?.(args);
}

/** Refuses `a % 0` and its like. */
export function checkModulo(left: Plan, right: Plan): void {
  // Of a double it is NaN, as in any arithmetic of doubles.
  if (left.type === "Double" || right.type === "Double") return;
  requireDivision("the % operator", left, right);
}

/** The value of a literal. */
function literal(plan: Plan | undefined): number | undefined {
  return plan?.kind === "integer" || plan?.kind === "double" ? Number(plan.value) : undefined;
}

function refuse(reason: string, hint: string, plan: Plan): never {
  throw new Refusal(reason, hint, plan.at);
}

function requireDivision(what: string, left: Plan | undefined, right: Plan | undefined): void {
  const divisor = literal(right);
  if (left === undefined || right === undefined || divisor === undefined) return;
  if (divisor === 0) {
    refuse(`division by zero in ${what}`, "the divisor must not be 0", right);
  }
  const dividend = literal(left);
  if (dividend === undefined) return;
  const bits = bitsOf(left.stored);
  const quotient = dividend / divisor;
  // One bit less than an unsigned type has: with a signed divisor the result is signed.
  const most = 2 ** (left.stored.startsWith("U") && divisor >= 1 ? bits : bits - 1);
  if (quotient < most && quotient >= -most) return;
  refuse(`the result of ${what} is too large`, "use / for a double", left);
}

/** No integer has more digits; of a double ClickHouse takes as many as two bytes count. */
function requireDigits([value, digits]: readonly Plan[]): void {
  const count = literal(digits);
  if (digits === undefined || value === undefined || count === undefined) return;
  const most = value.type === "Integer" ? 19 : 32_767;
  if (Math.abs(count) <= most) return;
  refuse(
    `the number of digits is out of range: ${count}`,
    `write a number from -${most} to ${most}: round(x, 2)`,
    digits,
  );
}

function requireShift([, places]: readonly Plan[]): void {
  const count = literal(places);
  if (places === undefined || count === undefined || count >= 0) return;
  refuse(`cannot shift by ${count} places`, "shift the other way by a positive number", places);
}

function requireBitPosition([value, position]: readonly Plan[]): void {
  const bit = literal(position);
  if (value === undefined || position === undefined || bit === undefined) return;
  const bits = bitsOf(value.stored);
  if (bit >= 0 && bit < bits) return;
  refuse(
    `there is no bit ${bit} in a value of ${bits} bits`,
    `bits are counted from 0 to ${bits - 1}`,
    position,
  );
}

/** Far above what any blob holds, and far below where ClickHouse's own arithmetic ends. */
const longestText = 2 ** 31;

function requirePart([, offset, length]: readonly Plan[]): void {
  if (offset !== undefined && literal(offset) === 0) {
    refuse("substring() counts characters from 1", "write substring(s, 1)", offset);
  }
  for (const plan of [offset, length]) {
    const value = literal(plan);
    if (plan === undefined || value === undefined || Math.abs(value) <= longestText) continue;
    refuse(`substring() cannot count as far as ${value}`, "a blob has 16,000 bytes at most", plan);
  }
}

function requireDigitsOnly([text]: readonly Plan[]): void {
  if (text?.kind !== "string" || /^\+?\d+$/.test(text.value)) return;
  refuse(
    `cannot parse string '${text.value}' as a number`,
    "the text must be a whole number in digits, such as '12'",
    text,
  );
}

function requireMoment([text]: readonly Plan[]): void {
  if (text?.kind === "string" && !/^\d{5,10}$/.test(text.value)) requireDateText(text.value, text);
}

function requireDay([text]: readonly Plan[]): void {
  if (text?.kind === "string") requireDateText(text.value, text);
}

/** Refuses a text that is no date, or no date and time. Throws a Refusal. */
function requireDateText(text: string, plan: Plan): void {
  const match = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d:\d\d))?$/.exec(text);
  if (match !== null) {
    const iso = `${match[1] ?? ""}T${match[2] ?? "00:00:00"}`;
    const time = Date.parse(`${iso}Z`);
    if (!Number.isNaN(time) && new Date(time).toISOString().startsWith(iso)) return;
  }
  throw new Refusal(
    `cannot parse string '${text}' as a DateTime`,
    "write 'YYYY-MM-DD hh:mm:ss' without fractions, Z or offset; the zone is the second argument",
    plan.at,
  );
}

/** What may follow a % in ClickHouse's formatDateTime, which the documentation points to. */
const formatCodes = "%CDFGHIMQRSTVWYabcdefghijklmnprstuwyz";

function requireDateFormat([, format]: readonly Plan[]): void {
  if (format?.kind !== "string") return;
  // The letter may be missing, at the end.
  for (const [, code = ""] of format.value.matchAll(/%(.?)/gsu)) {
    if (code !== "" && formatCodes.includes(code)) continue;
    refuse(
      code === ""
        ? "a format of formatDateTime() cannot end with %"
        : `formatDateTime() does not know %${code}`,
      "%Y-%m-%d %H:%i:%S is a date and a time (minutes are %i), %% a percent sign",
      format,
    );
  }
}
