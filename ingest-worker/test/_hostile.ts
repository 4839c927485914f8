import { afterAll, beforeAll, beforeEach, expect } from "vitest";
import { journalId, sample } from "./_lines.ts";
import { get, post, postBody } from "./_post.ts";
import { runWorker } from "./_run-worker.ts";
import type { RunningWorker } from "./_run-worker.ts";

/** Where a batch of the journal goes. */
export const path = `/v1/journals/${journalId}/events`;

/** Lines as a body. */
export const text = (...lines: readonly object[]): string =>
  lines.map((each) => `${JSON.stringify(each)}\n`).join("");

/** The Worker of a test file, and a machine of its own for every test. */
export function hostileMachine() {
  let worker: RunningWorker | undefined;
  let [machines, token] = [0, ""];
  beforeAll(async () => {
    worker = await runWorker();
  });
  afterAll(() => worker?.[Symbol.asyncDispose]());
  beforeEach(async () => {
    machines += 1;
    token = await running().machineToken({ sub: name() });
  });
  const running = (): RunningWorker => {
    if (worker === undefined) throw new Error("The Worker is there once the tests begin.");
    return worker;
  };
  const name = (): string => `hostile-${machines}`;
  const position = () => get(running(), `/v1/journals/${journalId}`, token);
  return {
    get worker() {
      return running();
    },
    get token() {
      return token;
    },
    get name() {
      return name();
    },
    position,
    sendBody: (body: string | Uint8Array<ArrayBuffer>, headers = {}) =>
      postBody(running(), journalId, body, { token, headers }),
    /** After whatever was sent, the journal takes its first line as if nothing had been. */
    expectUntouched: async (): Promise<void> => {
      const untouched = { next: 1, boot: null, lastEventAt: null, last: null };
      expect((await position()).body).toEqual(untouched);
      expect(await post(running(), journalId, [sample(1)], { token })).toMatchObject({
        status: 200,
      });
    },
  };
}
