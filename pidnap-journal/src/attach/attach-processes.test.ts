import { describe, expect, test } from "vitest";
import { setup } from "./_setup.ts";

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
