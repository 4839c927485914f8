import Table from "cli-table3";
import { printable } from "../printable.ts";
import type { Cell, SqlAnswer } from "./answer.ts";
import { formatCell } from "./format-cell.ts";

/** An answer as a table for a terminal. Values of the catalogue's queries are told in their units. */
export function tableOf({ columns, rows }: SqlAnswer): string {
  const table = plainTable(
    columns.map(({ name }) => name),
    columns.map(({ numeric }) => (numeric ? "right" : "left")),
  );
  for (const row of rows) {
    table.push(row.map((cell, at) => printable(cellText(cell, columns[at]?.unit))));
  }
  return `${table.toString()}\n${rows.length} ${rows.length === 1 ? "row" : "rows"}`;
}

/** A table without colours. */
export function plainTable(
  head: readonly string[],
  colAligns: ("left" | "right")[] = [],
): Table.Table {
  return new Table({ head: head.map(printable), colAligns, style: { head: [], border: [] } });
}

function cellText(cell: Cell, unit: Parameters<typeof formatCell>[1]): string {
  if (cell === null) return "";
  return typeof cell === "string" ? cell : formatCell(cell, unit);
}
