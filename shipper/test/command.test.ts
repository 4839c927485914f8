import { appendFileSync, existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BundledCommand } from "./support/command.ts";
import {
  append,
  lineAt,
  linesOf,
  openedAt,
  transitionAt,
  writeSegment,
} from "./support/journal-files.ts";
import { Rig } from "./support/rig.ts";

let command: BundledCommand;
beforeAll(() => {
  command = new BundledCommand();
});
afterAll(() => command.close());

/** Resolves once `condition` holds, looked at whenever the server has served a request. */
async function served(rig: Rig, condition: () => boolean): Promise<void> {
  while (!condition()) {
    await new Promise<void>((resolve) => {
      rig.server.onRequest = () => resolve();
    });
  }
}

test("once: ships what is there and ends with 0", async () => {
  await using rig = await Rig.create();
  const lines = linesOf(1, 700);
  writeSegment(rig.dir, 1, lines);
  const { code, stderr } = await command.run(["run", "--once", ...rig.flags()]);
  expect(code).toBe(0);
  expect([...rig.journal.folded.values()]).toEqual(lines);
  for (const line of stderr.trim().split("\n")) JSON.parse(line);
});

/** A terminal that the command runs on, where the system has util-linux. */
const hasPty = existsSync("/usr/bin/script");

test.runIf(hasPty)("once, on a terminal: a bar while it ships, words for people", async () => {
  await using rig = await Rig.create();
  writeSegment(rig.dir, 1, linesOf(1, 900));
  // A pause in the middle, long enough for the journal's end to be found.
  rig.server.fault = () =>
    rig.server.posts.length === 1
      ? { kind: "answer", status: 503, headers: { "retry-after": "1" }, body: "{}" }
      : undefined;
  const { code, stdout } = await command.runOnTerminal(["run", "--once", ...rig.flags()]);
  expect(code).toBe(0);
  expect(stdout).toContain("warning: ");
  expect(stdout).toMatch(/[█░]{16} +\d+ % \d+\/900 events, \d+\/s/);
  expect(stdout).toMatch(/\d\d:\d\d:\d\d Ended: everything is shipped\. position=901 /);
});

test("live: follows a journal that appears, grows, rotates and is written in pieces", async () => {
  await using rig = await Rig.create();
  renameSync(rig.dir, `${rig.dir}-away`);
  const running = command.start(["run", ...rig.flags()]);
  mkdirSync(rig.dir);
  const path = writeSegment(rig.dir, 1, [openedAt(1), transitionAt(2)]);
  await served(rig, () => rig.journal.next === 3);
  const third = `${transitionAt(3)}\n`;
  appendFileSync(path, third.slice(0, 40));
  appendFileSync(path, third.slice(40));
  await served(rig, () => rig.journal.next === 4);
  writeSegment(rig.dir, 4, [openedAt(4), transitionAt(5)]);
  await served(rig, () => rig.journal.next === 6);
  running.kill("SIGTERM");
  expect(await running.ended).toBe(0);
});

test("killed outright again and again, with answers lost, it ships every line once", async () => {
  await using rig = await Rig.create();
  const lines = linesOf(1, 3_000);
  writeSegment(rig.dir, 1, lines.slice(0, 2_000));
  writeSegment(rig.dir, 2_001, lines.slice(2_000));
  let requests = 0;
  rig.server.fault = () => {
    requests += 1;
    return requests % 5 === 0 ? { kind: "lose-answer" } : undefined;
  };
  const args = ["run", ...rig.flags(), "--max-events", "60"];
  for (let kills = 0; kills < 6; kills += 1) {
    const running = command.start(args);
    const enough = rig.server.requests.length + 5 + kills;
    await served(rig, () => rig.server.requests.length >= enough);
    running.kill("SIGKILL");
    await running.ended;
  }
  expect((await command.run(["run", "--once", ...rig.flags()])).code).toBe(0);
  expect([...rig.journal.folded.values()]).toEqual(lines);
  expect(rig.journal.losses).toEqual([]);
});

test("it ships on when whoever read its log has gone", async () => {
  await using rig = await Rig.create();
  const path = writeSegment(rig.dir, 1, linesOf(1, 5));
  const running = command.start(["run", ...rig.flags()]);
  await served(rig, () => rig.journal.next === 6);
  running.stopReading();
  let refusals = 0;
  rig.server.fault = ({ method }) => {
    if (method !== "POST" || refusals === 2) return undefined;
    refusals += 1;
    return { kind: "answer", status: 503, headers: { "retry-after": "0" } };
  };
  append(path, "no event", transitionAt(6));
  await served(rig, () => rig.journal.next === 7);
  running.kill("SIGTERM");
  expect(await running.ended).toBe(0);
});

test("on SIGTERM it ships what is still being written, and ends with 0", async () => {
  await using rig = await Rig.create();
  const path = writeSegment(rig.dir, 1, linesOf(1, 5));
  const running = command.start(["run", ...rig.flags()]);
  await served(rig, () => rig.journal.next === 6);
  append(path, lineAt(6));
  running.kill("SIGTERM");
  await served(rig, () => rig.journal.next === 7);
  append(path, transitionAt(7), lineAt(8, { type: "machine.stopped" }));
  expect(await running.ended).toBe(0);
  expect(rig.journal.next).toBe(9);
});

test("a server that comes up later is waited for, said once", async () => {
  await using rig = await Rig.create();
  writeSegment(rig.dir, 1, linesOf(1, 5));
  const { port } = rig.server;
  const flags = rig.flags();
  await rig.server.close();
  const running = command.start(["run", ...flags]);
  await running.said("ECONNREFUSED");
  await rig.server.listen(port);
  await served(rig, () => rig.journal.next === 6);
  running.kill("SIGTERM");
  expect(await running.ended).toBe(0);
  expect(running.stderr.split("\n").filter((line) => line.includes("ECONNREFUSED"))).toHaveLength(
    1,
  );
});

for (const [what, change, code, said] of [
  ["an unknown option", ["--lingr", "5s"], 2, "(Did you mean --linger?)"],
  ["a bad duration", ["--linger", "soon"], 2, "500ms, 10s, 2m, 1h"],
  ["a bad count", ["--max-events", "0"], 2, "whole number above 0"],
  ["a bad URL", ["--url", "ingest.example.com:443"], 2, "https:// or http://"],
  ["a URL without its scheme", ["--url", "localhost:80"], 2, "Did you mean http://localhost:80?"],
  ["a URL with a secret", ["--url", "http://me:secret@localhost"], 2, "comes from its file"],
  ["no path", ["--dir", ""], 2, "has to be a path"],
  ["a bad size", ["--max-bytes", "1MB"], 2, "64MiB, 512KiB or 1GiB"],
  ["a bad choice", ["--compress", "gz"], 2, "gzip or none. Did you mean gzip?"],
  ["a token file that is not there", ["--token-file", "/nowhere/token"], 1, "is not there"],
  ["a state directory that cannot be", ["--state", "/dev/null/state"], 1, "state directory"],
  ["a state directory under /proc", ["--state", "/proc/nothing/state"], 1, "state directory"],
  ["a directory without a journal", ["--dir", "/nowhere"], 1, "no journal"],
] as const) {
  test(`${what} is one line that says what to do, and exit code ${code}`, async () => {
    await using rig = await Rig.create();
    writeSegment(rig.dir, 1, linesOf(1, 3));
    const result = await command.run(["run", "--once", ...rig.flags(), ...change]);
    expect(result.code).toBe(code);
    expect(result.stderr.trim().split("\n")).toHaveLength(1);
    expect(result.stderr.replaceAll("There is", "").toLowerCase()).toContain(said.toLowerCase());
    expect(result.stderr).not.toMatch(/^\s+at /m);
  });
}

test("an empty token file and a journal of another version are one line each, exit code 1", async () => {
  await using rig = await Rig.create();
  writeSegment(rig.dir, 1, [openedAt(1).replace('"v":1', '"v":2')]);
  const version = await command.run(["run", "--once", ...rig.flags()]);
  expect(version).toMatchObject({ code: 1 });
  expect(version.stderr.trim()).toMatch(/^pidnap-shipper: .*format version 2.*$/);
  writeFileSync(rig.tokenFile, "");
  const token = await command.run(["run", "--once", ...rig.flags()]);
  expect(token).toMatchObject({ code: 1 });
  expect(token.stderr.trim()).toMatch(/^pidnap-shipper: .*is empty.*$/);
});

test("every option may come from the environment; a flag outweighs it; an unknown name is an error", async () => {
  await using rig = await Rig.create();
  writeSegment(rig.dir, 1, linesOf(1, 10));
  const env = {
    PIDNAP_SHIPPER_DIR: rig.dir,
    PIDNAP_SHIPPER_URL: rig.server.url,
    PIDNAP_SHIPPER_TOKEN_FILE: rig.tokenFile,
    PIDNAP_SHIPPER_STATE: join(rig.root, "elsewhere"),
    PIDNAP_SHIPPER_ONCE: "1",
    PIDNAP_SHIPPER_MAX_EVENTS: "9",
  };
  expect(await command.run(["run", "--max-events", "5"], env)).toMatchObject({ code: 0 });
  expect(rig.server.posts).toHaveLength(2);
  const wrong = await command.run(["run"], { ...env, PIDNAP_SHIPPER_LINGR: "5s" });
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toContain("Did you mean PIDNAP_SHIPPER_LINGER?");
  const neither = await command.run(["run"], { ...env, PIDNAP_SHIPPER_ONCE: "maybe" });
  expect(neither.code).toBe(2);
  expect(neither.stderr).toContain("PIDNAP_SHIPPER_ONCE is neither on nor off");
});
