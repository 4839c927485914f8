import { describe, expect, test } from "vitest";
import { attachIn } from "./attach.ts";
import { setup } from "./_setup.ts";

describe("the machine", () => {
  test("booted when PID 1 started", () => {
    const { attach, events, world } = setup();
    world.files.set("/proc/uptime", "100.00 50.00\n");
    world.files.set("/proc/1/stat", `1 (tini) S ${"0 ".repeat(18)}9750 0 0\n`);
    attach({ pidnapVersion: "1.2.3" });
    expect(events).toEqual([
      {
        type: "machine.booted",
        entrypointAt: 1_700_000_000_000 - 2500,
        pidnapVersion: "1.2.3",
        hostname: "box",
        kernel: "6.1.0",
        cpus: 2,
        memoryTotalMb: 4096,
      },
    ]);
  });

  test("booted with this process where PID 1 cannot be seen, or when it is said", () => {
    const unknown = setup();
    unknown.attach();
    expect(unknown.events[0]).toMatchObject({ entrypointAt: 1_700_000_000_000 - 250 });
    const said = setup();
    said.attach({ entrypointAt: 42 });
    expect(said.events[0]).toMatchObject({ entrypointAt: 42 });
  });

  test("completes its tasks, but not by being stopped", () => {
    const { attach, events, manager } = setup();
    const [done, open] = [manager.addTask("done"), manager.addTask("open")];
    attach();
    done.enter("running");
    done.enter("stopped", { exitCode: 0 });
    open.enter("running");
    manager.state = "stopping";
    open.enter("stopping");
    open.enter("stopped");
    manager.state = "stopped";
    expect(events.filter(({ type }) => type === "tasks.completed")).toEqual([]);
  });

  test("completes tasks that ended before anyone could listen", () => {
    const { attach, events, manager } = setup();
    const task = manager.addTask("quick");
    Object.assign(task, { state: "stopped", hasStarted: true });
    task.lazyProcess.exitCode = 0;
    attach();
    expect(events.at(-1)).toEqual({ type: "tasks.completed", count: 1, failed: 0 });
  });

  test("stops once, and nothing is left behind", async () => {
    const { attach, events, manager, world } = setup();
    const web = manager.add("web");
    const { detach } = attach();
    detach();
    detach();
    web.enter("running");
    await world.pass(5000);
    expect(events.slice(1)).toEqual([{ type: "machine.stopped", reason: "detached" }]);
    expect(web.listeners.size + world.timers.size).toBe(0);
    expect(world.exitListeners.size + world.terminationListeners.size).toBe(0);
  });

  test("stops at the exit of the process, for the signal that led to it", () => {
    const { attach, events, manager, world } = setup();
    const web = manager.add("web");
    attach();
    for (const listener of world.terminationListeners) listener("SIGTERM", false);
    expect(events.at(-1)).not.toMatchObject({ type: "machine.stopped" });
    web.enter("running");
    manager.add("late").state = "running";
    for (const listener of world.exitListeners) listener(0);
    expect(events.slice(2)).toMatchObject([
      { process: "late", to: "running" },
      { type: "machine.stopped", reason: "SIGTERM" },
    ]);
  });

  test("stops at once for a signal that nobody else answers", () => {
    const { attach, events, world } = setup();
    attach();
    for (const listener of world.terminationListeners) listener("SIGTERM", true);
    expect(events.at(-1)).toEqual({ type: "machine.stopped", reason: "SIGTERM" });
  });

  test("stops with the exit code where no signal came", () => {
    const { attach, events, world } = setup();
    attach();
    for (const listener of world.exitListeners) listener(3);
    expect(events.at(-1)).toEqual({ type: "machine.stopped", reason: "exit 3" });
  });
});

describe("whatever pidnap is", () => {
  test("attaching to it does not throw", async () => {
    const errors: unknown[] = [];
    const { world } = setup();
    const broken = new Proxy(
      {},
      {
        get: () => {
          throw new Error("broken");
        },
      },
    );
    const journal = {
      dir: "/journal",
      append: (): number => {
        throw new Error("no journal");
      },
    };
    const onError = (error: unknown): void => {
      errors.push(error);
      throw new Error("nor is there a log");
    };
    const attached = attachIn(world, broken as never, journal, { onError });
    await world.pass(2000);
    attached.detach();
    expect(errors).toContainEqual(new Error("broken"));
    expect(errors).toContainEqual(new Error("no journal"));
  });

  test("an error is told once, and as a warning where nobody asked for it", async () => {
    const { attach, manager, world } = setup();
    manager.getRestartingProcesses = () => {
      throw new Error("gone");
    };
    attach();
    await world.pass(10_000);
    expect(world.warnings).toEqual(["The journal missed something of pidnap: Error: gone"]);
  });

  test("an interval that is none is told, and the usual one taken", () => {
    const { attach, world } = setup();
    attach({ resources: { intervalMs: Number.NaN } });
    expect(world.warnings[0]).toContain("resources.intervalMs");
  });
});
