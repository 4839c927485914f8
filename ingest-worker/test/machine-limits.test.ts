import { expect, it } from "vitest";
import { maxWaitingBytes, maxWaitingRequests } from "../src/worker/limits.ts";
import { goes, journalId, line, sample } from "./_lines.ts";
import type { TestLine } from "./_lines.ts";
import { identity, MachineWorldInMemory } from "./_world.ts";

/** A name of 256 bytes whose JSON is as long as JSON gets: six bytes for each of them. */
const longest = (index: number) => `${String(index).padStart(4, "0")}${"\u0001".repeat(252)}`;
const rowLimitBytes = 2_000_000;

it("the longest state there can be fits into a row, and its boot's end into the outbox", async () => {
  const world = new MachineWorldInMemory();
  const boot = "\u0001".repeat(255);
  const booted = line(1, "machine.booted", {
    boot,
    entrypointAt: 8.64e15,
    hostname: "\u0001".repeat(5200),
    pidnapVersion: "\u0001".repeat(5200),
  });
  await world.append(journalId, [booted]);
  for (let process = 0; process < 400; process += 100) {
    const lines = Array.from({ length: 100 }, (_, index): TestLine => {
      const seq = 2 + process + index;
      const to = { at: 8.64e15, mono: 1.234567890123e15, kind: "process", restarts: 2 ** 52 };
      return goes(seq, longest(process + index), longest(1), "running", {
        ...to,
        boot,
      });
    });
    // A line is below 64 KiB and a batch below 1 MiB, as on the wire.
    expect(await world.append(journalId, lines)).toMatchObject({ accepted: 100 });
  }
  const [row] = world.sql.exec("select length(cast(state as blob)) as bytes from journals");
  expect(Number(row!["bytes"])).toBeGreaterThan(500_000);
  expect(Number(row!["bytes"])).toBeLessThan(rowLimitBytes);

  world.delivered.length = 0;
  await world.append(journalId, [line(402, "machine.ready", { boot: "next" })]);
  const owed = world.sql.exec("select length(cast(points as blob)) as bytes from owed");
  expect(owed.length).toBeGreaterThan(0);
  for (const { bytes } of owed) expect(Number(bytes)).toBeLessThan(rowLimitBytes);
  await world.pass(60_000);
  // Every open run, and the start-up that the boot left open.
  expect(world.delivered).toHaveLength(401);
  expect(new Set(world.delivered.map(({ blobs }) => blobs[4])).size).toBe(401);
});

it("one process more than there may be takes the place of the one unchanged longest", async () => {
  const world = new MachineWorldInMemory();
  for (let from = 1; from <= 501; from += 100) {
    const lines = Array.from({ length: Math.min(100, 502 - from) }, (_, index) =>
      goes(from + index, longest(from + index), "idle", "running"),
    );
    await world.append(journalId, lines);
  }
  const view = world.machine.view();
  const names = view.kind === "machine" ? Object.keys(view.journals[0]!.processes) : [];
  expect(names).toEqual(Array.from({ length: 400 }, (_, index) => longest(102 + index)));
  const [row] = world.sql.exec("select length(cast(state as blob)) as bytes from journals");
  expect(Number(row!["bytes"])).toBeLessThan(rowLimitBytes);
});

it("a segment's table of 400 processes is taken in one line", async () => {
  const world = new MachineWorldInMemory();
  const entry = { state: "running", at: 1, mono: 1, restarts: 0 };
  const processes = Object.fromEntries(
    Array.from({ length: 400 }, (_, index) => [`${index}`.padStart(60, "n"), entry]),
  );
  const opened = line(1, "segment.opened", { journal: journalId, processes });
  expect(JSON.stringify(opened).length).toBeLessThan(65_536);
  expect(await world.append(journalId, [opened])).toMatchObject({ accepted: 1, points: 0 });
  const view = world.machine.view();
  expect(view.kind === "machine" && Object.keys(view.journals[0]!.processes)).toHaveLength(400);
});

it("batches from many connections wait for their turn, as many as there is room for", async () => {
  const world = new MachineWorldInMemory();
  const answersTo = (count: number, lines: readonly TestLine[]) =>
    Promise.all(Array.from({ length: count }, () => world.append(journalId, lines)));
  const kindsOf = (answers: readonly { readonly kind: string }[]) => ({
    folded: answers.filter(({ kind }) => kind === "folded").length,
    unavailable: answers.filter(({ kind }) => kind === "unavailable").length,
  });

  const small = await answersTo(maxWaitingRequests + 3, [sample(1)]);
  expect(kindsOf(small)).toEqual({ folded: maxWaitingRequests, unavailable: 3 });
  expect(world.delivered).toHaveLength(1);

  // One alone has room, whatever its size.
  const full = await world.machine.append({
    identity,
    journal: journalId,
    previousLine: undefined,
    body: new Uint8Array(maxWaitingBytes + 1),
    receivedAt: world.now,
  });
  expect(full.kind).toBe("not-ndjson");
  const eighth = Array.from({ length: 16 }, (_, index) =>
    sample(2 + index, { pad: "x".repeat(60_000) }),
  );
  const answers = await answersTo(10, eighth);
  expect(kindsOf(answers)).toEqual({ folded: 8, unavailable: 2 });
  expect(world.delivered).toHaveLength(17);
});
