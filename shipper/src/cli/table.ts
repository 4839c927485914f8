import Table from "cli-table3";

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

/** Lines of a table without rules between them. */
export function tableLines(
  rows: ReadonlyArray<readonly string[]>,
  align: readonly ("left" | "right")[] = [],
): string[] {
  const style = { "padding-left": 0, "padding-right": 0, head: [], border: [] };
  const table = new Table({ chars: noLines, style, colAligns: [...align] });
  table.push(...rows.map((row) => row.map(safeText)));
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd());
}

/** Controls, separators of lines, and the marks that turn the direction of text. */
const unsafe =
  // oxlint-disable-next-line no-control-regex -- control characters are what it is about
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** What comes from a file or a server must not command a terminal. */
function safeText(text: string): string {
  return text.replaceAll(unsafe, "�");
}
