import CliTable from "cli-table3";
import type { Output } from "./output.ts";

/** A column of a table. */
export interface Column {
  readonly title: string;
  readonly align?: "left" | "right";
}

const none = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: "  ",
};

/** Writes rows below titles, without lines between them. Cells must be safe already. */
export function writeTable(
  output: Output,
  columns: readonly Column[],
  rows: ReadonlyArray<readonly string[]>,
): void {
  const table = new CliTable({
    chars: none,
    colAligns: columns.map(({ align }) => align ?? "left"),
    style: { "padding-left": 0, "padding-right": 0, head: [], border: [], compact: true },
  });
  table.push(columns.map(({ title }) => output.paint("bold", title)));
  for (const row of rows) table.push([...row]);
  for (const line of table.toString().split("\n")) output.line(line.trimEnd());
}
