import { beforeEach, describe, expect, it } from "vitest";
import { goes, journalId, line, sample } from "./_lines.ts";
import { MachineWorldInMemory } from "./_world.ts";

let world: MachineWorldInMemory;
beforeEach(() => {
  world = new MachineWorldInMemory();
});

const hour = 60 * 60 * 1000;

describe("a silence", () => {
  const boot = line(1, "machine.booted", { entrypointAt: 5 });
  const batch = [boot, goes(2, "web", "idle", "running"), sample(9)].map((each, index) => ({
    ...each,
    seq: index + 1,
  }));
  const silence = ["journal  silent", "process web silent", "startup  silent"];

  it("is told once, when its time has come, for all that is open", async () => {
    await world.append(journalId, batch);
    world.delivered.length = 0;
    await world.pass(hour - 1);
    expect(world.told()).toEqual([]);
    await world.pass(30 * hour);
    expect(world.told()).toEqual(silence);
    const process = world.delivered[1]!;
    expect(process.doubles[0]).toBe(7000);
    expect(process.doubles[19]).toBe(0);
    expect(process.blobs[7]).toBe(`${journalId}:3`);
  });

  it("is told by an object that woke for it, and leaves the fold as it was", async () => {
    await world.append(journalId, batch);
    world.wake();
    await world.pass(hour);
    world.delivered.length = 0;
    await world.append(journalId, [goes(4, "web", "running", "stopped", { mono: 62_000 })]);
    expect(world.delivered[0]!.doubles[0]).toBe(60_000);
    expect(world.delivered[0]!.doubles[19]).toBe(3);
  });

  it("begins anew after new events, not after duplicates", async () => {
    await world.append(journalId, batch);
    await world.pass(hour);
    await world.append(journalId, batch);
    await world.pass(5 * hour);
    expect(world.told().filter((each) => each === "journal  silent")).toHaveLength(1);
    await world.append(journalId, [sample(4)]);
    await world.pass(hour);
    expect(world.told().slice(-3)).toEqual(silence);
  });

  it("counts from the last batch, not from the first", async () => {
    await world.append(journalId, [sample(1)]);
    await world.pass(hour / 2);
    await world.append(journalId, [sample(2)]);
    await world.pass(hour - 1);
    expect(world.told()).toEqual(["resource  ", "resource  "]);
    await world.pass(1);
    expect(world.told().at(-1)).toBe("journal  silent");
  });

  it("is none after a stop in order, whatever the writer still says", async () => {
    await world.append(journalId, [sample(1), line(2, "machine.stopped")]);
    await world.append(journalId, [
      line(3, "segment.opened", { journal: journalId, processes: {} }),
    ]);
    await world.pass(9 * hour);
    expect(world.told()).toEqual(["resource  "]);
    await world.append(journalId, [sample(4)]);
    await world.pass(hour);
    expect(world.told().at(-1)).toBe("journal  silent");
  });

  it("of a hundred days leaves the position alone", async () => {
    await world.append(journalId, batch);
    await world.pass(101 * 24 * hour);
    expect(world.alarmAt).toBeNull();
    expect(world.machine.view()).toMatchObject({ journals: [{ next: 4, processes: {} }] });
    world.delivered.length = 0;
    await world.append(journalId, [goes(4, "web", "running", "stopped")]);
    expect(world.delivered[0]!.doubles.slice(0, 4)).toEqual([0, 0, -1, 0]);
    expect(world.delivered[0]!.doubles[19]).toBe(3);
  });
});
