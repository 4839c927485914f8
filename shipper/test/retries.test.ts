import { expect, test } from "vitest";
import { FakeRig } from "./support/fake-rig.ts";
import { bootB, linesOf, openedAt, transitionAt } from "./support/journal-files.ts";

/** A live shipper that has caught up with ten lines. */
async function caughtUp(rig: FakeRig): Promise<string> {
  const path = rig.write(1, linesOf(1, 10));
  rig.start();
  await rig.pass(5_000);
  rig.world.sent.length = 0;
  return path;
}

/** Waits between the requests that were made, ms. */
function gaps(rig: FakeRig): number[] {
  const times = rig.world.sent.map(({ atMs }) => atMs);
  return times.slice(1).map((at, index) => at - (times[index] ?? 0));
}

test("failures are spaced out further and further, up to a ceiling, and never given up", async () => {
  const rig = new FakeRig();
  const path = await caughtUp(rig);
  rig.world.random = () => 0.999;
  rig.world.fault = () => ({ status: 502 });
  rig.append(path, transitionAt(11));
  await rig.pass(300_000);
  const waits = gaps(rig);
  expect(waits[0]).toBeLessThan(600);
  expect(waits[3]).toBeGreaterThan(3_000);
  expect(Math.max(...waits)).toBeLessThan(31_000);
  rig.world.fault = () => undefined;
  await rig.pass(31_000);
  expect(rig.journal.next).toBe(12);
  await rig.stopped();
});

test("Retry-After is kept to, in seconds and as a date, and the wait behind it is spread", async () => {
  const rig = new FakeRig();
  const path = await caughtUp(rig);
  const dateMs = rig.world.clock.now() + 60_000;
  let times = 0;
  rig.world.fault = () => {
    times += 1;
    if (times === 1) return { status: 503, retryAfter: "20" };
    return times === 2 ? { status: 429, retryAfter: new Date(dateMs).toUTCString() } : undefined;
  };
  rig.append(path, transitionAt(11));
  await rig.pass(120_000);
  expect(gaps(rig)[0]).toBeGreaterThanOrEqual(20_000);
  expect(gaps(rig)[0]).toBeLessThan(26_000);
  const third = rig.world.sent[2]!;
  expect(rig.world.clock.now() - rig.world.clock.mono() + third.atMs).toBeGreaterThanOrEqual(
    dateMs - 1_000,
  );
  expect(rig.journal.next).toBe(12);
  await rig.stopped();
});

test("a request that stalls is given up at its deadline and made again", async () => {
  const rig = new FakeRig();
  const path = await caughtUp(rig);
  let times = 0;
  rig.world.fault = () => ((times += 1) <= 2 ? "stall" : undefined);
  rig.append(path, transitionAt(11));
  await rig.pass(60_000);
  expect(rig.journal.next).toBe(12);
  await rig.stopped();
});

for (const [status, slug] of [
  [401, "unauthorized"],
  [403, "forbidden"],
  [404, "wrong-url"],
  [405, "wrong-url"],
  [415, "unsupported-media-type"],
  [302, "redirect"],
] as const) {
  test(`${status} is tried slowly, said loudly but not often, and ends a run that is to end`, async () => {
    const rig = new FakeRig();
    const path = await caughtUp(rig);
    rig.world.fault = () => ({ status, body: "<html>" });
    rig.append(path, transitionAt(11));
    await rig.pass(600_000);
    expect(rig.world.sent.length).toBeLessThan(25);
    const said = rig.world.logged.filter(({ fields }) => fields["slug"] === slug);
    expect(said.length).toBeGreaterThan(1);
    expect(said.length).toBeLessThanOrEqual(10);
    await rig.stopped();
    await expect(rig.once()).rejects.toMatchObject({ code: "REQUEST", status, slug });
  });
}

test("a token that is replaced is used within seconds of its being refused", async () => {
  const rig = new FakeRig();
  const path = await caughtUp(rig);
  rig.world.token = "token-2";
  rig.append(path, transitionAt(11));
  await rig.pass(10_000);
  expect(rig.journal.next).toBe(11);
  rig.world.disk.writeFileSync("/token", "token-2");
  rig.world.disk.utimesSync("/token", 1_900_000_000, 1_900_000_000);
  await rig.pass(2_000);
  expect(rig.journal.next).toBe(12);
  await rig.stopped();
});

test("a token of another machine that appears while running makes what was before the newest boot foreign", async () => {
  const rig = new FakeRig();
  rig.world.token = tokenOf("machine-1");
  rig.world.disk.writeFileSync("/token", rig.world.token);
  const path = await caughtUp(rig);
  rig.append(path, openedAt(11, { boot: bootB }));
  rig.world.token = tokenOf("machine-2");
  rig.world.disk.writeFileSync("/token", rig.world.token);
  rig.world.disk.utimesSync("/token", 1_900_000_000, 1_900_000_000);
  rig.world.journals.clear();
  rig.append(path, transitionAt(12, { boot: bootB }));
  await rig.pass(5_000);
  expect(rig.journal.losses).toMatchObject([{ from: 1, through: 10, reason: "foreign" }]);
  expect(rig.journal.next).toBe(13);
  await rig.stopped();
});

test("an empty or missing token file is an error at the start", async () => {
  const rig = new FakeRig();
  rig.write(1, linesOf(1, 3));
  rig.world.disk.writeFileSync("/token", "\n");
  await expect(rig.once()).rejects.toMatchObject({
    code: "TOKEN_FILE",
    message: expect.stringContaining("is empty") as string,
  });
  rig.world.disk.unlinkSync("/token");
  await expect(rig.once()).rejects.toMatchObject({
    code: "TOKEN_FILE",
    message: expect.stringContaining("is not there") as string,
  });
});

test("the token is in no log line", async () => {
  const rig = new FakeRig();
  const path = await caughtUp(rig);
  for (const fault of [
    "lost-request",
    "garbage",
    "stall",
    { status: 500 },
    { status: 401 },
  ] as const) {
    rig.world.fault = () => fault;
    rig.append(path, transitionAt(11));
    await rig.pass(60_000);
  }
  expect(JSON.stringify(rig.world.logged)).not.toContain("token-1");
  await rig.stopped();
});

function tokenOf(sub: string): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "EdDSA" })}.${part({ sub })}.signature`;
}
