import { expect, it } from "vitest";
import { FailureLog } from "./log.ts";

it("says every failure, and of too many in a minute how many were left out", () => {
  let now = 0;
  const lines: Record<string, unknown>[] = [];
  const log = new FailureLog(
    (line) => lines.push(JSON.parse(line) as Record<string, unknown>),
    () => now,
  );
  for (let index = 0; index < 100; index += 1) log.say("request", { index });
  expect(lines).toHaveLength(60);
  expect(lines[59]).toEqual({ level: "error", what: "request", index: 59 });
  now = 60_000;
  log.say("alarm", { error: "x" });
  log.say("alarm", { error: "y" });
  expect(lines.slice(60)).toEqual([
    { level: "error", what: "alarm", error: "x", leftOut: 40 },
    { level: "error", what: "alarm", error: "y" },
  ]);
});
