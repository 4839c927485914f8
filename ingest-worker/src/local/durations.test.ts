import { expect, it } from "vitest";
import { formatDuration, parseDurationMs } from "./durations.ts";
import { UsageError } from "./errors.ts";

it("reads seconds, minutes, hours and days", () => {
  const texts = ["90s", "15m", "1h", "30d"];
  expect(texts.map((text) => parseDurationMs(text, "--ttl"))).toEqual([
    90_000, 900_000, 3_600_000, 2_592_000_000,
  ]);
});

it("refuses everything else", () => {
  for (const text of ["", "0s", "1", "h", "-1h", "1.5h", "1w", "1H", "1h30m", "9999999999d"]) {
    expect(() => parseDurationMs(text, "--ttl"), text).toThrow(UsageError);
  }
});

it("writes a duration by its two largest units", () => {
  expect([0, 12, 1500, 61_000, 3_660_000, 90_000_000].map(formatDuration)).toEqual([
    "0 ms",
    "12 ms",
    "2 s",
    "1 min 1 s",
    "1 h 1 min",
    "1 d 1 h",
  ]);
});
