import { expect, test } from "vitest";
import { formatBytes, formatDurationMs, parseBytes, parseDurationMs } from "./units.ts";

test.each([
  ["0", 0],
  ["500ms", 500],
  ["1.5s", 1_500],
  ["2m", 120_000],
  ["1h", 3_600_000],
  ["7d", 604_800_000],
  ["5", undefined],
  ["-1s", undefined],
  ["1 week", undefined],
])("the duration %s", (text, ms) => {
  expect(parseDurationMs(text)).toBe(ms);
});

test.each([
  ["65536", 65_536],
  ["512KiB", 524_288],
  ["64 MiB", 67_108_864],
  ["1.5GiB", 1_610_612_736],
  ["64MB", undefined],
  ["", undefined],
])("the amount %s", (text, bytes) => {
  expect(parseBytes(text)).toBe(bytes);
});

test.each([
  [350, "350 ms"],
  [12_460, "12.5 s"],
  [59_960, "60 s"],
  [3_599_999, "1 h 0 min"],
  [12_000_000, "3 h 20 min"],
  [200_000_000, "2 d 7 h"],
])("%d ms are %s", (ms, text) => {
  expect(formatDurationMs(ms)).toBe(text);
});

test.each([
  [0, "0 B"],
  [512, "512 B"],
  [1_500_000, "1.4 MiB"],
  [64 * 1024 ** 2, "64 MiB"],
  [5 * 1024 ** 4, "5120 GiB"],
])("%d bytes are %s", (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});
