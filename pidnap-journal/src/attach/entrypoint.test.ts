import { expect, test } from "vitest";
import { entrypointStart } from "./entrypoint.ts";

/** /proc/1/stat with a name and a start time in ticks. */
const stat = (name: string, startTicks: number): string =>
  `1 (${name}) S 0 1 1 0 -1 4194560 8041 1051 5 0 28 51 12 44 20 0 1 0 ${startTicks} 22245376 1200 18446744073709551615 1 1 0 0 0 0 0 4096 0 0 0 0 17 0 0 0 0 0 0\n`;

test("PID 1 of a container started long after the host's boot", () => {
  expect(entrypointStart("86461.25 170000.00\n", stat("tini", 8_646_000), 1_700_000_001_250)).toBe(
    1_700_000_000_000,
  );
});

test.each(["my init", "a) R 5 (b", "((", ")", "sh\n"])(
  "a name like %j does not move the fields",
  (name) => {
    expect(entrypointStart("100.50 1.00", stat(name, 10_000), 10_000)).toBe(9500);
  },
);

test("an uptime that began after PID 1 says nothing", () => {
  expect(entrypointStart("3.00 1.00", stat("tini", 8_646_000), 10_000)).toBeUndefined();
});

test.each([
  ["", stat("tini", 1)],
  ["nonsense", stat("tini", 1)],
  ["100.0 1.0", ""],
  ["100.0 1.0", "1 (tini) S 0 1"],
])("files that are not what they should be say nothing: %j", (uptime, content) => {
  expect(entrypointStart(uptime, content, 10_000)).toBeUndefined();
});
