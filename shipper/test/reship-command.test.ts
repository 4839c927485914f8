import { existsSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BundledCommand } from "./support/command.ts";
import { linesOf, writeSegment } from "./support/journal-files.ts";
import { Rig } from "./support/rig.ts";

let command: BundledCommand;
beforeAll(() => {
  command = new BundledCommand();
});
afterAll(() => command.close());

const to = (rig: Rig): string[] => ["--url", rig.server.url, "--token-file", rig.tokenFile];

test("reship says in a table, or as JSON, what was new and what was there", async () => {
  await using rig = await Rig.create();
  writeSegment(rig.dir, 1, linesOf(1, 300));
  const first = await command.run(["reship", rig.dir, ...to(rig)]);
  expect(first).toMatchObject({ code: 0, stderr: "" });
  expect(first.stdout).toMatch(/^from +sent as +events +new +already there +points /);
  expect(first.stdout).toMatch(/^journal-0{15}1\.ndjson +[0-9a-f-]{36} +300 +300 +0 +0 +0 /m);
  const again = await command.run(["reship", rig.dir, ...to(rig), "--json"]);
  expect(JSON.parse(again.stdout)).toMatchObject([{ events: 300, accepted: 0, duplicates: 300 }]);
  expect(existsSync(rig.state)).toBe(false);
});

test("ended by a signal, it says how far it came", async () => {
  await using rig = await Rig.create();
  writeSegment(rig.dir, 1, linesOf(1, 300));
  const served = new Promise<void>((resolve) => {
    rig.server.onRequest = ({ method }) => {
      if (method === "POST") resolve();
    };
  });
  // The recorded five minutes take an hour.
  const running = command.start(["reship", rig.dir, ...to(rig), "--speed", "0.08", "--json"]);
  await served;
  running.kill("SIGINT");
  expect(await running.ended).toBe(1);
  expect(running.stderr.trim()).toMatch(/^pidnap-shipper: Ended by SIGINT;.*$/);
  const [summary] = JSON.parse(running.stdout) as { events: number; next: number }[];
  expect(summary?.next).toBeLessThan(300);
});

for (const [what, args, code, said] of [
  ["no file", [], 2, "missing required argument"],
  ["a bad speed", ["x", "--speed", "0"], 2, "1 is the recorded pace"],
  ["a bad journal", ["x", "--as-journal", "old"], 2, "the UUID of a journal"],
  ["an option of another command", ["x", "--state", "y"], 2, "unknown option"],
  ["a file that is not there", ["/nowhere/x"], 1, "/nowhere/x is not there"],
] as const) {
  test(`${what} is one line that says what to do, and exit code ${code}`, async () => {
    await using rig = await Rig.create();
    const result = await command.run(["reship", ...args, ...to(rig)]);
    expect(result.code).toBe(code);
    expect(result.stderr.trim().split("\n")).toHaveLength(1);
    expect(result.stderr).toContain(said);
  });
}
