import { describe, expect, test } from "vitest";
import type { EventOf } from "../event.ts";
import { attachIn, type AttachOptions } from "./attach.ts";
import { FakeManager, fakeJournal, FakeWorld } from "./_fake-pidnap.ts";

interface Setup {
  readonly manager: FakeManager;
  readonly world: FakeWorld;
  readonly events: ReturnType<typeof fakeJournal>["events"];
  readonly attach: (options?: AttachOptions) => { readonly detach: () => void };
  /** What was journaled of processes: `name from>to`, with the restarts and the code where there are some. */
  readonly heard: () => string[];
}

function setup(): Setup {
  const manager = new FakeManager();
  const world = new FakeWorld();
  const journal = fakeJournal();
  return {
    manager,
    world,
    events: journal.events,
    attach: (options = {}) => attachIn(world, manager, journal, { resources: false, ...options }),
    heard: () =>
      journal.events.flatMap((event) => {
        if (event.type !== "process.transitioned") return [];
        const { exitCode, from, process, restarts, to } = event as EventOf<"process.transitioned">;
        const code = exitCode === undefined ? "" : ` code=${exitCode}`;
        return [`${process} ${from}>${to}${restarts === 0 ? "" : ` r${restarts}`}${code}`];
      }),
  };
}

describe("transitions", () => {
  test("have the state before, which pidnap does not tell", () => {
    const { attach, heard, manager } = setup();
    const web = manager.add("web");
    attach();
    web.enter("running");
    web.enter("stopping");
    web.enter("stopped");
    expect(heard()).toEqual(["web idle>running", "web running>stopping", "web stopping>stopped"]);
  });

  test("are not made of calls without a change", () => {
    const { attach, heard, manager } = setup();
    const web = manager.add("web");
    attach();
    web.enter("running");
    web.notify();
    web.notify();
    expect(heard()).toEqual(["web idle>running"]);
  });

  test("have an exit code only out of running, and not into stopping", () => {
    const { attach, heard, manager } = setup();
    const web = manager.add("web");
    attach();
    web.enter("running");
    web.enter("restarting", { exitCode: 7, restarts: 1 });
    // The old code still stands there, at the first running of the next run and in a stop that waits.
    web.enter("running");
    web.enter("crash-loop-backoff", { exitCode: 8 });
    web.enter("stopping");
    web.enter("stopped");
    web.enter("running", { exitCode: null, restarts: 0 });
    web.enter("restarting", { exitCode: null, restarts: 1 });
    web.enter("running");
    web.enter("stopping", { exitCode: 9 });
    expect(heard()).toEqual([
      "web idle>running",
      "web running>restarting r1 code=7",
      "web restarting>running r1",
      "web running>crash-loop-backoff r1 code=8",
      "web crash-loop-backoff>stopping r1",
      "web stopping>stopped r1",
      "web stopped>running",
      "web running>restarting r1 code=null",
      "web restarting>running r1",
      "web running>stopping r1",
    ]);
  });

  test("have the kind from the configuration, and the tags", () => {
    const { attach, events, manager } = setup();
    manager.add("web").tags = ["a", "b"];
    manager.addTask("migrate");
    manager.add("nightly", {
      schedule: { cron: "* * * * *" },
      options: { restartPolicy: "never" },
    });
    attach();
    for (const process of manager.processes.values()) process.enter("running");
    expect(events.slice(1)).toMatchObject([
      { process: "web", kind: "process", tags: ["a", "b"] },
      { process: "migrate", kind: "task" },
      { process: "nightly", kind: "cron" },
    ]);
    expect(events[2]).not.toHaveProperty("tags");
  });

  test("are in the order of hearing", () => {
    const { attach, heard, manager } = setup();
    const db = manager.add("db");
    const web = manager.add("web");
    // pidnap's own listener comes first, and starts the dependent before anyone else hears of its cause.
    db.listeners.add(() => web.state === "idle" && web.enter("running"));
    attach();
    db.enter("running");
    expect(heard()).toEqual(["web idle>running", "db idle>running"]);
  });

  test("never hold anything of a definition", () => {
    const { attach, events, manager } = setup();
    const secret = { definition: { command: "run", env: { TOKEN: "hunter2" } } };
    const web = manager.add("web", secret as object);
    attach();
    web.enter("running");
    expect(JSON.stringify(events)).not.toContain("hunter2");
  });
});

describe("processes that come and go", () => {
  test("are given from idle where they are found in another state", () => {
    const { attach, heard, manager } = setup();
    const web = manager.add("web");
    web.state = "running";
    const failed = manager.add("failed");
    Object.assign(failed, { state: "crash-loop-backoff", restarts: 4 });
    failed.lazyProcess.exitCode = 1;
    manager.add("waiting");
    attach();
    expect(heard()).toEqual(["web idle>running", "failed idle>crash-loop-backoff r4"]);
  });

  test("are found when the manager starts behind the attaching", async () => {
    const { attach, heard, manager, world } = setup();
    manager.state = "idle";
    attach();
    expect(heard()).toEqual([]);
    manager.state = "running";
    manager.add("web").state = "running";
    await world.pass(0);
    expect(heard()).toEqual(["web idle>running"]);
  });

  test("are found within half a second at any time", async () => {
    const { attach, heard, manager, world } = setup();
    attach();
    for (const quietMs of [0, 4000, 60_000]) {
      await world.pass(quietMs);
      const name = `after-${quietMs}`;
      manager.add(name).state = "running";
      await world.pass(500);
      expect(heard().at(-1)).toBe(`${name} idle>running`);
      manager.remove(name);
      await world.pass(500);
      expect(heard().at(-1)).toBe(`${name} running>removed`);
    }
  });

  test("leave and come anew where the object is another one", async () => {
    const { attach, heard, manager, world } = setup();
    const web = manager.add("web");
    attach();
    web.enter("running");
    web.enter("stopping");
    web.enter("stopped");
    manager.add("web").state = "running";
    await world.pass(500);
    expect(heard().slice(-2)).toEqual(["web stopped>removed", "web idle>running"]);
    expect(web.listeners.size).toBe(0);
    web.enter("running");
    expect(heard()).toHaveLength(5);
  });

  test("keep their kind when another one has taken their name", async () => {
    const { attach, events, manager, world } = setup();
    manager.add("web").state = "running";
    attach();
    manager.addTask("web").state = "running";
    await world.pass(500);
    expect(events.slice(1)).toMatchObject([
      { to: "running", kind: "process" },
      { to: "removed", kind: "process" },
      { to: "running", kind: "task" },
    ]);
  });

  test("are still heard of where a listener failed", async () => {
    const errors: unknown[] = [];
    const { attach, heard, manager, world } = setup();
    const web = manager.add("web");
    attach({ onError: (error) => errors.push(error) });
    let isBroken = true;
    Object.defineProperty(web, "hasStarted", {
      get: () => {
        if (isBroken) throw new Error("not now");
        return true;
      },
    });
    for (let count = 0; count < 5; count += 1) web.notify();
    web.state = "stopped";
    web.notify();
    web.notify();
    isBroken = false;
    await world.pass(500);
    expect(heard()).toEqual(["web idle>stopped"]);
    expect(errors).toEqual([new Error("not now")]);
  });
});

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
