import { expect, test } from "vitest";
import { readPositionAnswer, readPostAnswer } from "./answer.ts";

const raw = (status: number, body: unknown = "", retryAfterMs?: number) => ({
  status,
  body: typeof body === "string" ? body : JSON.stringify(body),
  retryAfterMs,
});

test("a 200 is believed where it has a position, whatever else it says", () => {
  expect(readPostAnswer(raw(200, { next: 5 }))).toEqual({
    kind: "accepted",
    next: 5,
    pace: undefined,
  });
  expect(readPostAnswer(raw(200, { next: 5, accepted: "x", pace: 100 }))).toMatchObject({
    next: 5,
    pace: 100,
  });
  expect(readPostAnswer(raw(200, { next: 5, pace: -1 }))).toMatchObject({ pace: undefined });
});

test("a 200 without one decides nothing", () => {
  for (const body of [
    "",
    "<html>",
    "[]",
    "{}",
    '{"next":"5"}',
    '{"next":0}',
    '{"next":1.5}',
    '{"next":1e300}',
  ]) {
    expect(readPostAnswer(raw(200, body))).toMatchObject({
      kind: "failed",
      slug: "unreadable-answer",
      healing: "soon",
    });
    expect(readPositionAnswer(raw(200, body))).toMatchObject({ kind: "failed", healing: "soon" });
  }
});

test("a conflict is a fork by its type, as a slug or at the end of a URI; else a rewind", () => {
  for (const type of [
    "fork",
    "https://example.com/problems/fork",
    "urn:problem:fork",
    "about#fork",
  ]) {
    expect(readPostAnswer(raw(409, { type }))).toEqual({ kind: "fork" });
  }
  expect(readPostAnswer(raw(409, { type: "gap", expected: 7 }))).toEqual({
    kind: "rewind",
    expected: 7,
  });
  expect(readPostAnswer(raw(409, "<html>"))).toEqual({ kind: "rewind", expected: undefined });
});

test("limits and refusals are read as far as they make sense", () => {
  expect(readPostAnswer(raw(413, { maxEvents: 10, maxBytes: -1 }))).toEqual({
    kind: "too-large",
    maxEvents: 10,
  });
  expect(readPostAnswer(raw(413))).toEqual({ kind: "too-large" });
  expect(readPostAnswer(raw(422, { rejected: [{ seq: 3, reason: "x" }] }))).toEqual({
    kind: "refused",
    seqs: [3],
  });
  expect(readPostAnswer(raw(422, { rejected: "all" }))).toEqual({ kind: "refused", seqs: [] });
  expect(readPostAnswer(raw(400))).toEqual({ kind: "unreadable" });
});

test("what passes by itself and what needs a person are told apart", () => {
  for (const status of [408, 425, 429, 500, 502, 503, 504, 204]) {
    expect(readPostAnswer(raw(status))).toMatchObject({ kind: "failed", healing: "soon", status });
  }
  for (const [status, slug] of [
    [401, "unauthorized"],
    [403, "forbidden"],
    [404, "wrong-url"],
    [405, "wrong-url"],
    [415, "unsupported-media-type"],
    [301, "redirect"],
    [307, "redirect"],
    [410, "status-410"],
  ] as const) {
    expect(readPostAnswer(raw(status))).toMatchObject({ kind: "failed", healing: "slow", slug });
  }
  expect(readPostAnswer(raw(401, { type: "expired-token" }))).toMatchObject({
    slug: "expired-token",
  });
  expect(readPostAnswer(raw(503, "", 2_000))).toMatchObject({ retryAfterMs: 2_000 });
});

test("a position comes with the last line where the server has one", () => {
  const hash = "0123456789abcdef0123456789abcdef";
  expect(readPositionAnswer(raw(200, { next: 3, last: `2:${hash}` }))).toEqual({
    kind: "position",
    next: 3,
    last: { seq: 2, hash },
  });
  for (const last of [null, undefined, "2:short", 7]) {
    expect(readPositionAnswer(raw(200, { next: 3, last }))).toEqual({
      kind: "position",
      next: 3,
      last: undefined,
    });
  }
});
