import { afterAll, beforeAll, expect, it } from "vitest";
import { goes, journalId, sample, samples, startAt } from "./_lines.ts";
import { get, post } from "./_post.ts";
import { runWorker } from "./_run-worker.ts";
import type { RunningWorker } from "./_run-worker.ts";

let worker: RunningWorker;
beforeAll(async () => {
  worker = await runWorker();
});
afterAll(() => worker[Symbol.asyncDispose]());

const viewer = (org: string) => worker.sign({ org, aud: "view" });
const see = async (machine: string, org: string) =>
  get(worker, `/v1/machines/${encodeURIComponent(machine)}`, await viewer(org));

it("a viewer sees what a machine's processes do now", async () => {
  const token = await worker.machineToken({ sub: "seen" });
  const running = goes(1, "__proto__", "idle", "running");
  await post(worker, journalId, [running, goes(2, "job", "idle", "stopped")], { token });
  for (const org of ["org_a", "*"]) {
    expect((await see("seen", org)).body).toEqual({
      machine: "seen",
      org: "org_a",
      project: "prj_a",
      machineType: "daytona",
      journals: [
        {
          journal: journalId,
          next: 3,
          boot: "b1",
          lastEventAt: startAt + 2000,
          processes: JSON.parse(
            `{"__proto__":{"state":"running","restarts":0,"startedAt":${startAt + 1000}},
              "job":{"state":"stopped","restarts":0}}`,
          ) as object,
        },
      ],
    });
  }
});

it("a viewer of another organisation sees nothing, nor does anyone where there is nothing", async () => {
  await post(worker, journalId, [sample(1)], { token: await worker.machineToken({ sub: "mine" }) });
  for (const [machine, org] of [
    ["mine", "org_b"],
    ["none", "org_a"],
    ["none", "*"],
    ["x".repeat(5000), "*"],
  ] as const) {
    expect(await see(machine, org)).toMatchObject({ status: 404, body: { type: "not-found" } });
  }
});

it("a machine's token shows no machine, and no token none either", async () => {
  const answer = await get(worker, "/v1/machines/mine");
  expect(answer).toMatchObject({ status: 403, body: { type: "wrong-audience" } });
  expect((await fetch(`${worker.url}/v1/machines/mine`)).status).toBe(401);
});

it("two machines, or two organisations' machines of one name, share nothing, whatever they send", async () => {
  const tokens = await Promise.all([
    worker.machineToken({ sub: "twin" }),
    worker.machineToken({ sub: "twin", org: "org_b" }),
    worker.machineToken({ sub: "other" }),
  ]);
  for (const [index, token] of tokens.entries()) {
    const answer = await post(worker, journalId, samples(1, index + 1), { token });
    expect(answer.body).toMatchObject({ next: index + 2, accepted: index + 1, duplicates: 0 });
  }
  expect((await see("twin", "org_a")).body).toMatchObject({ journals: [{ next: 2 }] });
  expect((await see("twin", "org_b")).body).toMatchObject({
    org: "org_b",
    journals: [{ next: 3 }],
  });
  expect((await see("twin", "*")).body).toMatchObject({ org: "org_b" });
});

it("a machine may have any name, and moves to another project by its token alone", async () => {
  const sub = "a/b ü?#%2F";
  const one = await worker.machineToken({ sub });
  const two = await worker.machineToken({ sub, project: "prj_b" });
  await post(worker, journalId, [sample(1)], { token: one });
  await post(worker, journalId, [sample(2, { project: "prj_c", org: "org_c" })], { token: two });
  expect((await see(sub, "org_a")).body).toMatchObject({ machine: sub, project: "prj_b" });
  expect(
    worker.delivered.slice(-2).map(({ indexes, blobs }) => [...indexes, ...blobs.slice(0, 3)]),
  ).toEqual([
    [sub, "org_a", "prj_a", "daytona"],
    [sub, "org_a", "prj_b", "daytona"],
  ]);
});
