import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect } from "vitest";
import { signMachineToken, type SigningKey } from "../src/index.ts";
import { rowsOf } from "./_local-command.ts";

/** Lines of one batch. */
export const linesPerBatch = 120;

/** Sends one machine's journal as a shipper does: batch after batch, each until it is acknowledged. */
export interface Sender {
  readonly machine: string;
  /** Lines that answers have acknowledged. */
  readonly acknowledged: number;
  /** Answers since `sendUntil` began. */
  readonly answersSince: number;
  /** Sends until one more batch is acknowledged; rejects with a TypeError where the connection is cut. */
  sendOne(url: string): Promise<void>;
  /**
   * Goes on through every cut until it is told to stop. A cut alone means no kill: a connection that
   * was kept may be closed by the server at any time.
   */
  sendUntil(url: string, stop: AbortSignal): Promise<void>;
}

/** Makes the sender of a machine whose token the server of this data directory takes. */
export async function makeSender(machine: string, dataDir: string): Promise<Sender> {
  const journal = crypto.randomUUID();
  const keys = JSON.parse(readFileSync(join(dataDir, "keys", "signing-keys.json"), "utf8")) as {
    keys: [SigningKey];
  };
  const claims = { machineId: machine, org: "o", project: "p", machineType: "t", ttlSeconds: 600 };
  const token = await signMachineToken(claims, keys.keys[0]);
  let acknowledged = 0;
  let answersSince = 0;

  async function trySending(url: string): Promise<void> {
    const lines = Array.from({ length: linesPerBatch }, (_, index) =>
      lineOf(journal, acknowledged + 1 + index),
    );
    const response = await fetch(`${url}/v1/journals/${journal}/events`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/x-ndjson" },
      body: lines.join(""),
    });
    const text = await response.text();
    // A server whose other half was killed says 500 or 503, and the batch is sent again.
    if (response.status >= 500) return;
    expect(response.status, text).toBe(200);
    expect(JSON.parse(text)).toMatchObject({ next: acknowledged + linesPerBatch + 1 });
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
    async sendOne(url) {
      const before = acknowledged;
      while (acknowledged === before) await trySending(url);
    },
    async sendUntil(url, stop) {
      answersSince = 0;
      while (!stop.aborted) {
        // Nobody listens while the server starts again.
        if (!(await untilCut(() => trySending(url)))) await pause(20);
      }
    },
  };
}

/** Whether it went through; an answer that is wrong is another matter, and is thrown. */
async function untilCut(send: () => Promise<void>): Promise<boolean> {
  try {
    await send();
    return true;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return false;
  }
}

/** Checks that SQL has each point of what was acknowledged once: all lines but the first give one. */
export async function expectEachOnce(sqlUrl: string, sender: Sender): Promise<void> {
  const found = await rowsOf(
    sqlUrl,
    `SELECT sum(_sample_interval) AS n, count(DISTINCT double20) AS numbers, max(double20) AS last ` +
      `FROM machine_metrics WHERE index1 = '${sender.machine}'`,
  );
  const points = sender.acknowledged - 1;
  expect(found).toEqual([{ n: String(points), numbers: String(points), last: points }]);
}

/** Batches of transitions, of samples and of both come in turn, since they are delivered in different ways. */
function lineOf(journal: string, seq: number): string {
  const head = { v: 1, seq, at: 1_790_000_000_000 + seq, mono: seq, boot: "boot" };
  return `${JSON.stringify({ ...head, ...eventOf(journal, seq) })}\n`;
}

function eventOf(journal: string, seq: number): object {
  if (seq === 1) return { type: "segment.opened", journal, processes: {} };
  const turn = Math.floor((seq - 1) / linesPerBatch) % 3;
  if (turn === 1 || (turn === 2 && seq % 2 === 0)) {
    return {
      type: "resources.sampled",
      cpuPercent: 50,
      memoryUsedMb: 100,
      memoryTotalMb: 200,
      diskUsedPercent: 10,
    };
  }
  return {
    type: "process.transitioned",
    process: `process-${seq % 7}`,
    from: "idle",
    to: seq % 2 === 0 ? "running" : "restarting",
    restarts: seq,
  };
}
