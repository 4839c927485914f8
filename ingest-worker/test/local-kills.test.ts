import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { signMachineToken, type SigningKey } from "../src/index.ts";
import { makeScratch, rowsOf, startDevProcess, type DevProcess } from "./local-command.ts";

const scratch = makeScratch();
const data = join(scratch.dir, "data");
const kills = 2;
const linesPerBatch = 120;
/** Answers that are waited for before the next kill, which then falls among others under way. */
const answersBetweenKills = 6;
const machines = ["one", "two", "three"];

afterAll(scratch.remove);

it("holds every point once that a 200 stood for, whatever was killed and when", async () => {
  let dev = await startDevProcess(["--port", "0", "--data", data]);
  try {
    const senders = await Promise.all(machines.map((machine) => makeSender(machine)));
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
    for (const sender of senders) await expectEachOnce(dev, sender);
  } finally {
    await dev.killGroup();
  }
});

/** Every line of a sender's journal is a transition, so each gives one point with the number of its position. */
async function expectEachOnce(dev: DevProcess, sender: Sender): Promise<void> {
  const found = await rowsOf(
    dev.sqlUrl,
    `SELECT sum(_sample_interval) AS n, count(DISTINCT double20) AS numbers, max(double20) AS last ` +
      `FROM machine_metrics WHERE index1 = '${sender.machine}'`,
  );
  const points = sender.acknowledged - 1;
  expect(points).toBeGreaterThan(kills * answersBetweenKills * (linesPerBatch - 1));
  expect(found).toEqual([{ n: String(points), numbers: String(points), last: points }]);
}

interface Sender {
  readonly machine: string;
  /** Lines that answers have acknowledged. */
  readonly acknowledged: number;
  /** Answers since the last cut. */
  readonly answersSince: number;
  sendUntilCut(url: string): Promise<void>;
  sendOne(url: string): Promise<void>;
}

/** Sends a journal's batches one after the other, as a shipper does, going by what the server says. */
async function makeSender(machine: string): Promise<Sender> {
  const journal = crypto.randomUUID();
  const keys = JSON.parse(readFileSync(join(data, "keys", "signing-keys.json"), "utf8")) as {
    keys: [SigningKey];
  };
  const claims = { machineId: machine, org: "o", project: "p", machineType: "t", ttlSeconds: 600 };
  const token = await signMachineToken(claims, keys.keys[0]);
  let acknowledged = 0;
  let answersSince = 0;

  async function sendOne(url: string): Promise<void> {
    const lines = Array.from({ length: linesPerBatch }, (_, index) =>
      lineOf(journal, acknowledged + 1 + index),
    );
    const response = await fetch(`${url}/v1/journals/${journal}/events`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/x-ndjson" },
      body: lines.join(""),
    });
    const { next } = (await response.json()) as { next?: number };
    if (response.status === 503) return;
    expect({ status: response.status, next }).toEqual({
      status: 200,
      next: acknowledged + linesPerBatch + 1,
    });
    acknowledged += linesPerBatch;
    answersSince += 1;
  }

  return {
    machine,
    get acknowledged() {
      return acknowledged;
    },
    get answersSince() {
      return answersSince;
    },
    sendOne,
    async sendUntilCut(url) {
      answersSince = 0;
      try {
        for (;;) await sendOne(url);
      } catch (error) {
        // The kill cuts the connection; an answer that is wrong is another matter.
        if (!(error instanceof TypeError)) throw error;
      }
    },
  };
}

function lineOf(journal: string, seq: number): string {
  const head = { v: 1, seq, at: 1_790_000_000_000 + seq, mono: seq, boot: "boot" };
  const event =
    seq === 1
      ? { type: "segment.opened", journal, processes: {} }
      : {
          type: "process.transitioned",
          process: `process-${seq % 7}`,
          from: "idle",
          to: seq % 2 === 0 ? "running" : "restarting",
          restarts: seq,
        };
  return `${JSON.stringify({ ...head, ...event })}\n`;
}
