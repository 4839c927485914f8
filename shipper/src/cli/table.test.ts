import { expect, test } from "vitest";
import { tableLines } from "./table.ts";

test("what a terminal would obey, or what turns the direction of text, is shown as what it is not", () => {
  const unsafe = [
    "\u0000",
    "\u001b",
    "\u009b",
    "\u061c",
    "\u200e",
    "\u200f",
    "\u202e",
    "\u2069",
    "\ufeff",
  ];
  for (const character of unsafe) expect(tableLines([[`a${character}b`]])).toEqual(["a�b"]);
  expect(tableLines([["wörker 日本語 שלום"]])).toEqual(["wörker 日本語 שלום"]);
});
