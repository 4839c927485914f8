import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { DataLockedError, DataUnusableError } from "./errors.ts";
import { lockDataDir } from "./lock.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "pidnap-lock-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

it("is held by one at a time, and free again afterwards", () => {
  const free = lockDataDir(dir);
  expect(() => lockDataDir(dir)).toThrow(DataLockedError);
  expect(() => lockDataDir(dir)).toThrow(`process ${process.pid}`);
  free();
  lockDataDir(dir)();
  expect(readdirSync(dir)).toEqual([]);
});

it("says what is wrong with a directory that cannot be", () => {
  const file = join(dir, "file");
  writeFileSync(file, "");
  expect(() => lockDataDir(join(file, "data"))).toThrow(DataUnusableError);
});

it("is not held by what a killed process left, even where its pid lives again", () => {
  const left = [
    "",
    "{",
    JSON.stringify({ pid: 2 ** 22 + 1, startedAt: "boot:1" }),
    JSON.stringify({ pid: process.pid, startedAt: "an-earlier-boot:1" }),
  ];
  for (const text of left) {
    writeFileSync(join(dir, "dev.lock"), text);
    lockDataDir(dir)();
  }
});
