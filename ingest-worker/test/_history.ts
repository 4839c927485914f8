import { readFileSync } from "node:fs";
import { join } from "node:path";
import { signMachineToken, type SigningKey } from "../src/index.ts";

/** Whose machine it is. */
export interface Owner {
  readonly org?: string;
  readonly project?: string;
  readonly machineType?: string;
}

/** A name that is markup, and does something where it is taken for that. */
export const hostileName = "<img src=x onerror=\"document.title='broken'\">";

/**
 * Sends three minutes of a machine that has just started: a worker that fails twice, a task, samples,
 * a start-up, and a process whose name is markup.
 */
export async function sendHistory(
  url: string,
  dataDir: string,
  machine: string,
  { org = "acme", project = "web", machineType = "vm" }: Owner = {},
): Promise<void> {
  const journal = crypto.randomUUID();
  const lines = historyLines(journal, `boot-${machine}`, Date.now() - 180_000);
  const { keys } = JSON.parse(readFileSync(join(dataDir, "keys", "signing-keys.json"), "utf8")) as {
    keys: [SigningKey];
  };
  const claims = { machineId: machine, org, project, machineType, ttlSeconds: 600 };
  const response = await fetch(`${url}/v1/journals/${journal}/events`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${await signMachineToken(claims, keys[0])}`,
      "content-type": "application/x-ndjson",
    },
    body: lines.join(""),
  });
  if (response.status !== 200) throw new Error(await response.text());
}

function historyLines(journal: string, boot: string, begin: number): string[] {
  const lines: string[] = [];
  const event = (after: number, type: string, fields: object = {}) => {
    const head = { v: 1, seq: lines.length + 1, at: begin + after, mono: after, boot, type };
    lines.push(`${JSON.stringify({ ...head, ...fields })}\n`);
  };
  const moves = (after: number, process: string, from: string, to: string, more: object = {}) => {
    const usual = { process, from, to, restarts: 0, kind: "process" };
    event(after, "process.transitioned", { ...usual, ...more });
  };
  event(0, "segment.opened", { journal, processes: {} });
  event(1, "machine.booted", { entrypointAt: begin - 900, pidnapVersion: "0.5.1" });
  moves(5, "migrate", "idle", "running", { kind: "task" });
  for (const name of ["worker", hostileName]) moves(10, name, "idle", "running");
  moves(1200, "migrate", "running", "stopped", { kind: "task", exitCode: 0 });
  event(1500, "machine.ready");
  moves(60_010, "worker", "running", "restarting", { restarts: 1, exitCode: 1 });
  moves(61_000, "worker", "restarting", "running", { restarts: 1 });
  moves(70_000, "worker", "running", "crash-loop-backoff", { restarts: 2, signal: "SIGKILL" });
  moves(100_000, "worker", "crash-loop-backoff", "running", { restarts: 2 });
  for (let after = 10_000; after <= 170_000; after += 10_000) {
    const used = { memoryUsedMb: 900, memoryTotalMb: 2048, diskUsedPercent: 40 };
    event(after, "resources.sampled", { cpuPercent: 30 + (after % 7), ...used });
  }
  return lines;
}
