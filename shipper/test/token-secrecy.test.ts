import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BundledCommand, type RunningCommand } from "./support/command.ts";
import type { Fault } from "./support/fake-server.ts";
import { linesOf, writeSegment } from "./support/journal-files.ts";
import { FakeRig } from "./support/fake-rig.ts";
import { Rig } from "./support/rig.ts";

/** Whatever goes wrong, nobody learns the token: neither a log nor a file nor a scraper. */

const marker = "S3CRET";

let command: BundledCommand;
beforeAll(() => {
  command = new BundledCommand();
});
afterAll(() => command.close());

/** A token with the marker in all of its parts, as the server and the file have it. */
async function rigWithMarker(): Promise<Rig> {
  const rig = await Rig.create();
  const claims = { sub: "m1", exp: 4_000_000_000, aud: "ingest" };
  const body = Buffer.from(JSON.stringify(claims)).toString("base64url");
  rig.server.token = `${marker}head.${body}.${marker}signature`;
  writeFileSync(rig.tokenFile, `${rig.server.token}\n`);
  writeSegment(rig.dir, 1, linesOf(1, 40));
  return rig;
}

/** The server says back what it was sent, as a careless one might. */
const echo = (status: number): Fault => ({
  kind: "answer",
  status,
  headers: { "content-type": "application/problem+json", location: `/?token=${marker}` },
  body: JSON.stringify({ type: `/problems/echo`, detail: `Bearer ${marker}head.x.y` }),
});

/** What nothing heals but a person. */
const hopeless = [401, 403, 404, 307, 415];

/** What is met by trying again, or by sending something else. */
const healing: readonly Fault[] = [
  echo(413),
  echo(422),
  echo(429),
  echo(500),
  { kind: "garble", body: () => `<html>${marker}` },
  { kind: "reset" },
];

function filesOf(dir: string): string {
  return readdirSync(dir)
    .map((name) => readFileSync(join(dir, name), "utf8"))
    .join("");
}

async function scraped(running: RunningCommand): Promise<string> {
  await running.said("/metrics");
  const url = /http:\/\/127\.0\.0\.1:\d+\/metrics/.exec(running.stderr)?.[0] ?? "";
  return (await fetch(url)).text();
}

/** Starts a shipper, lets it meet one fault, and gives back everything that it said to anybody. */
async function saidAfter(rig: Rig, fault: Fault): Promise<string> {
  rig.server.fault = () => fault;
  const args = ["run", ...rig.flags(), "--metrics-port", "0", "--drain", "0"];
  const running = command.start(args);
  let figures = "";
  while (!figures.includes("pidnap_shipper_failures_total{")) figures = await scraped(running);
  running.kill("SIGTERM");
  expect(await running.ended).toBe(0);
  const { stdout } = await command.run(["status", "--state", rig.state]);
  return running.stderr + running.stdout + figures + stdout;
}

test("a running shipper says nothing of its token, in its log, its status and its figures", async () => {
  await using rig = await rigWithMarker();
  for (const fault of [echo(401), echo(500), healing[4]!]) {
    expect(await saidAfter(rig, fault)).not.toContain(marker);
  }
  expect(filesOf(rig.state)).not.toContain(marker);
  const report = await command.run(["status", "--state", rig.state, "--json"]);
  expect(JSON.parse(report.stdout)).toMatchObject({ token: { expiresAtMs: 4_000_000_000_000 } });
  expect(report.stdout).not.toContain(marker);
});

const quick = ["--max-events", "10", "--compress", "none"];

function reshipping(rig: Rig): string[] {
  const where = ["--url", rig.server.url, "--token-file", rig.tokenFile];
  return ["reship", rig.dir, ...where, ...quick];
}

for (const status of hopeless) {
  test(`where ${status} ends once and reship, each says so in one line, and nothing of the token`, async () => {
    await using rig = await rigWithMarker();
    rig.server.fault = () => echo(status);
    const [once, again] = await Promise.all([
      command.run(["run", "--once", ...rig.flags(), ...quick]),
      command.run(reshipping(rig)),
    ]);
    expect([once.code, again.code]).toEqual([1, 1]);
    expect(once.stderr.trim()).toMatch(/^pidnap-shipper: .*$/);
    expect(again.stderr.trim()).toMatch(/^pidnap-shipper: .*$/);
    expect(JSON.stringify([once, again])).not.toContain(marker);
  });
}

test("once and reship get through what heals, and say nothing of the token", async () => {
  const argsOf = [
    (rig: Rig) => ["run", "--once", ...rig.flags(), ...quick],
    (rig: Rig) => reshipping(rig),
  ];
  await Promise.all(
    argsOf.map(async (args) => {
      await using rig = await rigWithMarker();
      const met = [...healing];
      rig.server.fault = ({ method }) => (method === "POST" ? met.shift() : undefined);
      const result = await command.run(args(rig));
      expect(result.code).toBe(0);
      expect(met).toEqual([]);
      expect(JSON.stringify(result)).not.toContain(marker);
    }),
  );
});

test("what is wrong with the token's file is said without its content", async () => {
  await using rig = await rigWithMarker();
  writeFileSync(rig.tokenFile, `${marker} and\n${marker}`);
  const result = await command.run(["run", "--once", ...rig.flags()]);
  expect(result).toMatchObject({ code: 1 });
  expect(result.stderr).toContain("more than one token");
  expect(result.stderr).not.toContain(marker);
});

test("a server that is away for an hour is a line a minute at most", async () => {
  const rig = new FakeRig();
  rig.write(1, linesOf(1, 5));
  rig.world.fault = () => "lost-request";
  rig.start();
  await rig.pass(3_600_000);
  await rig.stopped();
  expect(rig.world.sent.length).toBeGreaterThan(100);
  expect(rig.world.logged.length).toBeGreaterThan(30);
  expect(rig.world.logged.length).toBeLessThan(65);
});
