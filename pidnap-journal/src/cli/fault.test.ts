import { expect, test } from "vitest";
import { JournalNotFoundError, JournalOptionError } from "../errors.ts";
import { exitCodes, faultOf } from "./fault.ts";

test.each([
  ["EACCES", "Run it as the user that pidnap runs as"],
  ["ENOSPC", "a disk that has room"],
  ["ENOENT", "Look at the path"],
  ["EMFILE", "ulimit -n"],
  ["EIO", "The disk fails"],
])("%s says what to do", (code, cure) => {
  const fault = faultOf(Object.assign(new Error(`${code}: no`), { code }));
  expect(fault.exitCode).toBe(exitCodes.failure);
  expect(fault.message).toMatch(`${code}: no. `);
  expect(fault.message).toContain(cure);
});

test("wrong use and failure end differently, on one line each", () => {
  const wrong = faultOf(new JournalOptionError("That\nis wrong.", "Do it\nright."));
  expect(wrong).toEqual({ message: "That is wrong. Do it right.", exitCode: exitCodes.usage });
  expect(faultOf(new JournalNotFoundError("/x")).exitCode).toBe(exitCodes.failure);
});
