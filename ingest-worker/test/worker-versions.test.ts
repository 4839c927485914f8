import { afterAll, beforeAll, expect, it } from "vitest";
import { goes, journalId, line, sample } from "./_lines.ts";
import { get, post } from "./_post.ts";
import { runWorker } from "./_run-worker.ts";
import type { RunningWorker } from "./_run-worker.ts";

// Machines and the Worker are never renewed in one moment: each takes what the other may say in years.

let worker: RunningWorker;
beforeAll(async () => {
  worker = await runWorker();
});
afterAll(() => worker[Symbol.asyncDispose]());

it("a newer shipper and writer may say more than this Worker knows", async () => {
  const token = await worker.machineToken({ sub: "newer", region: "x", scopes: ["a"] });
  const table = { web: { state: "running", at: 1, mono: 1, restarts: 0, cgroup: { id: 7 } } };
  const lines = [
    line(1, "segment.opened", { journal: journalId, processes: table, compression: "zstd" }),
    sample(2, { gpuPercent: 12, perCpu: [1, 2, 3] }),
    line(3, "network.changed", { from: { ip: "::1" }, to: null }),
    goes(4, "web", "running", "hibernating", { reason: "idle", policy: { after: 60 } }),
  ];
  const headers = { "shipper-version": "9.1", "idempotency-key": "k", "accept-encoding": "zstd" };
  expect(await post(worker, journalId, lines, { token, headers })).toMatchObject({
    status: 200,
    body: { next: 5, accepted: 4, points: 2 },
  });
  const states = worker.delivered.map(({ blobs }) => `${blobs[3]} ${blobs[4]} ${blobs[5]}`);
  expect(states.slice(-2)).toEqual(["resource  ", "process web hibernating"]);
});

it("an event of a format version that is not known is named, and may be declared lost", async () => {
  const token = await worker.machineToken({ sub: "format-2" });
  const batch = [sample(1), { ...sample(2), v: 2 }];
  expect(await post(worker, journalId, batch, { token })).toMatchObject({
    status: 422,
    body: { type: "invalid-events", rejected: [{ seq: 2, reason: "other-version" }] },
  });
  const lost = line(2, "events.lost", { through: 2, reason: "rejected" });
  expect(await post(worker, journalId, [sample(1), lost], { token })).toMatchObject({
    status: 200,
    body: { next: 3, points: 2 },
  });
});

it("an older shipper may leave out all that is optional, and finds what it knows in the answers", async () => {
  const token = await worker.machineToken({ sub: "older" });
  const taken = await post(worker, journalId, [sample(1)], { token });
  expect(taken.body).toMatchObject({ next: 2, accepted: 1, duplicates: 0, points: 1 });
  expect((await get(worker, `/v1/journals/${journalId}`, token)).body).toMatchObject({ next: 2 });
  expect((await post(worker, journalId, [sample(9)], { token })).body).toMatchObject({
    expected: 2,
  });
});
