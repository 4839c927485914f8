import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
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

it("is not held by a killed process that nobody has reaped yet", async () => {
  // The shell becomes a program that knows nothing of the child it left to it.
  const parent = spawn("sh", ["-c", "sleep 0 & echo $!; exec sleep 60"]);
  try {
    const [pid] = (await once(parent.stdout.setEncoding("utf8"), "data")) as [string];
    const stat = () => readFileSync(`/proc/${pid.trim()}/stat`, "utf8").split(") ")[1]?.split(" ");
    while (stat()?.[0] !== "Z") await new Promise((resolve) => setTimeout(resolve, 5));
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    const startedAt = `${boot}:${stat()?.[19]}`;
    writeFileSync(join(dir, "dev.lock"), JSON.stringify({ pid: Number(pid), startedAt }));
    lockDataDir(dir)();
    expect(readdirSync(dir)).toEqual([]);
  } finally {
    parent.kill("SIGKILL");
  }
});
