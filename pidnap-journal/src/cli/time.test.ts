import { describe, expect, test } from "vitest";
import { formatDuration, formatElapsed, formatMoment, parseMoment } from "./time.ts";

const now = Date.UTC(2026, 7, 15, 13, 30, 0);
const utc = (text: string): number | undefined => parseMoment(text, now, true);

describe("a moment", () => {
  test.each([
    ["now", now],
    ["today", Date.UTC(2026, 7, 15)],
    ["yesterday", Date.UTC(2026, 7, 14)],
    ["Tomorrow", Date.UTC(2026, 7, 16)],
    ["-15min", now - 15 * 60_000],
    ["- 15 min", now - 15 * 60_000],
    ["-1h30m", now - 90 * 60_000],
    ["+2 hours", now + 2 * 3_600_000],
    ["2h ago", now - 2 * 3_600_000],
    ["1 day 2 hours ago", now - 26 * 3_600_000],
    ["-500ms", now - 500],
    ["-1.5s", now - 1500],
    ["@1764715553", 1_764_715_553_000],
    ["@1764715553.25", 1_764_715_553_250],
    ["09:05", Date.UTC(2026, 7, 15, 9, 5)],
    ["09:05:07.5", Date.UTC(2026, 7, 15, 9, 5, 7, 500)],
    ["2026-08-01", Date.UTC(2026, 7, 1)],
    ["2026-08-01 12:00", Date.UTC(2026, 7, 1, 12)],
    ["2026-08-01T12:00:30.5", Date.UTC(2026, 7, 1, 12, 0, 30, 500)],
    ["2026-08-01T12:00:30Z", Date.UTC(2026, 7, 1, 12, 0, 30)],
    ["2026-08-01 12:00 UTC", Date.UTC(2026, 7, 1, 12)],
    ["2026-08-01T12:00:00+02:00", Date.UTC(2026, 7, 1, 10)],
    ["2026-08-01T12:00:00-0530", Date.UTC(2026, 7, 1, 17, 30)],
  ])("is read from %s", (text, expected) => {
    expect(utc(text)).toBe(expected);
  });

  test.each([
    "",
    "soon",
    "15min",
    "-15 fortnights",
    "25:00",
    "12:60",
    "2026-13-01",
    "2026-8-1",
    "-",
    "ago",
  ])("is not read from %j", (text) => {
    expect(utc(text)).toBeUndefined();
  });

  test("without a zone is local time", () => {
    expect(parseMoment("2026-08-01 12:00", now, false)).toBe(new Date(2026, 7, 1, 12).getTime());
    expect(parseMoment("yesterday", now, false)).toBe(new Date(2026, 7, 14).getTime());
  });

  test("is written as it is read", () => {
    const moment = Date.UTC(2026, 7, 1, 12, 0, 30, 7);
    expect(formatMoment(moment, true)).toBe("2026-08-01 12:00:30.007Z");
    expect(parseMoment(formatMoment(moment, true), now, false)).toBe(moment);
    expect(parseMoment(formatMoment(moment, false), now, false)).toBe(moment);
  });
});

test.each([
  [0, "0ms"],
  [999.4, "999ms"],
  [999.6, "1.0s"],
  [12_340, "12.3s"],
  [59_949, "59.9s"],
  [59_960, "1m"],
  [245_000, "4m 5s"],
  [3_599_600, "1h"],
  [10_920_000, "3h 2m"],
  [86_400_000, "1d"],
  [187_200_000, "2d 4h"],
])("a duration of %d ms is %s", (ms, expected) => {
  expect(formatDuration(ms)).toBe(expected);
});

test.each([
  [12_340, "12.3s"],
  [59_960, "1m"],
  [245_250, "4m 5.3s"],
  [3_600_000, "1h"],
  [6_423_249, "1h 47m 3.2s"],
  [93_600_100, "26h 0.1s"],
])("%d ms behind the entrypoint are %s", (ms, expected) => {
  expect(formatElapsed(ms)).toBe(expected);
});
