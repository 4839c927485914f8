import fc from "fast-check";
import { segmentName } from "pidnap-journal";
import { expect, test } from "vitest";
import { ship } from "../src/ship.ts";
import type { FakeJournal, Reply } from "./support/fake-journal.ts";
import { FakeRig } from "./support/fake-rig.ts";
import type { SimulatedFault } from "./support/fake-world.ts";
import { lineAt, openedAt, transitionAt } from "./support/journal-files.ts";
import { mortal } from "./support/mortal-world.ts";

/**
 * Any history of writing, damage, retention, kills, lost memory, a server that goes back in time
 * and a network that loses, cuts and lies: in the end every position is folded once, as the line
 * that is on disk, or declared lost once where it is not.
 */

const damages = ["garbage", "nul", "torn", "removed", "bad-rest"] as const;
type Damage = (typeof damages)[number];

const line = fc.record({
  damage: fc.option(fc.constantFrom(...damages), {
    freq: 8,
    nil: undefined,
  }),
  urgent: fc.boolean(),
});

const fault = fc.option(
  fc.constantFrom<SimulatedFault>(
    "lost-request",
    "lost-answer",
    "stall",
    "garbage",
    { status: 502 },
    { status: 503, retryAfter: "2" },
    { status: 429, retryAfter: "1" },
    { status: 409, body: '{"type":"gap","expected":1}' },
    { status: 200, body: '{"next":1}' },
    { rewrite: beyondOnPost },
  ),
  { freq: 2, nil: undefined },
);

const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant("write" as const),
      lines: fc.array(line, { minLength: 1, maxLength: 12 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("rotate" as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("expire" as const) }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant("pass" as const),
      ms: fc.constantFrom(10, 200, 3_000, 200_000),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("kill" as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("forget" as const),
      how: fc.constantFrom("delete", "damage", "older"),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("restore-server" as const) }) },
);

test("whatever happens, every position is folded once or declared lost once", async () => {
  const faults = fc.array(fault, { minLength: 1, maxLength: 60 });
  const limits = fc.record({
    maxEvents: fc.integer({ min: 1, max: 12 }),
    rejects: fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { maxLength: 3 }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 40 }),
      faults,
      limits,
      fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })),
      runHistory,
    ),
    { numRuns: Number(process.env["SHIPPER_PROPERTY_RUNS"] ?? 150) },
  );
});

async function runHistory(
  steps: readonly (typeof step extends fc.Arbitrary<infer Step> ? Step : never)[],
  faults: readonly (SimulatedFault | undefined)[],
  limits: { readonly maxEvents: number; readonly rejects: readonly number[] },
  randoms: fc.Stream<number>,
): Promise<void> {
  const history = new History(limits, faults, randoms);
  history.start();
  for (const each of steps) {
    switch (each.do) {
      case "write":
        history.write(each.lines);
        break;
      case "rotate":
        history.rotate();
        break;
      case "expire":
        history.expire();
        break;
      case "pass":
        await history.rig.pass(each.ms);
        break;
      case "kill":
        history.kill();
        break;
      case "forget":
        history.forget(each.how);
        break;
      case "restore-server":
        history.restoreServer();
        break;
    }
  }
  await history.settle();
}

/** One history: the writer, the disk's troubles and what must be true at the end. */
class History {
  readonly rig = new FakeRig();
  readonly #limits: { readonly maxEvents: number };
  /** Every valid line that is on disk, by position. */
  readonly #onDisk = new Map<number, { readonly text: string; readonly segment: number }>();
  #segments: number[] = [];
  #nextSeq = 1;
  #died = new AbortController();
  #older: string | undefined;
  #snapshot: FakeJournal | undefined;
  #wentBack = false;

  constructor(
    limits: { readonly maxEvents: number; readonly rejects: readonly number[] },
    faults: readonly (SimulatedFault | undefined)[],
    randoms: fc.Stream<number>,
  ) {
    this.#limits = limits;
    const { world } = this.rig;
    for (const seq of limits.rejects) world.rejects.set(seq, "refused by the test");
    let request = 0;
    world.fault = () => faults[request++];
    world.random = () => randoms.next().value ?? 0.5;
    world.onServed = () => this.#checkpointIsNotAhead();
    this.rotate();
  }

  start(): void {
    this.#died = new AbortController();
    const { world } = this.rig;
    const options = this.rig.options({ ...this.#limits, deadlineMs: 2_000 });
    ship(mortal(world, this.#died.signal), options).catch((error: unknown) => {
      throw error;
    });
  }

  kill(): void {
    this.#died.abort();
    this.start();
  }

  write(lines: readonly { readonly damage: Damage | undefined; readonly urgent: boolean }[]): void {
    for (const { damage, urgent } of lines) {
      const seq = this.#nextSeq;
      this.#nextSeq += 1;
      const text = urgent ? transitionAt(seq) : lineAt(seq);
      this.#append(damaged(text, damage));
      if (damage === undefined) this.#put(seq, text);
    }
    this.rig.world.changed();
  }

  rotate(): void {
    if (this.#segments.at(-1) === this.#nextSeq) return;
    this.#segments.push(this.#nextSeq);
    const text = openedAt(this.#nextSeq);
    this.rig.write(this.#nextSeq, [text]);
    this.#put(this.#nextSeq, text);
    this.#nextSeq += 1;
  }

  expire(): void {
    if (this.#segments.length < 2) return;
    const oldest = this.#segments.shift();
    if (oldest === undefined) return;
    this.rig.world.disk.unlinkSync(pathOf(oldest));
    for (const [seq, { segment }] of this.#onDisk) if (segment === oldest) this.#onDisk.delete(seq);
    this.rig.world.changed();
  }

  /** The checkpoint is lost, damaged or of an older time, while the shipper is not running. */
  forget(how: string): void {
    const { disk } = this.rig.world;
    const path = "/state/checkpoint.json";
    this.#died.abort();
    if (disk.existsSync(path)) {
      const now = String(disk.readFileSync(path));
      if (how === "delete") disk.unlinkSync(path);
      if (how === "damage") disk.writeFileSync(path, now.slice(0, now.length / 2));
      if (how === "older" && this.#older !== undefined) disk.writeFileSync(path, this.#older);
      this.#older = now;
    }
    this.start();
  }

  /** The server's state goes back to what it was at the last call. */
  restoreServer(): void {
    const journal = this.rig.journal;
    const before = this.#snapshot;
    this.#snapshot = { ...journal, folded: new Map(journal.folded), losses: [...journal.losses] };
    if (before === undefined) return;
    this.#wentBack = true;
    Object.assign(journal, {
      ...before,
      folded: new Map(before.folded),
      losses: [...before.losses],
    });
  }

  /** All trouble is over: what is left is shipped by the one that is running, and a new one finds nothing to do. */
  async settle(): Promise<void> {
    const { world } = this.rig;
    world.fault = () => undefined;
    // A server that went back is noticed with the next thing that is sent.
    this.write([{ damage: undefined, urgent: true }]);
    await this.rig.pass(200_000);
    this.#died.abort();
    const shipped = this.rig.journal.next;
    await this.rig.once({ ...this.#limits });
    expect(shipped).toBe(this.rig.journal.next);
    const { folded, losses, next } = this.rig.journal;
    expect([...folded.keys()].toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: next - 1 }, (_, index) => index + 1),
    );
    for (const [seq, { text }] of this.#onDisk) {
      if (!world.rejects.has(seq)) expect(folded.get(seq)).toBe(text);
    }
    const lost = losses.flatMap(({ from, through }) =>
      Array.from({ length: through - from + 1 }, (_, index) => from + index),
    );
    expect(new Set(lost).size).toBe(lost.length);
    expect(world.logged.filter(({ message }) => message.includes("another history"))).toEqual([]);
    expect(this.rig.checkpoint().next).toBe(next);
  }

  #checkpointIsNotAhead(): void {
    const { disk } = this.rig.world;
    if (this.#wentBack || !disk.existsSync("/state/checkpoint.json")) return;
    const text = String(disk.readFileSync("/state/checkpoint.json"));
    if (text.endsWith("\n")) {
      expect((JSON.parse(text) as { next: number }).next).toBeLessThanOrEqual(
        this.rig.journal.next,
      );
    }
  }

  #append(text: string): void {
    const segment = this.#segments.at(-1) ?? 1;
    this.rig.world.disk.appendFileSync(pathOf(segment), text);
  }

  #put(seq: number, text: string): void {
    this.#onDisk.set(seq, { text, segment: this.#segments.at(-1) ?? 1 });
  }
}

function damaged(text: string, damage: Damage | undefined): string {
  switch (damage) {
    case "garbage":
      return "\u0001{]garbage\n";
    case "nul":
      return `${"\0".repeat(text.length)}\n`;
    case "torn":
      return `${text.slice(0, text.length / 2)}\n`;
    case "removed":
      return "";
    case "bad-rest":
      return `${text.slice(0, -3)}#${text.slice(-2)}\n`;
    case undefined:
      return `${text}\n`;
  }
}

function beyondOnPost(reply: Reply): Reply {
  const { accepted, next } = reply.body as { accepted?: number; next?: number };
  if (accepted === undefined || next === undefined) return reply;
  return { ...reply, body: { ...reply.body, next: next + 7 } };
}

function pathOf(firstSeq: number): string {
  return `/journal/${segmentName(firstSeq)}`;
}
