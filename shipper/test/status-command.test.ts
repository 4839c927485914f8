import { afterAll, beforeAll, expect, test } from "vitest";
import { BundledCommand } from "./support/command.ts";
import { append, lineAt, linesOf, writeSegment } from "./support/journal-files.ts";
import { Rig } from "./support/rig.ts";

let command: BundledCommand;
beforeAll(() => {
  command = new BundledCommand();
});
afterAll(() => command.close());

test("status tells of a shipper that runs, and of one that was killed", async () => {
  await using rig = await Rig.create();
  const path = writeSegment(rig.dir, 1, linesOf(1, 20));
  const asked = ["status", "--state", rig.state, "--json"];
  const running = command.start(["run", ...rig.flags()]);
  let report: Record<string, unknown> = {};
  // The file is written behind what it tells.
  while (report["position"] !== 21) {
    const { stdout } = await command.run(asked);
    report = stdout === "" ? {} : (JSON.parse(stdout) as Record<string, unknown>);
  }
  expect(report).toMatchObject({ running: true, lag: { events: 0 }, stoppedAtMs: null });
  running.kill("SIGKILL");
  await running.ended;
  append(path, lineAt(21));
  const after = await command.run(asked);
  expect(after.code).toBe(0);
  expect(JSON.parse(after.stdout)).toMatchObject({ running: false, lag: { events: 1 } });
  const table = await command.run(["status", "--state", rig.state]);
  expect(table.stdout).toMatch(/^lag +1 events, /m);
  expect(table.stdout).toMatch(/^last success +/m);
  expect(table.stdout).not.toContain(rig.server.token);
});

test("a directory without a state is one line and exit code 1; wrong use is 2", async () => {
  const missing = await command.run(["status", "--state", "/nowhere/at-all"]);
  expect(missing.code).toBe(1);
  expect(missing.stderr.trim().split("\n")).toHaveLength(1);
  expect(missing.stderr).toContain("/nowhere/at-all");
  expect(await command.run(["status"])).toMatchObject({ code: 2 });
  expect(await command.run(["status", "--state", "x", "--retention", "64MB"])).toMatchObject({
    code: 2,
  });
});
