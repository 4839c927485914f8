import { expect, test } from "vitest";
import type { JournalEvent } from "../event.ts";
import { lossDeclarer } from "./losses.ts";

function event(seq: number, boot = "b"): JournalEvent {
  return { v: 1, seq, at: seq * 10, mono: seq, boot, type: "machine.ready" } as JournalEvent;
}

test("adds nothing where nothing is missing", () => {
  const declare = lossDeclarer();
  expect([1, 2, 3].flatMap((seq) => declare(event(seq)))).toEqual([event(1), event(2), event(3)]);
});

test("says that a journal's beginning has expired, with the head of the line behind it", () => {
  expect(lossDeclarer()(event(5))[0]).toEqual({
    v: 1,
    seq: 1,
    at: 50,
    mono: 5,
    boot: "b",
    type: "events.lost",
    through: 4,
    reason: "expired",
  });
});

test("calls another gap corrupt, with the head of the line before it", () => {
  const declare = lossDeclarer();
  declare(event(1, "old"));
  expect(declare(event(4, "new"))[0]).toEqual({
    v: 1,
    seq: 2,
    at: 10,
    mono: 1,
    boot: "old",
    type: "events.lost",
    through: 3,
    reason: "corrupt",
  });
});

test("goes on behind the range that a loss already stands for", () => {
  const declare = lossDeclarer();
  const lost = { ...event(1), type: "events.lost", through: 9, reason: "foreign" } as JournalEvent;
  expect(declare(lost)).toEqual([lost]);
  expect(declare(event(10))).toEqual([event(10)]);
});

test("begins where it is told to", () => {
  expect(lossDeclarer(7)(event(7))).toEqual([event(7)]);
});
