import fc from "fast-check";
import { batchings, journalArbitrary, linesOf } from "pidnap-fixtures/arbitraries/journal";
import { referencePoints } from "pidnap-fixtures/reference/reference-points";
import { describe, expect, it } from "vitest";
import { columnsOf } from "./_post.ts";
import { identity, identityOf, MachineWorldInMemory } from "./_world.ts";
import { journalId } from "./_lines.ts";

/** What goes wrong while one batch is sent. */
type Fault =
  /** The binding's budget is spent before ours is. */
  | "binding-throws"
  /** Points are out, and the machine is switched off before the commit. */
  | "killed-before-commit"
  /** A local store takes the points, and is gone before it says so. */
  | "store-gone"
  /** All is done, and the answer is lost. */
  | "answer-lost"
  /** The object is evicted after the answer. */
  | "evicted";

interface Sending {
  readonly fault: Fault | null;
  /** After a fault: send the same again, or ask for the position and go on from there. */
  readonly asks: boolean;
}

const faults: readonly Fault[] = [
  "binding-throws",
  "killed-before-commit",
  "store-gone",
  "answer-lost",
  "evicted",
];

const sendings = fc.infiniteStream(
  fc.record({
    fault: fc.option(fc.constantFrom(...faults)),
    asks: fc.boolean(),
  }),
);

/** Sends lines in order until all are folded; `evicted` alone is no fault that the sender sees. */
async function sendAll(
  world: MachineWorldInMemory,
  lines: readonly string[],
  batches: readonly (readonly [number, number])[],
  plan: Iterator<Sending>,
): Promise<void> {
  for (const [from, to] of batches) {
    let batch = lines.slice(from, to);
    for (let attempt = 0; batch.length > 0; attempt += 1) {
      const { fault, asks }: Sending =
        attempt < 3 ? plan.next().value : { fault: null, asks: false };
      const done = await sendOnce(world, batch, fault);
      if (done) break;
      if (asks) batch = batch.filter((line) => endOf(line) >= nextOf(world));
    }
  }
}

async function sendOnce(
  world: MachineWorldInMemory,
  batch: readonly string[],
  fault: Fault | null,
): Promise<boolean> {
  world.onWrite = () => {
    if (fault === "binding-throws" && world.delivered.length % 2 === 1) throw new Error("spent");
    if (fault === "store-gone") return Promise.reject(new Error("store gone"));
    return world.delivered.length % 3 === 0 ? Promise.resolve() : undefined;
  };
  world.sql.failNextCommit = fault === "killed-before-commit";
  try {
    const outcome = await world.append(journalId, batch);
    expect(outcome).toMatchObject({ kind: "folded" });
  } catch (error) {
    expect(String(error)).toMatch(/killed|gone/);
    world.wake();
    return false;
  } finally {
    world.sql.failNextCommit = false;
    world.onWrite = () => undefined;
  }
  if (fault === "answer-lost" || fault === "evicted") world.wake();
  return fault !== "answer-lost";
}

function nextOf(world: MachineWorldInMemory): number {
  const answer = world.machine.position(journalId);
  return answer.kind === "position" ? answer.next : 0;
}

function endOf(line: string): number {
  const { seq, through } = JSON.parse(line) as { seq: number; through?: number };
  return through ?? seq;
}

const where = { ...identity, journal: journalId };

describe("points, whatever fails and when,", () => {
  it("reach the binding, each at least once and as the journal says", async () => {
    await fc.assert(
      fc.asyncProperty(
        journalArbitrary({ journal: journalId, crowds: false }),
        batchings(),
        sendings,
        fc.integer({ min: 1, max: 20 }),
        async (events, plan, stream, budget) => {
          const world = new MachineWorldInMemory({ POINT_BUDGET: budget });
          await sendAll(world, linesOf(events), plan(events.length), stream[Symbol.iterator]());
          await world.pass(60_000);
          const once = new Map(world.delivered.map((point) => [identityOf(point), point]));
          const expected = referencePoints(events, where);
          const byNumber = (a: { double20?: unknown }, b: { double20?: unknown }) =>
            Number(a.double20) - Number(b.double20);
          expect([...once.values()].map(columnsOf).toSorted(byNumber)).toEqual(
            expected.toSorted(byNumber),
          );
        },
      ),
      { numRuns: 150 },
    );
  });

  it("reach it once where nothing but evictions and lost answers happens", async () => {
    const harmless = fc.infiniteStream(
      fc.record({
        fault: fc.constantFrom<Fault | null>("answer-lost", "evicted", "binding-throws", null),
        asks: fc.boolean(),
      }),
    );
    await fc.assert(
      fc.asyncProperty(
        journalArbitrary({ journal: journalId, crowds: false }),
        batchings(),
        harmless,
        fc.integer({ min: 1, max: 20 }),
        async (events, plan, stream, budget) => {
          const world = new MachineWorldInMemory({ POINT_BUDGET: budget });
          await sendAll(world, linesOf(events), plan(events.length), stream[Symbol.iterator]());
          await world.pass(60_000);
          expect(world.delivered).toHaveLength(referencePoints(events, where).length);
        },
      ),
      { numRuns: 100 },
    );
  });
});
