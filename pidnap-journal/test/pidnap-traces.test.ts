import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { z } from "zod";
import {
  FakeManager,
  fakeJournal,
  FakeWorld,
  type FakeProcess,
} from "../src/attach/_fake-pidnap.ts";
import { attachIn } from "../src/attach/attach.ts";
import type { EventOf } from "../src/event.ts";

/** What was recorded of the real pidnap, scenario by scenario. */
const folder = new URL("../../fixtures/traces/", import.meta.url);

const recordSchema = z.object({
  t: z.number(),
  kind: z.enum(["notify", "change", "spawn", "snapshot", "driver", "outside"]),
  process: z.string(),
  state: z.string().default(""),
  restarts: z.number().default(0),
  hasStarted: z.boolean().default(false),
  exitCode: z.number().nullable().default(null),
  note: z.string().default(""),
});
type TraceRecord = z.output<typeof recordSchema>;

const traceSchema = z.object({
  config: z.object({
    processes: z
      .array(z.looseObject({ name: z.string(), options: z.looseObject({}).optional() }))
      .default([]),
  }),
  records: z.array(recordSchema),
});

const scenarios = readdirSync(folder).filter((name) => name.endsWith(".json"));

/** A transition in short. */
type Told = readonly [
  process: string,
  from: string,
  to: string,
  restarts: number,
  code: number | null | "none",
];

test("there are recordings", () => {
  expect(scenarios).toHaveLength(43);
});

test.each(scenarios)("%s is journaled as it was recorded", async (name) => {
  const { config, records } = traceSchema.parse(
    JSON.parse(readFileSync(new URL(name, folder), "utf8")),
  );
  const manager = new FakeManager();
  const world = new FakeWorld();
  const journal = fakeJournal();
  manager.state = "idle";
  for (const entry of config.processes) manager.entries.set(entry.name, entry);
  const errors: unknown[] = [];
  const { detach } = attachIn(world, manager, journal, {
    resources: false,
    onError: (error) => errors.push(error),
  });
  await play(records, manager, world);
  detach();
  expect(errors).toEqual([]);
  const heard = journal.events.flatMap((event) => {
    if (event.type !== "process.transitioned") return [];
    const {
      exitCode = "none",
      from,
      process,
      restarts,
      to,
    } = event as EventOf<"process.transitioned">;
    return [[process, from, to, restarts, exitCode] as const];
  });
  expect(heard).toEqual(expected(records));
  expect(journal.events.at(0)?.type).toBe("machine.booted");
  expect(journal.events.at(-1)?.type).toBe("machine.stopped");
});

/** Does to a manager, record by record, what was seen of the real one. */
async function play(
  records: readonly TraceRecord[],
  manager: FakeManager,
  world: FakeWorld,
): Promise<void> {
  for (const record of records) {
    if (record.process === "-") {
      apply(record.note, manager);
      // The looks at the manager, as often as they come by themselves, must change nothing.
      await world.pass(0);
      continue;
    }
    const one = manager.processes.get(record.process) ?? addProcess(manager, record.process);
    set(one, record);
    if (record.kind === "notify") one.notify();
    // Between a state and its notice is no time: only what others are made to do by it comes there.
    if (record.note !== "state") await world.pass(record.kind === "snapshot" ? 500 : 1);
  }
}

function addProcess(manager: FakeManager, name: string): FakeProcess {
  const { entries } = manager;
  const entry = entries.get(name);
  const one = manager.add(name);
  if (entry !== undefined) entries.set(name, entry);
  return one;
}

function set(one: FakeProcess, { exitCode, hasStarted, restarts, state }: TraceRecord): void {
  Object.assign(one, { state, restarts, hasStarted });
  one.lazyProcess.exitCode = exitCode;
}

/** What a driver's note says of the manager itself. */
function apply(note: string, manager: FakeManager): void {
  const removed = /^manager\.removeProcessByTarget\((\w+)\) resolved/.exec(note)?.[1];
  if (removed !== undefined) manager.remove(removed);
  if (note === "manager.start() called again") manager.processes.clear();
  if (note.startsWith("manager.start() resolved")) manager.state = "running";
  if (note.startsWith("manager.stop() called")) manager.state = "stopping";
  if (note.startsWith("manager.stop() resolved")) manager.state = "stopped";
}

/**
 * The distinct changes of state, from a naive reading of the recording: what was found when the listener
 * came, then every call that had news; a code only out of `running`, and not into `stopping`.
 */
function expected(records: readonly TraceRecord[]): Told[] {
  const told: Told[] = [];
  const states = new Map<string, { state: string; restarts: number }>();
  const leave = (name: string): void => {
    const last = states.get(name);
    if (last === undefined) return;
    told.push([name, last.state, "removed", last.restarts, "none"]);
    states.delete(name);
  };
  for (const { exitCode, kind, note, process, restarts, state } of records) {
    const removed = /^manager\.removeProcessByTarget\((\w+)\) resolved/.exec(note)?.[1];
    if (removed !== undefined) leave(removed);
    if (note === "manager.start() called again") for (const name of states.keys()) leave(name);
    if (kind !== "snapshot" && kind !== "notify") continue;
    const from = states.get(process)?.state ?? "idle";
    states.set(process, { state, restarts });
    if (from === state) continue;
    const isEnd = from === "running" && state !== "stopping" && kind === "notify";
    told.push([process, from, state, restarts, isEnd ? exitCode : "none"]);
  }
  return told;
}
