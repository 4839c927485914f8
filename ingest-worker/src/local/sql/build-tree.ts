import type { IToken } from "chevrotain";
import { Refusal } from "./refusal.ts";
import type { Span } from "./refusal.ts";
import { intervalUnits } from "./tree.ts";
import type { Expression, IntervalUnit } from "./tree.ts";

/** The place of a token, or of everything from `token` to `last`. */
export function spanOf(token: IToken, last: IToken = token): Span {
  return {
    line: token.startLine ?? 1,
    column: token.startColumn ?? 1,
    start: token.startOffset,
    end: (last.endOffset ?? last.startOffset) + 1,
  };
}

/** A span from the start of one to the end of the other. */
export function join(first: Span, last: Span): Span {
  return { ...first, end: last.end };
}

/** One more than the deepest of the parts. */
export function depthOver(...parts: readonly Expression[]): number {
  return parts.reduce((depth, part) => Math.max(depth, part.depth), 0) + 1;
}

/** The text of a place, its white space folded, as error messages show it. */
export function textAt(sql: string, at: Span): string {
  return sql.slice(at.start, at.end).replaceAll(/\s+/g, " ");
}

/**
 * The value of a string literal. In `strict` mode backslashes and doubled quotes are refused, as
 * seen in production; other public projects send them, which `strict: false` follows.
 */
export function stringValue(token: IToken, strict: boolean): string {
  const inner = token.image.slice(1, -1);
  if (!/['\\]/.test(inner)) return inner;
  if (strict) {
    throw new Refusal(
      "backslash and single-quote characters in strings are unsupported",
      "a string has no escapes: match around the character with LIKE and its wildcard _, or keep such characters out of what is written",
      spanOf(token),
    );
  }
  return inner.replaceAll("''", "'").replaceAll(/\\([\s\S])/g, "$1");
}

/** The unit of an interval or of `extract`, or a refusal that lists the six. */
export function unitOf(token: IToken): IntervalUnit {
  const unit = intervalUnits.find((candidate) => candidate === token.image.toUpperCase());
  if (unit !== undefined) return unit;
  throw new Refusal(
    `sql parser error: Expected a date/time field, found: ${token.image}`,
    `write one of ${intervalUnits.join(", ")}`,
    spanOf(token),
  );
}

/** The number after LIMIT or OFFSET. */
export function rowCount(token: IToken): bigint {
  if (/^\d{1,18}$/.test(token.image)) return BigInt(token.image);
  throw new Refusal(
    `sql parser error: Expected a number of rows, found: ${token.image}`,
    "write a whole number",
    spanOf(token),
  );
}
