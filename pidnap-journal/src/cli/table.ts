import { stripVTControlCharacters } from "node:util";
import type { Output } from "./output.ts";

/** A column of a table. */
export interface Column {
  readonly title: string;
  readonly align?: "left" | "right";
}

/** Writes rows below titles, without lines between them. Cells must be safe already. */
export async function writeTable(
  output: Output,
  columns: readonly Column[],
  rows: ReadonlyArray<readonly string[]>,
): Promise<void> {
  const all = [columns.map(({ title }) => output.paint("bold", title)), ...rows];
  // How wide other scripts and emoji are on a terminal takes a library, and loading it a tenth of a
  // command's start: only where there are any.
  const lines = all.flat().every(isPlain)
    ? plainTable(columns, all)
    : (await import("./wide-table.ts")).wideTable(columns, all);
  for (const line of lines) output.line(line.trimEnd());
}

/** Whether every character takes one column: ASCII, and what commands draw with themselves. */
function isPlain(cell: string): boolean {
  return /^[\u0020-\u007e×→▁-█]*$/u.test(stripVTControlCharacters(cell));
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
