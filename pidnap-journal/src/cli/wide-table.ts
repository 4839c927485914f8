import CliTable from "cli-table3";
import type { Column } from "./table.ts";

const noLines = {
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

/** The lines of a table in which characters take none, one or two columns. */
export function wideTable(
  columns: readonly Column[],
  rows: ReadonlyArray<readonly string[]>,
): string[] {
  const table = new CliTable({
    chars: noLines,
    colAligns: columns.map(({ align }) => align ?? "left"),
    style: { "padding-left": 0, "padding-right": 0, head: [], border: [], compact: true },
  });
  for (const row of rows) table.push([...row]);
  return table.toString().split("\n");
}
