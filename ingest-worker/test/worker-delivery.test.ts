import { afterEach, describe, expect, it, vi } from "vitest";
import { goes, journalId, line, sample, samples } from "./_lines.ts";
import { get, post } from "./_post.ts";
import { identityOf } from "./_world.ts";
import { runWorker } from "./_run-worker.ts";
import type { RunningWorker, RunOptions } from "./_run-worker.ts";

let worker: RunningWorker;
const start = async (options?: RunOptions) => {
  worker = await runWorker(options);
};
afterEach(() => worker[Symbol.asyncDispose]());

const identities = () => new Set(worker.delivered.map(identityOf));
const when = (assertion: () => void) => vi.waitFor(assertion, { timeout: 20_000, interval: 50 });

describe("points", () => {
  it("are stored when a batch is answered", async () => {
    await start();
    await post(worker, journalId, samples(1, 250));
    expect(worker.delivered).toHaveLength(250);
  });

  it("beyond the budget follow by alarm, and survive a restart on their way", async () => {
    await start({ variables: { POINT_BUDGET: "40" } });
    await post(worker, journalId, samples(1, 250));
    await worker.kill();
    await when(() => expect(identities().size).toBe(250));
  });

  it("that a binding throws at follow by alarm", async () => {
    await start({
      writeDataPoint: `
        globalThis.calls = (globalThis.calls ?? 0) + 1;
        if (globalThis.calls <= 30) throw new Error("budget spent");
        return store(point);`,
    });
    const answer = await post(worker, journalId, samples(1, 20));
    expect(answer.body).toMatchObject({ next: 21, points: 20 });
    for (let seq = 21; seq <= 40; seq += 1) await post(worker, journalId, [sample(seq)]);
    await when(() => expect(identities().size).toBe(40));
    expect(worker.delivered).toHaveLength(40);
  });

  it("that cannot be stored leave the position where it was, and come with the next try", async () => {
    await start({
      writeDataPoint: `
        globalThis.calls = (globalThis.calls ?? 0) + 1;
        return globalThis.calls <= 2 ? Promise.reject(new Error("store gone")) : store(point);`,
    });
    const refused = await post(worker, journalId, samples(1, 2));
    expect([refused.status, refused.body["type"]]).toEqual([503, "unavailable"]);
    expect(refused.headers.get("retry-after")).toMatch(/^\d+$/);
    const position = await get(worker, `/v1/journals/${journalId}`);
    expect(position.body).toMatchObject({ next: 1 });
    expect(await post(worker, journalId, samples(1, 2))).toMatchObject({ status: 200 });
    expect(worker.delivered).toHaveLength(2);
  });
});

/** A sender without a memory: it asks where it is, and goes on from there. */
async function sendOn(): Promise<number> {
  const position = await get(worker, `/v1/journals/${journalId}`);
  const next = Number(position.body["next"]);
  const answer = await post(worker, journalId, samples(next, next + 59));
  return Number(answer.body["next"]);
}

/** Resolves when a request does not come through. */
async function sendTillCutOff(): Promise<void> {
  try {
    for (;;) await sendOn();
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof SyntaxError)) throw error;
  }
}

describe("workerd killed outright", () => {
  it("again and again under load loses and makes up nothing", async () => {
    await start();
    for (let kills = 0; kills < 4; kills += 1) {
      const before = worker.delivered.length;
      const sending = sendTillCutOff();
      await when(() => expect(worker.delivered.length).toBeGreaterThan(before + 200));
      await worker.kill();
      await sending;
    }
    const next = await sendOn();
    const seqs = worker.delivered.map(({ blobs }) => Number(blobs[7]?.split(":")[1]));
    expect(new Set(seqs).size).toBe(next - 1);
    expect(Math.max(...seqs)).toBe(next - 1);
    const numbers = new Map(
      worker.delivered.map((point) => [identityOf(point), point.doubles[19]]),
    );
    expect(new Set(numbers.values()).size).toBe(next - 1);
  });
});

describe("a machine gone silent", () => {
  it("is told by alarm, after a restart too", async () => {
    await start({ variables: { SILENT_AFTER_MS: "1500" } });
    await post(worker, journalId, [
      line(1, "machine.booted", { entrypointAt: 5 }),
      goes(2, "web", "idle", "running"),
    ]);
    await worker.kill();
    await when(() => expect(worker.delivered).toHaveLength(4));
    const told = worker.delivered.slice(1).map(({ blobs }) => [blobs[3], blobs[4], blobs[5]]);
    expect(told).toEqual([
      ["journal", "", "silent"],
      ["process", "web", "silent"],
      ["startup", "", "silent"],
    ]);
  });
});
