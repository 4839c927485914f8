import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import fc from "fast-check";
import { afterAll, expect, it } from "vitest";
import { makeScratch, startDevProcess, startThenKill, type DevProcess } from "./_local-command.ts";
import { expectEachOnce, linesPerBatch, makeSender, type Sender } from "./_local-sender.ts";

const scratch = makeScratch();
const data = join(scratch.dir, "data");
const kills = 16;
/** When each kill comes, ms after every sender has had an answer, and how far a start gets. */
const delaysMs = fc.sample(fc.integer({ min: 0, max: 700 }), { numRuns: kills, seed: 1 });
const startsMs = fc.sample(fc.integer({ min: 0, max: 1200 }), { numRuns: kills, seed: 2 });
const machines = ["one", "two", "three", "four", "five"];

afterAll(scratch.remove);

/** How each kill is done, in turn; the last also kills a start half done. */
const ways = ["group", "workerd", "server", "starting"] as const;

it("holds every point once after kills at any moment, while senders go on", async () => {
  let dev = await startDevProcess(["--port", "0", "--data", data]);
  const { url } = dev;
  const args = ["--port", new URL(url).port, "--data", data];
  const stop = new AbortController();
  try {
    const senders = await Promise.all(machines.map((machine) => makeSender(machine, data)));
    const sending = Promise.all(senders.map((sender) => sender.sendUntil(url, stop.signal)));
    // A wrong answer ends a sender, and the test with it, when the kills are over.
    sending.catch(() => stop.abort());
    for (let kill = 0; kill < kills && !stop.signal.aborted; kill += 1) {
      await answeredOnce(senders, stop.signal);
      await pause(delaysMs[kill]);
      const way = ways[kill % ways.length] ?? "group";
      await killBy(way, dev);
      if (way === "starting") await startThenKill(["dev", ...args], startsMs[kill] ?? 0);
      if (way !== "workerd") dev = await startDevProcess(args);
    }
    await answeredOnce(senders, stop.signal);
    stop.abort();
    await sending;
    // What is owed is given at the latest when the next batch comes.
    for (const sender of senders) await sender.sendOne(url);
    for (const sender of senders) {
      expect(sender.acknowledged).toBeGreaterThan(kills * linesPerBatch);
      await expectEachOnce(dev.sqlUrl, sender);
    }
  } finally {
    stop.abort();
    await dev.killGroup();
  }
});

async function killBy(way: (typeof ways)[number], dev: DevProcess): Promise<void> {
  switch (way) {
    case "group":
    case "starting":
      await dev.killGroup();
      return;
    case "workerd":
      process.kill(Number(readFileSync(join(data, "workerd.pid"), "utf8")), "SIGKILL");
      return;
    case "server": {
      const workerd = readFileSync(join(data, "workerd.pid"), "utf8").trim();
      dev.signal("SIGKILL");
      await dev.ended;
      // Its watchdog ends workerd, a moment later.
      while (existsSync(`/proc/${workerd}`)) await pause(20);
    }
  }
}

/** Resolves when every sender has had one more answer, so that each kill falls among others under way. */
async function answeredOnce(senders: readonly Sender[], stop: AbortSignal): Promise<void> {
  const before = senders.map((sender) => sender.acknowledged);
  while (!stop.aborted && senders.some((sender, at) => sender.acknowledged === before[at])) {
    await pause(5);
  }
}
