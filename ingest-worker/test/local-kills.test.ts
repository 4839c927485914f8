import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { makeScratch, startDevProcess } from "./local-command.ts";
import { expectEachOnce, linesPerBatch, makeSender } from "./local-sender.ts";

const scratch = makeScratch();
const data = join(scratch.dir, "data");
const kills = 2;
/** Answers that are waited for before the next kill, which then falls among others under way. */
const answersBetweenKills = 6;
const machines = ["one", "two", "three"];

afterAll(scratch.remove);

it("holds every point once that a 200 stood for, whatever was killed and when", async () => {
  let dev = await startDevProcess(["--port", "0", "--data", data]);
  try {
    const senders = await Promise.all(machines.map((machine) => makeSender(machine, data)));
    for (let kill = 0; kill < kills; kill += 1) {
      const sending = senders.map((sender) => sender.sendUntilCut(dev.url));
      while (senders.some((sender) => sender.answersSince < answersBetweenKills)) {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      await dev.killGroup();
      await Promise.all(sending);
      dev = await startDevProcess(["--port", "0", "--data", data]);
    }
    // What is owed is given at the latest when the next batch comes.
    for (const sender of senders) await sender.sendOne(dev.url);
    for (const sender of senders) {
      expect(sender.acknowledged).toBeGreaterThan(kills * answersBetweenKills * linesPerBatch);
      await expectEachOnce(dev.sqlUrl, sender);
    }
  } finally {
    await dev.killGroup();
  }
});
