import { expect, test } from "vitest";
import type { NewEvent } from "../../event.ts";
import { FakeWorld } from "../_fake-pidnap.ts";
import { startSampling } from "./sampling.ts";

interface Setup {
  readonly world: FakeWorld;
  readonly events: NewEvent[];
  readonly errors: unknown[];
  readonly end: () => void;
}

/** Samples a machine of one CPU that is busy for a quarter of the time. */
function setup(intervalMs: number): Setup {
  const world = new FakeWorld();
  const events: NewEvent[] = [];
  const errors: unknown[] = [];
  world.readTextNow = (path) => {
    const ticks = Math.floor(world.monoMs / 10);
    if (path === "/proc/stat")
      return `cpu0 ${Math.floor(ticks / 4)} 0 0 ${ticks - Math.floor(ticks / 4)}\n`;
    if (path === "/proc/meminfo") return "MemTotal: 1024 kB\nMemAvailable: 512 kB\n";
    throw new Error("no such file");
  };
  const end = startSampling({
    world,
    intervalMs,
    dir: "/journal",
    append: (event) => events.push(event),
    report: (error) => errors.push(error),
  });
  return { world, events, errors, end };
}

test("the first sample is of the first second, then there is one each interval", async () => {
  const { end, events, world } = setup(30_000);
  await world.pass(999);
  expect(events).toEqual([]);
  await world.pass(1);
  expect(events).toMatchObject([{ type: "resources.sampled", cpuPercent: 25, memoryUsedMb: 0.5 }]);
  await world.pass(30_000);
  expect(events).toHaveLength(2);
  await world.pass(300_000);
  expect(events).toHaveLength(12);
  end();
});

test("an interval below a second holds from the first sample on", async () => {
  const { events, world } = setup(200);
  await world.pass(1000);
  expect(events).toHaveLength(5);
});

test("ends at once, also while it reads", async () => {
  const { end, events, world } = setup(1000);
  await world.pass(1000);
  end();
  await world.pass(10_000);
  expect(events).toHaveLength(1);
  expect(world.timers.size).toBe(0);
});

test("goes on where a reading fails", async () => {
  const { errors, events, world } = setup(1000);
  const { diskOf } = world;
  world.diskOf = async () => {
    throw new Error("stale file handle");
  };
  await world.pass(2000);
  expect(events).toEqual([]);
  world.diskOf = diskOf;
  await world.pass(1000);
  expect(events).toHaveLength(1);
  expect(errors).toContainEqual(new Error("stale file handle"));
});
