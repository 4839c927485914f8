/** What a query can be asked for, by the type of its parameter. */
export const parameterTypes = ["time", "text", "milliseconds", "dimension", "count"] as const;
export type ParameterType = (typeof parameterTypes)[number];

/** A parameter as a query's head declares it. */
export interface QueryParameter {
  readonly name: string;
  readonly type: ParameterType;
  /** The value that stands where none is given, as a value is written; without one it must be given. */
  readonly default?: string;
  /** What a dimension can be; empty for every other type. */
  readonly choices: readonly Dimension[];
}

/** What points can be grouped by, and the column that has it. */
export const dimensionColumns = {
  org: "blob1",
  project: "blob2",
  machine_type: "blob3",
  machine: "index1",
  process: "blob5",
  kind: "blob11",
  version: "blob12",
} as const;
export type Dimension = keyof typeof dimensionColumns;

/** What a value is read with beside itself. */
export interface ReadingContext {
  /** The time now, ms since the epoch. */
  readonly nowMs: number;
}

/** A value as it stands in the statement, or what is wrong with it. */
export type Literal =
  | { readonly kind: "literal"; readonly sql: string }
  | { readonly kind: "wrong"; readonly why: string };

/** Times relative to now move in steps of this, ms: whoever asks within one asks the same statement, and shares its answer. */
const relativeStepMs = 10_000;

/** Reads one value by the type of its parameter. None reaches a statement in another way. */
export function readValue(
  { type, choices }: QueryParameter,
  value: string,
  context: ReadingContext,
): Literal {
  switch (type) {
    case "time":
      return readTime(value, context);
    case "text":
      return readText(value);
    case "milliseconds":
      return readMilliseconds(value);
    case "dimension":
      return readDimension(value, choices);
    case "count":
      return readCount(value);
  }
}

const unitMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Where the store's DateTime ends, in the year 2106, ms since the epoch. */
const lastTimeMs = 4_294_967_295_000;
const instant = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d))?$/;

function readTime(value: string, { nowMs }: ReadingContext): Literal {
  const ms = timeOf(value, nowMs);
  if (ms !== undefined && ms >= 0 && ms <= lastTimeMs) return literal(String(ms));
  return wrong(
    "must be ms since the epoch, an instant such as 2026-01-31T12:00:00Z, now, or a time back such as 6h",
  );
}

/** What a time says, as ms since the epoch; undefined where it says nothing. */
export function timeOf(value: string, nowMs: number): number | undefined {
  if (/^\d{1,13}$/.test(value)) return Number(value);
  // Up, so that what has just happened is not left out; a time back goes down, so that nothing is cut off.
  if (value === "now") return (Math.floor(nowMs / relativeStepMs) + 1) * relativeStepMs;
  const backMs = durationMs(value);
  if (backMs !== undefined) return Math.floor((nowMs - backMs) / relativeStepMs) * relativeStepMs;
  const ms = instant.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

function durationMs(value: string): number | undefined {
  const match = /^([1-9]\d{0,4})([smhd])$/.exec(value);
  return match === null ? undefined : Number(match[1]) * unitMs[match[2] as keyof typeof unitMs];
}

/** The dialect's texts have no escapes: a value with a quote cannot be said at all, and must not end the text. */
function readText(value: string): Literal {
  if (value.length > 300) return wrong("has more than 300 characters");
  if (/['\\]/.test(value)) {
    return wrong("must not hold a quote or a backslash, which the SQL has no way to write");
  }
  return literal(`'${value}'`);
}

function readMilliseconds(value: string): Literal {
  if (/^[1-9]\d{0,11}$/.test(value)) return literal(value);
  const ms = durationMs(value);
  if (ms !== undefined) return literal(String(ms));
  return wrong("must be a whole number of milliseconds above 0, or a duration such as 5m");
}

function readDimension(value: string, choices: readonly Dimension[]): Literal {
  const choice = choices.find((one) => one === value);
  if (choice !== undefined) return literal(dimensionColumns[choice]);
  return wrong(`must be one of ${choices.join(", ")}`);
}

function readCount(value: string): Literal {
  if (/^[1-9]\d{0,3}$/.test(value) && Number(value) <= 1000) return literal(value);
  return wrong("must be a whole number from 1 to 1000");
}

function literal(sql: string): Literal {
  return { kind: "literal", sql };
}

function wrong(why: string): Literal {
  return { kind: "wrong", why };
}
