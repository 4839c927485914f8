import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const packageDir = join(import.meta.dirname, "..");

test("every invariant of the format names a test that exists", () => {
  const text = readFileSync(join(packageDir, "FORMAT.md"), "utf8");
  const rows = [...text.matchAll(/^(\d+)\. .+\n +`([^`]+)`: (.+)$/gm)];
  expect(rows.map(([, number]) => Number(number))).toEqual(rows.map((_, index) => index + 1));
  expect(rows.length).toBeGreaterThan(20);
  for (const [, , file = "", title = ""] of rows) {
    expect(readFileSync(join(packageDir, file), "utf8")).toContain(`"${title}"`);
  }
});
