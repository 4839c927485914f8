import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { makeScratch, startDevProcess } from "./_local-command.ts";
import { expectEachOnce, linesPerBatch, makeSender, type Sender } from "./_local-sender.ts";

const scratch = makeScratch();
const data = join(scratch.dir, "data");
const kills = 2;
/** Answers that are waited for before the next kill, which then falls among others under way. */
const answersBetweenKills = 6;
const machines = ["one", "two", "three"];

afterAll(scratch.remove);

/** Three starts, each of which bundles the Worker: on a machine with much else to do they take long. */
const timeout = 300_000;

it(
  "holds every point once that a 200 stood for, whatever was killed and when",
  { timeout },
  async () => {
    let dev = await startDevProcess(["--port", "0", "--data", data]);
    let stop = new AbortController();
    try {
      const senders = await Promise.all(machines.map((machine) => makeSender(machine, data)));
      for (let kill = 0; kill < kills; kill += 1) {
        stop = new AbortController();
        const sending = Promise.all(
          senders.map((sender) => sender.sendUntil(dev.url, stop.signal)),
        );
        // An answer that is wrong ends the test at once, not its time.
        await Promise.race([sending, enoughAnswers(senders, stop.signal)]);
        await dev.killGroup();
        stop.abort();
        await sending;
        dev = await startDevProcess(["--port", "0", "--data", data]);
      }
      // What is owed is given at the latest when the next batch comes.
      for (const sender of senders) await sender.sendOne(dev.url);
      for (const sender of senders) {
        expect(sender.acknowledged).toBeGreaterThan(kills * answersBetweenKills * linesPerBatch);
        await expectEachOnce(dev.sqlUrl, sender);
      }
    } finally {
      stop.abort();
      await dev.killGroup();
    }
  },
);

async function enoughAnswers(senders: readonly Sender[], stop: AbortSignal): Promise<void> {
  while (!stop.aborted && senders.some((sender) => sender.answersSince < answersBetweenKills)) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
