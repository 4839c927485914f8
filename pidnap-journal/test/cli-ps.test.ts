import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openJournal } from "../src/writer/journal.ts";
import { buildCommand, type Command } from "./_command.ts";
import { appendToSegment, line, temporaryDir } from "./_journal-files.ts";
import { smallJournal } from "./_small-journal.ts";

let command: Command;
beforeAll(async () => {
  command = await buildCommand();
});
afterAll(() => command.dispose());

describe("ps", () => {
  test("shows the table of the newest boot", async () => {
    const dir = await smallJournal();
    const rows = JSON.parse((await command.run(["ps", "--json", dir])).stdout) as unknown;
    expect(rows).toMatchObject([
      {
        process: "web",
        state: "running",
        restarts: 0,
        startedAt: 1_700_000_000_007,
        exitCode: null,
        believed: true,
      },
    ]);
  });

  test("shows the table as it was", async () => {
    const dir = await smallJournal();
    const { stdout } = await command.run(["ps", "--seq", "4", dir]);
    expect(stdout.split("\n").map((row) => row.trim().split(/ {2,}/))).toEqual([
      ["PROCESS", "STATE", "SINCE", "UPTIME", "LAST RUN", "RESTARTS", "EXIT", "KIND"],
      ["web", "running", "2023-11-14 22:13:20.002", "2ms", "-", "0", "-", "process"],
      ["worker-1", "stopped", "2023-11-14 22:13:20.004", "-", "1ms", "0", "3", "task"],
      [""],
    ]);
    const at = await command.run(["ps", "--at", "@1700000000.003", "--json", dir]);
    expect(JSON.parse(at.stdout)).toMatchObject([
      { process: "web", uptimeMs: 1 },
      { process: "worker-1", state: "running", uptimeMs: 0 },
    ]);
  });

  test("says where events were lost since a process was last heard of", async () => {
    const dir = await smallJournal();
    await appendToSegment(dir, 5, line(20, { boot: "boot-2" }));
    const { stdout } = await command.run(["ps", "--json", dir]);
    expect(JSON.parse(stdout)).toMatchObject([{ process: "web", believed: false, since: null }]);
  });
});

test("ps lets an uptime grow only while somebody writes the journal", async () => {
  const dir = await temporaryDir();
  const writer = await openJournal(dir);
  const uptimes = async (): Promise<unknown[]> =>
    ((await command.json(["ps", dir])) as Array<{ uptimeMs: unknown }>).map(
      ({ uptimeMs }) => uptimeMs,
    );
  const run = { process: "web", from: "idle", to: "running", restarts: 0 };
  writer.append({ type: "process.transitioned", ...run });
  expect(await uptimes()).not.toEqual([0]);
  writer.close();
  expect(await uptimes()).toEqual([0]);
});
