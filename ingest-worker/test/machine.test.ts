import { beforeEach, describe, expect, it } from "vitest";
import { maxJournals, maxOwedPoints } from "../src/worker/limits.ts";
import { goes, journalId, line, lost, sample, samples } from "./_lines.ts";
import type { TestLine } from "./_lines.ts";
import { identity, MachineWorldInMemory } from "./_world.ts";

let world: MachineWorldInMemory;
beforeEach(() => {
  world = new MachineWorldInMemory();
});

const hour = 60 * 60 * 1000;
const journalOf = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;

describe("a batch", () => {
  it("is answered with what became of it", async () => {
    const batch: TestLine[] = [line(1, "machine.ready"), ...samples(2, 4)];
    expect(await world.append(journalId, batch)).toEqual({
      kind: "folded",
      next: 5,
      accepted: 4,
      duplicates: 0,
      points: 3,
    });
    expect(await world.append(journalId, samples(3, 6))).toEqual({
      kind: "folded",
      next: 7,
      accepted: 2,
      duplicates: 2,
      points: 2,
    });
  });

  it("costs one written row, after the first, and no alarm", async () => {
    await world.append(journalId, samples(1, 3));
    const { alarmsSet } = world;
    world.sql.writes = 0;
    world.wake();
    await world.append(journalId, [goes(4, "web", "idle", "running"), ...samples(5, 9)]);
    expect(world.sql.writes).toBe(1);
    expect(world.alarmsSet).toBe(alarmsSet);
  });

  it("of duplicates alone writes and gives nothing, asleep in between or not", async () => {
    await world.append(journalId, samples(1, 3));
    world.sql.writes = 0;
    world.wake();
    await world.append(journalId, samples(1, 3));
    expect([world.sql.writes, world.delivered.length]).toEqual([0, 3]);
  });

  it("that is refused leaves everything as it was", async () => {
    await world.append(journalId, samples(1, 3));
    const before = world.machine.position(journalId);
    const broken = [sample(4), sample(5, { cpuPercent: -1 })];
    expect(await world.append(journalId, broken)).toMatchObject({ kind: "invalid-events" });
    expect(await world.append(journalId, samples(9, 9))).toEqual({ kind: "gap", expected: 4 });
    expect(world.machine.position(journalId)).toEqual(before);
    expect(world.delivered).toHaveLength(3);
  });

  it("of another history is a fork, by the line before it or by its own", async () => {
    await world.append(journalId, samples(1, 3));
    const previousLine = { seq: 3, hash: "0".repeat(32) };
    expect(await world.append(journalId, samples(4, 5), { previousLine })).toEqual({
      kind: "fork",
    });
    const other = [sample(3, { cpuPercent: 6 }), sample(4)];
    expect(await world.append(journalId, other)).toEqual({ kind: "fork" });
    expect(await world.append(journalId, samples(3, 4))).toMatchObject({ kind: "folded" });
  });

  it("is known by the last line's hash, unless that was a loss", async () => {
    await world.append(journalId, ['{"v":1,"seq":1,"at":1,"mono":1,"boot":"b","type":"x"}']);
    expect(world.machine.position(journalId)).toEqual({
      kind: "position",
      next: 2,
      boot: "b",
      lastEventAt: 1,
      last: "1:3a62ce7f7ee51efaf2ec3db14c833c61",
    });
    await world.append(journalId, [lost(2, 7)]);
    expect(world.machine.position(journalId)).toMatchObject({ next: 8, last: null });
  });
});

describe("points", () => {
  it("beyond the invocation's budget are owed, and given by alarm", async () => {
    world = new MachineWorldInMemory({ POINT_BUDGET: "4" });
    expect(await world.append(journalId, samples(1, 10))).toMatchObject({ points: 10 });
    expect(world.delivered).toHaveLength(4);
    expect(world.alarmAt).toBe(world.now);
    await world.pass(0);
    expect(world.delivered).toHaveLength(10);
  });

  it("are owed where the binding throws, and no throw holds up the next batch", async () => {
    world.onWrite = () => {
      throw new Error("no more");
    };
    for (const seq of [1, 2, 3]) {
      expect(await world.append(journalId, [sample(seq)])).toMatchObject({ next: seq + 1 });
    }
    world.onWrite = () => undefined;
    expect(world.delivered).toEqual([]);
    await world.pass(60_000);
    expect(world.delivered).toHaveLength(3);
  });

  it("that the binding refuses for ever hold up no other", async () => {
    world.onWrite = ({ blobs }) => {
      if (blobs[4] === "poison") throw new Error("never");
      return undefined;
    };
    await world.append(journalId, [
      goes(1, "poison", "idle", "running"),
      goes(2, "web", "idle", "running"),
    ]);
    await world.pass(60_000);
    await world.append(journalId, [sample(3)]);
    expect(world.told()).toEqual(["process web running", "resource  "]);
  });

  it("owed to an object that lost its memory are given after the next batch", async () => {
    world = new MachineWorldInMemory({ POINT_BUDGET: 4 });
    await world.append(journalId, samples(1, 6));
    world.wake();
    world.alarmAt = null;
    await world.append(journalId, [sample(7)]);
    expect(world.delivered).toHaveLength(7);
  });

  it("owed in great number make the sender wait", async () => {
    world = new MachineWorldInMemory({ MAX_EVENTS: 10_000 });
    world.onWrite = () => {
      throw new Error("no more");
    };
    let seq = 1;
    for (; seq <= maxOwedPoints; seq += 5000)
      await world.append(journalId, samples(seq, seq + 4999));
    expect(await world.append(journalId, [sample(seq)])).toEqual({ kind: "points-owed" });
    world.onWrite = () => undefined;
    await world.pass(60_000);
    expect(await world.append(journalId, [sample(seq)])).toMatchObject({ kind: "folded" });
    expect(world.delivered).toHaveLength(maxOwedPoints + 1);
  });
});

describe("journals", () => {
  it("of one machine do not touch each other", async () => {
    await world.append(journalOf(1), [goes(1, "web", "idle", "running")]);
    await world.append(journalOf(2), [goes(1, "web", "running", "stopped", { boot: "other" })]);
    expect(world.told()).toEqual(["process web running", "process web stopped"]);
    expect(world.machine.view()).toMatchObject({
      ...identity,
      journals: [
        { journal: journalOf(1), next: 2, processes: { web: { state: "running" } } },
        { journal: journalOf(2), next: 2, processes: { web: { state: "stopped" } } },
      ],
    });
  });

  it("are held in full up to 16: of the one quiet longest only the position is kept", async () => {
    for (let n = 1; n <= 16; n += 1) {
      await world.append(journalOf(n), [goes(1, "web", "idle", "running")]);
      world.now += 1000;
    }
    await world.append(journalOf(1), [sample(2)]);
    world.now += 1000;
    await world.append(journalOf(17), [sample(1)]);
    const view = world.machine.view();
    const empty = view.kind === "machine" && view.journals.filter((j) => !("web" in j.processes));
    expect(empty).toMatchObject([{ journal: journalOf(2), next: 2 }, { journal: journalOf(17) }]);
    expect(world.machine.position(journalOf(2))).toMatchObject({
      last: expect.stringMatching(/^1:/) as string,
    });
    world.delivered.length = 0;
    await world.append(journalOf(2), [goes(2, "web", "running", "stopped")]);
    expect(world.delivered[0]!.doubles[0]).toBe(0);
    expect(world.delivered[0]!.doubles[19]).toBe(2);
  });

  it("come to an end in number too", async () => {
    const insert = `insert into journals (journal, next, boot, last_event_at, received_at,
      measurements, stopped, silent) values (?, 2, 'b', 1, 1, 1, 0, 0)`;
    await world.append(journalId, [sample(1)]);
    for (let n = 1; n < maxJournals; n += 1) world.sql.exec(insert, journalOf(n));
    expect(await world.append(journalOf(maxJournals), [sample(1)])).toEqual({
      kind: "too-many-journals",
    });
    expect(await world.append(journalOf(5), [sample(2)])).toMatchObject({ kind: "folded" });
  });
});

describe("a machine", () => {
  it("is announced once, before it stores anything", async () => {
    await world.append(journalId, [sample(1)]);
    world.wake();
    await world.append(journalId, [sample(2)]);
    expect(world.announced).toEqual([identity]);
  });

  it("that never sent anything is not made by asking about it", () => {
    expect(world.machine.view()).toEqual({ kind: "not-found" });
    expect(world.machine.position(journalId)).toMatchObject({ next: 1, boot: null, last: null });
    expect(world.sql.exec("select name from sqlite_master")).toEqual([]);
  });

  it("works on one batch at a time", async () => {
    const twice = await Promise.all([
      world.append(journalId, samples(1, 5)),
      world.append(journalId, samples(1, 5)),
    ]);
    expect(twice).toMatchObject([{ accepted: 5 }, { accepted: 0, duplicates: 5 }]);
  });
});

describe("a state that another version wrote", () => {
  it("is left alone where it is newer, and the position can still be asked for", async () => {
    await world.append(journalId, [sample(1)]);
    world.sql.exec("update journals set state_version = 99, state = '?'");
    world.wake();
    expect(await world.append(journalId, [sample(2)])).toEqual({ kind: "newer-state" });
    expect(world.machine.position(journalId)).toMatchObject({ next: 2 });
    expect(world.machine.view()).toEqual({ kind: "newer-state" });
    await world.pass(2 * hour);
    const [row] = world.sql.exec("select state_version, state, silent from journals");
    expect(row).toEqual({ state_version: 99, state: "?", silent: 0 });
    expect(world.delivered).toHaveLength(1);
  });

  it("is left alone where the tables are newer", async () => {
    await world.append(journalId, [sample(1)]);
    world.sql.exec("insert into migrations (version) values (99)");
    world.wake();
    expect(await world.append(journalId, [sample(2)])).toEqual({ kind: "newer-state" });
    expect(world.machine.position(journalId)).toEqual({ kind: "newer-state" });
    await world.pass(2 * hour);
    expect(world.delivered).toHaveLength(1);
    expect(world.alarmAt).toBeGreaterThan(world.now);
  });
});
