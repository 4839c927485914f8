import { expect, it } from "vitest";
import { journalId, sample } from "./_lines.ts";
import { get, post } from "./_post.ts";
import { runWorker } from "./_run-worker.ts";

it("a machine that asks too often is told to wait, and slows no other", async () => {
  await using worker = await runWorker({ requestsPerMinute: 3 });
  const [busy, quiet] = await Promise.all([
    worker.machineToken({ sub: "busy" }),
    worker.machineToken({ sub: "quiet" }),
  ]);
  const statuses: number[] = [];
  for (let index = 0; index < 6; index += 1) {
    const { status } = await get(worker, `/v1/journals/${journalId}`, busy);
    statuses.push(status);
  }
  expect(statuses).toEqual([200, 200, 200, 429, 429, 429]);
  const refused = await post(worker, journalId, [sample(1)], { token: busy });
  expect(refused).toMatchObject({ status: 429, body: { type: "rate-limited" } });
  expect(refused.headers.get("retry-after")).toMatch(/^\d+$/);
  expect(await post(worker, journalId, [sample(1)], { token: quiet })).toMatchObject({
    status: 200,
  });
});
