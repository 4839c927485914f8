import Table from "cli-table3";
import { printable } from "../printable.ts";
import type { Cell, SqlAnswer } from "./answer.ts";
import { formatCell } from "./format-cell.ts";

/**
 * An answer as a table for a terminal, or, where it has not the `width` for it, as a list of each
 * row's columns. Values of the catalogue's queries are told in their units.
 */
export function tableOf({ columns, rows }: SqlAnswer, width = Number.POSITIVE_INFINITY): string {
  const names = columns.map(({ name }) => name);
  const table = plainTable(
    names,
    columns.map(({ numeric }) => (numeric ? "right" : "left")),
  );
  const texts = rows.map((row) =>
    row.map((cell, at) => printable(cellText(cell, columns[at]?.unit))),
  );
  table.push(...texts);
  const count = `${rows.length} ${rows.length === 1 ? "row" : "rows"}`;
  const drawn = table.toString();
  if (drawn.indexOf("\n") <= width || rows.length === 0) return `${drawn}\n${count}`;
  return `${recordsOf(names.map(printable), texts)}\n${count}`;
}

function recordsOf(names: readonly string[], rows: readonly (readonly string[])[]): string {
  const nameWidth = Math.max(...names.map(({ length }) => length));
  const lineOf = (text: string, at: number) => `${(names[at] ?? "").padEnd(nameWidth)}  ${text}`;
  return rows.map((row) => `${row.map(lineOf).join("\n")}\n`).join("\n");
}

/** A table without colours. */
export function plainTable(
  head: readonly string[],
  colAligns: ("left" | "right")[] = [],
): Table.Table {
  return new Table({
    head: head.map(printable),
    colAligns,
    style: { head: [], border: [], compact: true },
  });
}

function cellText(cell: Cell, unit: Parameters<typeof formatCell>[1]): string {
  if (cell === null) return "";
  return typeof cell === "string" ? cell : formatCell(cell, unit);
}
