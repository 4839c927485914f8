import { stringify } from "csv-stringify/sync";
import type { SqlAnswer } from "./answer.ts";

/** An answer as CSV (RFC 4180) with a line of names, values as they came. */
export function csvOf({ columns, rows }: SqlAnswer): string {
  const header = columns.map(({ name }) => name);
  const texts = rows.map((row) =>
    row.map((cell) => (typeof cell === "string" ? disarmed(cell) : cell)),
  );
  return stringify([header, ...texts], { record_delimiter: "\r\n" });
}

/**
 * A spreadsheet takes such a text for a formula and runs it; a name that a machine made up must not
 * be able to. With a quote in front it is a text for all of them.
 */
function disarmed(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}
