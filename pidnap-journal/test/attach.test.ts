import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { Manager, type ManagerConfig } from "pidnap-fixtures/supervisor/index";
import { describe, expect, onTestFinished, test } from "vitest";
import { attachToPidnap } from "../src/attach/attach.ts";
import type { EventOf, JournalEvent } from "../src/event.ts";
import { readJournal } from "../src/reader/read.ts";
import { openJournal } from "../src/writer/journal.ts";
import { temporaryDir } from "./_journal-files.ts";

const ignore = (): void => undefined;
const quiet = { debug: ignore, info: ignore, warn: ignore, error: ignore };
const often = { type: "fixed", delayMs: 20 } as const;

async function eventsOf(dir: string): Promise<JournalEvent[]> {
  const events: JournalEvent[] = [];
  for await (const entry of readJournal(dir)) {
    if (entry.kind === "event") events.push(entry.event);
  }
  return events;
}

/** What was heard of one process: the states entered, the first with where it came from. */
function pathOf(events: readonly JournalEvent[], process: string): string {
  const steps = transitionsOf(events, process);
  return [
    steps[0]?.from,
    ...steps.map(({ exitCode, to }) => (exitCode === undefined ? to : `${to}(${exitCode})`)),
  ].join(" ");
}

function transitionsOf(
  events: readonly JournalEvent[],
  process: string,
): Array<EventOf<"process.transitioned">> {
  return events
    .filter((event) => event.type === "process.transitioned")
    .map((event) => event as EventOf<"process.transitioned">)
    .filter((event) => event.process === process);
}

/** Waits until the journal holds an event. */
async function until(dir: string, wanted: (event: JournalEvent) => boolean): Promise<void> {
  for await (const entry of readJournal(dir, { follow: true })) {
    if (entry.kind === "event" && wanted(entry.event)) return;
  }
}

const entered =
  (process: string, to: string) =>
  (event: JournalEvent): boolean =>
    event.type === "process.transitioned" &&
    (event as EventOf<"process.transitioned">).process === process &&
    (event as EventOf<"process.transitioned">).to === to;

/** A supervisor in this process, with a journal attached before its start. */
async function attached(config: ManagerConfig): Promise<{
  readonly dir: string;
  readonly manager: Manager;
  readonly end: () => Promise<JournalEvent[]>;
}> {
  const dir = await temporaryDir();
  const journal = await openJournal(dir);
  const manager = new Manager(config, quiet);
  const attachment = attachToPidnap(manager, journal, { resources: false });
  await manager.start();
  const end = async (): Promise<JournalEvent[]> => {
    await manager.stop(1000);
    attachment.detach();
    journal.close();
    return eventsOf(dir);
  };
  onTestFinished(async () => {
    await manager.stop(0);
    attachment.detach();
    journal.close();
  });
  return { dir, manager, end };
}

describe("a supervisor's processes", () => {
  test("are journaled from the first running to the stop", async () => {
    const { dir, end } = await attached({
      processes: [
        { name: "web", definition: { command: "sleep", args: ["30"] }, tags: ["http"] },
        {
          name: "migrate",
          definition: { command: "sh", args: ["-c", "exit 0"] },
          options: { restartPolicy: "never" },
        },
        {
          name: "seed",
          definition: { command: "sh", args: ["-c", "exit 3"] },
          options: { restartPolicy: "never" },
        },
        {
          name: "missing",
          definition: { command: "no-such-command-here" },
          options: { restartPolicy: "never" },
        },
      ],
    });
    await until(dir, ({ type }) => type === "tasks.completed");
    const events = await end();
    expect(pathOf(events, "web")).toBe("idle running stopping stopped");
    expect(pathOf(events, "migrate")).toBe("idle running stopped(0)");
    expect(pathOf(events, "seed")).toBe("idle running stopped(3)");
    expect(pathOf(events, "missing")).toBe("idle running stopped(null)");
    expect(transitionsOf(events, "web")[0]).toMatchObject({ kind: "process", tags: ["http"] });
    expect(transitionsOf(events, "seed")[0]).toMatchObject({ kind: "task" });
    expect(events.find(({ type }) => type === "tasks.completed")).toMatchObject({
      count: 3,
      failed: 2,
    });
    expect(events.at(-1)).toMatchObject({ type: "machine.stopped", reason: "stopped" });
    expect(events.filter(({ type }) => type === "machine.booted")).toHaveLength(1);
  });

  test("are journaled through a crash loop with the restarts as they are", async () => {
    const { dir, end } = await attached({
      processes: [
        {
          name: "crash",
          definition: { command: "sh", args: ["-c", "exit 1"] },
          options: {
            backoff: often,
            crashLoop: { maxRestarts: 2, windowMs: 10_000, backoffMs: 60_000 },
          },
        },
      ],
    });
    await until(dir, entered("crash", "crash-loop-backoff"));
    const events = await end();
    expect(pathOf(events, "crash")).toBe(
      "idle running restarting(1) running crash-loop-backoff(1) stopping stopped",
    );
    expect(transitionsOf(events, "crash").map(({ restarts }) => restarts)).toEqual([
      0, 1, 1, 1, 1, 1,
    ]);
  });

  test("have no code where a signal ended them", async () => {
    const { dir, end } = await attached({
      processes: [
        {
          name: "killed",
          definition: { command: "sh", args: ["-c", "kill -9 $$"] },
          options: { restartPolicy: "never" },
        },
      ],
    });
    await until(dir, entered("killed", "stopped"));
    expect(pathOf(await end(), "killed")).toBe("idle running stopped(null)");
  });

  test("are found and lost while it runs, and are others after another start", async () => {
    const { dir, end, manager } = await attached({
      processes: [{ name: "web", definition: { command: "sleep", args: ["30"] } }],
    });
    await until(dir, entered("web", "running"));
    await manager.updateProcessConfig({
      name: "late",
      definition: { command: "sleep", args: ["30"] },
    });
    await until(dir, entered("late", "running"));
    await manager.restartProcessByTarget("web", true);
    await manager.removeProcessByTarget("late");
    await until(dir, entered("late", "removed"));
    await manager.stop(1000);
    await manager.start();
    await until(dir, (event) => entered("web", "running")(event) && event.seq > 10);
    const events = await end();
    expect(pathOf(events, "late")).toBe("idle running stopping stopped removed");
    expect(pathOf(events, "web")).toBe(
      "idle running stopping stopped running stopping stopped removed running stopping stopped",
    );
    const again = transitionsOf(events, "web").find(({ from }) => from === "idle");
    expect(again).toBeDefined();
  });

  test("are reported from idle where it was started before", async () => {
    const dir = await temporaryDir();
    const journal = await openJournal(dir);
    const manager = new Manager(
      { processes: [{ name: "web", definition: { command: "sleep", args: ["30"] } }] },
      quiet,
    );
    onTestFinished(() => manager.stop(0));
    await manager.start();
    const attachment = attachToPidnap(manager, journal, { resources: false });
    attachment.detach();
    journal.close();
    expect(pathOf(await eventsOf(dir), "web")).toBe("idle running");
  });
});

describe("the end of the supervisor's own process", () => {
  /** Runs the program in a process of its own until it says that it has started. */
  async function started(...more: string[]): Promise<{
    readonly dir: string;
    readonly kill: (signal: NodeJS.Signals) => void;
    readonly ended: Promise<unknown[]>;
  }> {
    const dir = await temporaryDir();
    const config = {
      processes: [{ name: "web", definition: { command: "sleep", args: ["30"] } }],
    };
    const child = spawn(
      process.execPath,
      [
        "--conditions=source",
        fileURLToPath(import.meta.resolve("./_attached-machine.ts")),
        dir,
        JSON.stringify(config),
        ...more,
      ],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    onTestFinished(() => void child.kill("SIGKILL"));
    const ended = once(child, "exit");
    await once(child.stdout, "data");
    return { dir, ended, kill: (signal) => void child.kill(signal) };
  }

  test("is journaled with the signal, behind what the processes did", async () => {
    const { dir, ended, kill } = await started();
    await until(dir, ({ type }) => type === "resources.sampled");
    kill("SIGTERM");
    expect(await ended).toEqual([0, null]);
    const events = await eventsOf(dir);
    expect(pathOf(events, "web")).toBe("idle running stopping stopped");
    expect(events.at(-1)).toMatchObject({ type: "machine.stopped", reason: "SIGTERM" });
    expect(events.filter(({ type }) => type === "machine.stopped")).toHaveLength(1);
    const booted = events.find(({ type }) => type === "machine.booted");
    expect(booted).toMatchObject({
      pidnapVersion: "0.0.0-test",
      cpus: expect.any(Number) as number,
    });
  });

  test("comes at once at a signal that the supervisor no longer answers", async () => {
    const { dir, ended, kill } = await started("stop-first");
    kill("SIGTERM");
    // As without a journal: by the signal, not by an exit code.
    expect(await ended).toEqual([null, "SIGTERM"]);
    expect((await eventsOf(dir)).at(-1)).toMatchObject({
      type: "machine.stopped",
      reason: "SIGTERM",
    });
  });
});
