import { stripVTControlCharacters } from "node:util";
import type { Output } from "./output.ts";

/** A column of a table. */
export interface Column {
  readonly title: string;
  readonly align?: "left" | "right";
  /** Holds names, which may be much longer than all the rest: cut where a terminal is too narrow. */
  readonly isName?: boolean;
}

/** Writes rows below titles, without lines between them. Cells must be safe already. */
export async function writeTable(
  output: Output,
  columns: readonly Column[],
  rows: ReadonlyArray<readonly string[]>,
): Promise<void> {
  const fitting = output.isTerminal ? fitted(rows, columns, output.columns) : rows;
  const all = [columns.map(({ title }) => output.paint("bold", title)), ...fitting];
  // How wide other scripts and emoji are on a terminal takes a library, and loading it a tenth of a
  // command's start: only where there are any.
  const lines = all.flat().every(isPlain)
    ? plainTable(columns, all)
    : (await import("./wide-table.ts")).wideTable(columns, all);
  for (const line of lines) output.line(line.trimEnd());
}

/** Columns that a name keeps, however narrow the terminal is. */
const nameColumnsMin = 20;

/** Rows whose names are cut so that the table fits a terminal, as far as names can do that. */
function fitted(
  rows: ReadonlyArray<readonly string[]>,
  columns: readonly Column[],
  terminalColumns: number,
): ReadonlyArray<readonly string[]> {
  const nameIndex = columns.findIndex(({ isName }) => isName);
  const others = columns.map(({ title }, index) => {
    if (index === nameIndex) return 0;
    const cells = rows.map((row) => stripVTControlCharacters(row[index] ?? "").length);
    return 2 + Math.max(title.length, ...cells);
  });
  const room = terminalColumns - others.reduce((sum, width) => sum + width, 0);
  const most = Math.max(nameColumnsMin, room);
  return rows.map((row) =>
    row.map((cell, index) =>
      index === nameIndex && cell.length > most
        ? `${cell.slice(0, most - 1).toWellFormed()}…`
        : cell,
    ),
  );
}

/** Whether every character takes one column: ASCII, and what commands draw with themselves. */
function isPlain(cell: string): boolean {
  return /^[\u0020-\u007e×→…▁-█]*$/u.test(stripVTControlCharacters(cell));
}

function plainTable(
  columns: readonly Column[],
  rows: ReadonlyArray<readonly string[]>,
): readonly string[] {
  const width = (cell: string): number => stripVTControlCharacters(cell).length;
  const widths = columns.map((_, index) => Math.max(...rows.map((row) => width(row[index] ?? ""))));
  return rows.map((row) => {
    const cells = columns.map(({ align }, index) => {
      const cell = row[index] ?? "";
      const padding = " ".repeat((widths[index] ?? 0) - width(cell));
      return align === "right" ? padding + cell : cell + padding;
    });
    return cells.join("  ");
  });
}
