import { expect, test } from "vitest";
import { chooseBoot, createFilter, globToRegExp } from "./filter.ts";
import type { JournalEvent } from "../event.ts";

const event = (fields: Readonly<Record<string, unknown>>): JournalEvent =>
  ({ v: 1, seq: 1, at: 100, mono: 1, boot: "b", type: "machine.ready", ...fields }) as JournalEvent;

test.each([
  ["web", "web", true],
  ["web", "web-1", false],
  ["web-*", "web-1", true],
  ["*", "a\nb", true],
  ["w?b", "wüb", true],
  ["web-[0-3]", "web-2", true],
  ["web-[!0-3]", "web-2", false],
  ["a.c", "abc", false],
  ["a+(b)|c", "a+(b)|c", true],
  ["a[", "a[", true],
])("the pattern %s on %s is %s", (glob, name, expected) => {
  expect(globToRegExp(glob).test(name)).toBe(expected);
});

test("an event passes where every part of the filter lets it", () => {
  const web = event({ type: "process.transitioned", process: "web" });
  expect(createFilter({})(web)).toBe(true);
  expect(createFilter({ processes: ["api", "w*"], types: ["process.*"] })(web)).toBe(true);
  expect(createFilter({ processes: ["web"] })(event({}))).toBe(false);
  expect(createFilter({ types: ["machine.*"] })(web)).toBe(false);
  expect(createFilter({ boot: "other" })(web)).toBe(false);
  expect(createFilter({ sinceMs: 100, untilMs: 100 })(web)).toBe(true);
  expect(createFilter({ sinceMs: 101 })(web)).toBe(false);
  expect(createFilter({ untilMs: 99 })(web)).toBe(false);
});

test("a boot is chosen by number from either end, by id or by its beginning", () => {
  const boots = ["aaa1", "aab2", "ccc3"];
  expect(chooseBoot(boots, true)).toBe("ccc3");
  expect(chooseBoot(boots, "0")).toBe("ccc3");
  expect(chooseBoot(boots, "-1")).toBe("aab2");
  expect(chooseBoot(boots, "1")).toBe("aaa1");
  expect(chooseBoot(boots, "c")).toBe("ccc3");
  expect(chooseBoot(boots, "aaa1")).toBe("aaa1");
  for (const wanted of ["-3", "4", "zzz", "aa"]) {
    expect(() => chooseBoot(boots, wanted)).toThrow(/boot/);
  }
});
