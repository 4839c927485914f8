import { expect, test } from "vitest";
import { ProgressBar, progressText } from "./progress.ts";

test("how far, how fast, how long still", () => {
  expect(progressText(250, 1_000, 2_000)).toBe(
    "████░░░░░░░░░░░░  25 % 250/1000 events, 125/s, 6 s left",
  );
  expect(progressText(0, 10, 0)).toContain("0 % 0/10 events, 0/s");
  expect(progressText(10, 10, 1_000)).toContain("100 % 10/10 events");
});

test("on a terminal it is drawn seldom, gives way to the log, and is gone at the end", () => {
  const written: string[] = [];
  let nowMs = 0;
  const terminal = { isTTY: true, columns: 40, write: (text: string) => written.push(text) };
  const bar = new ProgressBar(terminal, () => nowMs);
  bar.to(1, 10);
  bar.to(2, 10);
  nowMs = 200;
  bar.to(3, 10);
  bar.write("said\n");
  bar.end();
  const clear = "\r\u001b[2";
  expect(written.map((text) => text.slice(0, 4))).toEqual(["█░░░", clear, "████", clear, "said"]);
  expect(Math.max(...written.map((text) => text.length))).toBeLessThan(40);
});

test("elsewhere nothing is drawn", () => {
  const written: string[] = [];
  const bar = new ProgressBar({ write: (text: string) => written.push(text) }, () => 0);
  bar.to(5, 10);
  bar.end();
  expect(written).toEqual([]);
});
