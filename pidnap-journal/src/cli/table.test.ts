import { expect, test } from "vitest";
import type { Output } from "./output.ts";
import { writeTable, type Column } from "./table.ts";
import { wideTable } from "./wide-table.ts";

function collecting(): { readonly output: Output; readonly lines: string[] } {
  const lines: string[] = [];
  const output: Output = {
    line: (text) => void lines.push(text),
    text: () => undefined,
    flush: async () => undefined,
    paint: (_, text) => text,
    isTerminal: false,
    columns: 80,
  };
  return { output, lines };
}

const columns: readonly Column[] = [
  { title: "NAME" },
  { title: "N", align: "right" },
  { title: "" },
];

test("columns are as wide as their widest cell", async () => {
  const { lines, output } = collecting();
  await writeTable(output, columns, [
    ["a", "1", "x"],
    ["longer", "1000", ""],
  ]);
  expect(lines).toEqual(["NAME       N", "a          1  x", "longer  1000"]);
});

test("colours take no width", async () => {
  const { lines, output } = collecting();
  await writeTable(output, columns, [["\u001b[31mred\u001b[39m", "1", "x"]]);
  expect(lines[1]).toBe("\u001b[31mred\u001b[39m   1  x");
});

test("wide characters take two columns", async () => {
  const { lines, output } = collecting();
  await writeTable(output, columns, [
    ["日本", "1", "x"],
    ["abcd", "2", "y"],
  ]);
  expect(lines).toEqual(["NAME  N", "日本  1  x", "abcd  2  y"]);
});

test("a terminal that is too narrow cuts names, and nothing else", async () => {
  const named: readonly Column[] = [{ title: "NAME", isName: true }, ...columns.slice(1)];
  const row = ["n".repeat(30), "1", "x".repeat(10)];
  const cut = collecting();
  await writeTable({ ...cut.output, isTerminal: true, columns: 41 }, named, [row]);
  expect(cut.lines).toEqual([`NAME${" ".repeat(24)}N`, `${"n".repeat(25)}…  1  ${"x".repeat(10)}`]);
  const whole = collecting();
  await writeTable({ ...whole.output, columns: 41 }, named, [row]);
  expect(whole.lines[1]).toBe(`${"n".repeat(30)}  1  ${"x".repeat(10)}`);
});

test("both ways give the same table where both can", async () => {
  const rows = [
    ["a", "1", "x"],
    ["longer", "1000", "▁█ 0×1"],
  ];
  const { lines, output } = collecting();
  await writeTable(output, columns, rows);
  const wide = wideTable(columns, [["NAME", "N", ""], ...rows]);
  expect(lines).toEqual(wide.map((line) => line.trimEnd()));
});
