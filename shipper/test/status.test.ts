import { expect, test } from "vitest";
import { conclude, type StatusReport } from "../src/status/conclude.ts";
import { findOut } from "../src/status/findings.ts";
import { statusRows } from "../src/status/rows.ts";
import { FakeRig } from "./support/fake-rig.ts";
import { lineAt, linesOf, transitionAt } from "./support/journal-files.ts";

/** Asks as the command does. @param alive whether the shipper's process lives */
async function ask(rig: FakeRig, alive = true, retention = 64 * 1024 ** 2): Promise<StatusReport> {
  const { fs, clock } = rig.world;
  const world = { fs, now: () => clock.now(), isAlive: async () => alive };
  return conclude(await findOut(world, { state: "/state", retention }));
}

function tokenThatExpires(atMs: number): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "EdDSA" })}.${part({ sub: "m1", exp: atMs / 1000 })}.secret`;
}

test("after an end in order: everything shipped, no lag, and it says so", async () => {
  const rig = new FakeRig();
  rig.write(1, linesOf(1, 700));
  await rig.once();
  const report = await ask(rig);
  expect(report).toMatchObject({
    running: false,
    position: 701,
    server: { next: 701 },
    lag: { events: 0, bytes: 0, seconds: 0, expired: 0 },
    shipped: { events: 700, lost: 0 },
    lastError: null,
    failedAttempts: 0,
    dir: "/journal",
  });
  expect(report.stoppedAtMs).not.toBeNull();
  expect(report.lastSuccess).toMatchObject({ events: 200 });
  expect(report.warnings).toEqual(["The shipper is not running: it ended in order."]);
});

test("the lag is what is on disk and not shipped: events, bytes and the age of the oldest", async () => {
  const rig = new FakeRig();
  rig.write(1, linesOf(1, 100));
  await rig.once();
  const more = [...Array(50).keys()].map((index) => lineAt(101 + index));
  rig.append("/journal/journal-0000000000000001.ndjson", ...more);
  const later = linesOf(151, 160);
  rig.write(151, later);
  const report = await ask(rig);
  const bytes = [...more, ...later].reduce((sum, line) => sum + line.length + 1, 0);
  expect(report.lag).toMatchObject({ events: 60, bytes, expired: 0 });
  const oldestAtMs = (JSON.parse(more[0]!) as { at: number }).at;
  expect(report.lag?.seconds).toBe(Math.max(0, rig.world.clock.now() - oldestAtMs) / 1000);
});

test("what was deleted before it was read is counted", async () => {
  const rig = new FakeRig();
  rig.write(1, linesOf(1, 10));
  await rig.once();
  rig.world.disk.unlinkSync("/journal/journal-0000000000000001.ndjson");
  rig.write(31, linesOf(31, 40));
  const report = await ask(rig);
  expect(report.lag).toMatchObject({ events: 30, expired: 20 });
  expect(report.warnings.join()).toContain("20 events were deleted before they could be shipped");
});

test("while the server is away: the error with its slug and hint, attempts, the next one", async () => {
  const rig = new FakeRig();
  rig.write(1, linesOf(1, 5));
  rig.world.fault = () => "lost-request";
  rig.start();
  await rig.pass(200_000);
  const report = await ask(rig);
  expect(report).toMatchObject({ running: true, position: 1, lag: { events: 5 } });
  expect(report.lastError).toMatchObject({ slug: "ECONNRESET", status: 0 });
  expect(report.lastError?.hint).toContain("Check that the URL is right");
  expect(report.failedAttempts).toBeGreaterThan(5);
  expect(report.nextRetryAtMs).toBeGreaterThan(rig.world.clock.now());
  rig.world.fault = () => undefined;
  await rig.pass(60_000);
  expect(await ask(rig)).toMatchObject({ failedAttempts: 0, position: 6, nextRetryAtMs: null });
  await rig.stopped();
});

test("the first failure is there at once for who wonders why nothing arrives", async () => {
  const rig = new FakeRig();
  rig.write(1, linesOf(1, 5));
  rig.world.fault = () => ({ status: 401 });
  rig.start();
  await rig.pass(100);
  expect(await ask(rig)).toMatchObject({ lastError: { slug: "unauthorized" }, failedAttempts: 1 });
  await rig.stopped();
});

test("a journal that was shipped in no time is told so some seconds later, not when the next event comes", async () => {
  const rig = new FakeRig();
  rig.write(1, linesOf(1, 5));
  rig.start();
  await rig.pass(4000);
  expect(await ask(rig)).toMatchObject({ shipped: { events: 5 }, lastSuccess: { events: 5 } });
  await rig.stopped();
});

test("a killed shipper is told from one that ended in order", async () => {
  const rig = new FakeRig();
  rig.write(1, linesOf(1, 5));
  rig.start();
  await rig.pass(30_000);
  expect((await ask(rig, true)).running).toBe(true);
  const killed = await ask(rig, false);
  expect(killed).toMatchObject({ running: false, stoppedAtMs: null });
  expect(killed.warnings.join()).toContain("ended without having been told to");
  await rig.stopped();
});

test("what the process before knew last is not forgotten", async () => {
  const rig = new FakeRig();
  rig.write(1, linesOf(1, 5));
  await rig.once();
  const before = await ask(rig);
  rig.world.fault = () => ({ status: 503 });
  rig.start();
  await rig.pass(60_000);
  expect(await ask(rig)).toMatchObject({
    lastSuccess: before.lastSuccess,
    lastError: { slug: "status-503" },
    server: { next: 6 },
  });
  await rig.stopped();
});

for (const [days, said] of [
  [8, undefined],
  [6.5, "The token expires in 6 d 12 h"],
  [-1, "The token expired 24 h 0 min ago"],
] as const) {
  test(`a token with ${days} days to go: ${said ?? "nothing is said"}`, async () => {
    const rig = new FakeRig();
    rig.world.token = tokenThatExpires(rig.world.clock.now() + days * 86_400_000);
    rig.world.disk.writeFileSync("/token", rig.world.token);
    rig.write(1, linesOf(1, 5));
    await rig.once();
    // The clock went on by the milliseconds that shipping took.
    rig.world.clock.now = () => 1_760_000_000_000;
    const report = await ask(rig);
    const warnings = report.warnings.join();
    expect(warnings.includes("The token")).toBe(said !== undefined);
    expect(warnings).toContain(said ?? "");
    expect(JSON.stringify(report)).not.toContain("secret");
    expect(String(rig.world.disk.readFileSync("/state/status.json"))).not.toContain("secret");
  });
}

test("how long an outage may last, at the rate the journal is written", async () => {
  const rig = new FakeRig();
  rig.write(1, linesOf(1, 101));
  await rig.once({ maxEvents: 101 });
  rig.append("/journal/journal-0000000000000001.ndjson", lineAt(102), lineAt(103));
  const { size } = rig.world.disk.statSync("/journal/journal-0000000000000001.ndjson");
  const report = await ask(rig, false, size + 10_000);
  expect(report.rate.writtenEventsPerSecond).toBeCloseTo(1, 2);
  expect(report.retention).toMatchObject({ leftBytes: 10_000 });
  expect(report.retention?.leftSeconds).toBeCloseTo(
    10_000 / (report.rate.writtenBytesPerSecond ?? 0),
    6,
  );
  expect(report.warnings.join()).toContain("the oldest unread segment expires in 49.3 s");
});

test("a fork is told", async () => {
  const rig = new FakeRig();
  rig.write(1, linesOf(1, 10));
  await rig.once();
  rig.world.disk.unlinkSync("/journal/journal-0000000000000001.ndjson");
  rig.write(1, [...linesOf(1, 9), transitionAt(10), lineAt(11)]);
  await rig.once();
  const report = await ask(rig);
  expect(report.forks).toHaveLength(1);
  expect(report.shippedAs).toBe(report.forks[0]?.shipAs);
  expect(report.warnings.join()).toContain("another history");
});

test("damaged files are said to be so, and the rest is told", async () => {
  const rig = new FakeRig();
  rig.write(1, linesOf(1, 10));
  await rig.once();
  rig.world.disk.writeFileSync("/state/checkpoint.json", "{");
  const report = await ask(rig);
  expect(report).toMatchObject({ position: 11, journal: null });
  expect(report.warnings[0]).toContain("checkpoint.json is damaged");
  rig.world.disk.writeFileSync("/state/status.json", "\0\0\0");
  expect(await ask(rig)).toMatchObject({ position: null, dir: null, lag: null, lastSuccess: null });
});

test("a journal that cannot be read is said, and all else is told", async () => {
  const rig = new FakeRig();
  rig.write(1, linesOf(1, 10));
  await rig.once();
  const refused = async (): Promise<never> => {
    throw Object.assign(new Error("refused"), { code: "EACCES" });
  };
  const { fs, clock } = rig.world;
  const disk = { ...fs, readFile: (path: string) => fs.readFile(path), readdir: refused };
  const world = { fs: disk, now: () => clock.now(), isAlive: async () => true };
  const report = conclude(await findOut(world, { state: "/state" }));
  expect(report).toMatchObject({ position: 11, lag: null, retention: null });
  expect(report.warnings.join()).toContain("/journal cannot be read (EACCES)");
});

test("where nothing was left, that is an error that says where to look", async () => {
  await expect(ask(new FakeRig())).rejects.toMatchObject({ code: "STATE_NOT_FOUND" });
});

test("a status that cannot be written stops nothing", async () => {
  const rig = new FakeRig();
  rig.write(1, linesOf(1, 600));
  rig.world.disk.mkdirSync("/state/status.json.tmp", { recursive: true });
  await rig.once();
  expect(rig.journal.next).toBe(601);
  expect(rig.world.logged.filter(({ message }) => message.includes("status file"))).toHaveLength(1);
});

test("the table says in words what the report says in numbers", async () => {
  const rig = new FakeRig();
  rig.write(1, linesOf(1, 300));
  await rig.once();
  const rows = new Map(statusRows(await ask(rig), rig.world.clock.now()));
  expect(rows.get("position")).toBe("301");
  expect(rows.get("lag")).toBe("none");
  expect(rows.get("last error")).toBe("never");
  expect(rows.get("shipped")).toMatch(/^300 events, .* since its start$/);
  expect(rows.get("retention")).toContain("at this rate an outage of");
});
