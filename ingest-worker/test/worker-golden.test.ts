import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { columnsOf, get, golden, post, rangeOf } from "./_post.ts";
import { runWorker } from "./_run-worker.ts";
import type { RunningWorker } from "./_run-worker.ts";

let worker: RunningWorker;
beforeAll(async () => {
  worker = await runWorker();
});
afterAll(() => worker[Symbol.asyncDispose]());

/** What a point in the recording and one that was delivered have in common. */
function comparable(points: readonly Record<string, unknown>[]): string[] {
  const isSet = ([, value]: [string, unknown]) => value !== "" && value !== 0;
  return points
    .map((point) =>
      Object.entries(point)
        .filter(isSet)
        .toSorted(([a], [b]) => (a < b ? -1 : 1)),
    )
    .map((columns) => JSON.stringify(columns))
    .toSorted();
}

test.each(["two-boots", "losses", "long"])(
  "%s: any overlapping batches give exactly the recorded points",
  async (name) => {
    const { lines, points, journal } = await golden(name);
    const batches = fc.array(
      fc.record({ size: fc.integer({ min: 1, max: 120 }), back: fc.nat(40) }),
      {
        minLength: 3,
      },
    );
    await fc.assert(
      fc.asyncProperty(fc.uuid(), batches, async (machine, cuts) => {
        const token = await worker.machineToken({ sub: machine });
        const before = worker.delivered.length;
        let at = 0;
        while (at < lines.length) {
          for (const { size, back } of cuts) {
            const from = Math.max(0, at - back);
            const batch = lines.slice(from, from + size + back);
            if (batch.length === 0) break;
            const answer = await post(worker, journal, batch, { token });
            at = Math.max(at, from + batch.length);
            const next = rangeOf(lines[at - 1] ?? "").end + 1;
            expect(answer.body).toMatchObject({ next });
          }
        }
        const position = await get(worker, `/v1/journals/${journal}`, token);
        expect(position.body).toMatchObject({ next: rangeOf(lines.at(-1) ?? "").end + 1 });
        const given = worker.delivered.slice(before).map(columnsOf);
        expect(comparable(given)).toEqual(
          comparable(points.map((point) => ({ ...point, index1: machine }))),
        );
      }),
      { numRuns: 4 },
    );
  },
);
