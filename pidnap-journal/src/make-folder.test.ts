import fs, { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { makeFolder } from "./make-folder.ts";

let dir: string;
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), "pidnap-folder-"))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

it("makes what is missing, and takes what is there", () => {
  const path = join(dir, "a", "b", "c");
  expect(makeFolder(path, 0o700)).toBe(join(dir, "a"));
  expect(makeFolder(path, 0o700)).toBeUndefined();
  expect(statSync(path).isDirectory()).toBe(true);
});

it("takes what another process makes at the same moment", () => {
  const path = join(dir, "a", "b");
  const mkdir = fs.mkdirSync.bind(fs);
  const tried: string[] = [];
  const raced = vi.spyOn(fs, "mkdirSync").mockImplementation((wanted, options) => {
    tried.push(String(wanted));
    // The other one is a step ahead with the folder, and then with the one above it.
    if (tried.length === 1) mkdir(join(dir, "a"));
    if (tried.length === 1) throw Object.assign(new Error("no parent"), { code: "ENOENT" });
    if (tried.length === 3) mkdir(path);
    return mkdir(wanted, options);
  });
  try {
    expect(makeFolder(path, 0o700)).toBeUndefined();
  } finally {
    raced.mockRestore();
  }
  expect(tried).toEqual([path, join(dir, "a"), path]);
});

it("fails at once where nothing can be made", () => {
  const file = join(dir, "file");
  writeFileSync(file, "");
  expect(() => makeFolder(file, 0o700)).toThrow("EEXIST");
  expect(() => makeFolder(join(file, "a", "b"), 0o700)).toThrow("ENOTDIR");
});

it.runIf(process.platform === "linux")("fails at once under /proc, too", () => {
  expect(() => makeFolder("/proc/nothing/here", 0o700)).toThrow("ENOENT");
});
