import * as fc from "fast-check";
import { fold, initialState, isKnownEvent, segmentNames, type NewEvent } from "pidnap-journal";
import { expect, test } from "vitest";
import { openJournalWith } from "../src/writer/journal.ts";
import type { Journal } from "../src/writer/journal-types.ts";
import type { OpenJournalOptions } from "../src/writer/options.ts";
import { seenEvents, World, type Fate, type WorldProcess } from "./_writer-world.ts";

const processes = ["web", "worker", "cron", "__proto__", "7", "é".repeat(40)];
const states = ["idle", "running", "stopping", "stopped", "restarting", "removed"];

const transition = fc.record({
  type: fc.constant("process.transitioned"),
  process: fc.constantFrom(...processes),
  from: fc.constantFrom(...states.slice(0, -1)),
  to: fc.constantFrom(...states),
  restarts: fc.nat(9),
  kind: fc.constantFrom("process", "task", undefined),
});
const anyEvent: fc.Arbitrary<NewEvent> = fc.oneof(
  { weight: 5, arbitrary: transition },
  { weight: 1, arbitrary: fc.constant({ type: "machine.ready" }) },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant("note"), text: fc.string({ maxLength: 300 }) }),
  },
);

const fate: fc.Arbitrary<Fate> = fc.record({
  kept: fc.double({ min: 0, max: 1, noNaN: true }),
  nulFilled: fc.boolean(),
  garbage: fc.oneof(
    fc.constant(new Uint8Array()),
    fc.uint8Array({ maxLength: 40 }),
    fc.constant(Buffer.from('{"v":1,"seq":0,"at":1,"mono":1,"boot":"x","type":"old"}\n')),
    fc.constant(Buffer.from('\n{"v":1,"seq":')),
  ),
  repeats: fc.boolean(),
});

type Step =
  | { readonly do: "append"; readonly events: readonly NewEvent[] }
  | { readonly do: "append-invalid" }
  | { readonly do: "die-while-writing"; readonly afterBytes: number; readonly event: NewEvent }
  | { readonly do: "kill" | "reopen" | "open-again" }
  | { readonly do: "power-cut"; readonly fate: Fate }
  | { readonly do: "pass"; readonly ms: number }
  | { readonly do: "wall-jump"; readonly ms: number }
  | { readonly do: "fill-disk"; readonly roomBytes: number }
  | { readonly do: "free-disk" };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant("append" as const),
      events: fc.array(anyEvent, { minLength: 1, maxLength: 8 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("append-invalid" as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("die-while-writing" as const),
      afterBytes: fc.integer({ min: 1, max: 400 }),
      event: anyEvent,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom("kill", "reopen", "open-again") }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("power-cut" as const), fate }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("pass" as const),
      ms: fc.integer({ min: 1, max: 3000 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("wall-jump" as const),
      ms: fc.constantFrom(-4e9, 4e9, 4e11),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("fill-disk" as const),
      roomBytes: fc.integer({ min: 0, max: 600 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("free-disk" as const) }) },
);

const options: fc.Arbitrary<OpenJournalOptions> = fc.record({
  fsync: fc.constantFrom("always", "interval"),
  maxSegmentBytes: fc.constantFrom(1, 700, 3000, 100_000),
  maxTotalBytes: fc.constantFrom(1_000_000, 2_000_000),
});

/** A history of one journal, and what its callers may rely on. */
class History {
  readonly world = new World();
  readonly options: OpenJournalOptions;
  process: WorldProcess;
  journal: Journal | undefined;
  /** What was acknowledged, by position. */
  readonly acknowledged = new Map<number, NewEvent>();
  /** Positions up to this are on the disk whatever happens. */
  durableSeq = 0;
  dropped = 0;

  constructor(options: OpenJournalOptions) {
    this.options = options;
    this.process = this.world.startProcess();
  }

  async open(): Promise<Journal> {
    this.journal ??= await openJournalWith(this.process.env, this.world.dir, this.options);
    return this.journal;
  }

  async append(event: NewEvent): Promise<void> {
    const journal = await this.open();
    const before = journal.stats().droppedEvents;
    const seq = journal.append(event);
    const counted = journal.stats().droppedEvents - before;
    expect(counted).toBe(seq === 0 ? 1 : 0);
    this.dropped += counted;
    if (seq === 0) return;
    expect(seq).toBe(journal.stats().nextSeq - 1);
    this.acknowledged.set(seq, event);
    if (this.options.fsync === "always") this.durableSeq = seq;
  }

  /** The process is gone, and with it what only it knew. */
  die(): void {
    this.process.kill();
    this.journal = undefined;
    this.process = this.world.startProcess();
  }

  /** A power cut takes back what was not forced to the disk. */
  forgetUndurable(): void {
    for (const seq of this.acknowledged.keys()) {
      if (seq > this.durableSeq) this.acknowledged.delete(seq);
    }
  }

  check(): void {
    const seen = seenEvents(this.world.disk, this.world.dir);
    let state = initialState();
    let believed = true;
    let boot = "";
    let previous = (seen[0]?.event.seq ?? 1) - 1;
    let segment = "";
    const journals = new Set<string>();
    for (const { segment: name, event } of seen) {
      expect(event.seq, "positions are gapless").toBe(previous + 1);
      previous = event.seq;
      if (name !== segment) {
        segment = name;
        expect(event.type, "a segment begins with its opening").toBe("segment.opened");
        expect(Number(name.slice(8, 24)), "a segment's name is its first position").toBe(event.seq);
      }
      if (event.boot !== boot) believed = true;
      if (isKnownEvent(event)) {
        if (event.type === "segment.opened") {
          journals.add(event.journal);
          const table = boot === event.boot ? state.processes : [];
          if (believed) expect(tableOf(event.processes)).toEqual(expectedTable(table));
        }
        if (event.type === "events.dropped") believed = false;
      }
      boot = event.boot;
      state = fold(state, event).state;
      const given = this.acknowledged.get(event.seq);
      if (given !== undefined) {
        expect(event).toMatchObject(JSON.parse(JSON.stringify(given)) as object);
      }
    }
    for (const name of segmentNames(this.world.disk.list(this.world.dir)).slice(0, -1)) {
      const content = this.world.disk.volume.readFileSync(`${this.world.dir}/${name}`, "latin1");
      expect((content as string).at(-1), "a sealed segment ends a line").toBe("\n");
    }
    expect(journals.size, "one journal").toBeLessThanOrEqual(1);
    const onDisk = new Set<number>(seen.map(({ event }) => event.seq));
    const first = seen[0]?.event.seq ?? 1;
    for (const seq of this.acknowledged.keys()) {
      if (seq >= first) expect(onDisk.has(seq), `${seq} was acknowledged`).toBe(true);
    }
  }
}

function tableOf(processes: object): [string, unknown][] {
  return Object.entries(processes).sort(([a], [b]) => (a < b ? -1 : 1));
}

function expectedTable(entries: ReturnType<typeof initialState>["processes"]): [string, unknown][] {
  return entries
    .map(({ name, state, since, restarts, kind }): [string, unknown] => [
      name,
      { state, at: since.at, mono: since.mono, restarts, ...(kind === null ? {} : { kind }) },
    ])
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

async function run(history: History, step: Step): Promise<void> {
  const { world } = history;
  const { disk } = world;
  switch (step.do) {
    case "append":
      for (const event of step.events) await history.append(event);
      return;
    case "append-invalid":
      return history.append({ type: "tasks.completed", count: -1, failed: 0 });
    case "die-while-writing": {
      const journal = await history.open();
      disk.bytesToDeath = step.afterBytes;
      disk.onDeath = () => history.process.kill();
      journal.append(step.event);
      disk.bytesToDeath = Number.POSITIVE_INFINITY;
      return history.die();
    }
    case "kill":
      return history.die();
    case "reopen": {
      const journal = await history.open();
      journal.close();
      if (disk.roomBytes > 0) history.durableSeq = journal.stats().nextSeq - 1;
      return history.die();
    }
    case "open-again":
      await history.open();
      return expectLocked(openJournalWith(world.startProcess().env, world.dir));
    case "power-cut":
      history.die();
      world.powerCut(step.fate);
      history.process = world.startProcess();
      return history.forgetUndurable();
    case "pass":
      return world.pass(step.ms);
    case "wall-jump":
      world.wallMs += step.ms;
      return;
    case "fill-disk":
      disk.roomBytes = step.roomBytes;
      return;
    case "free-disk":
      disk.roomBytes = Number.POSITIVE_INFINITY;
      return;
  }
}

async function expectLocked(second: Promise<Journal>): Promise<void> {
  await expect(second).rejects.toMatchObject({ code: "JOURNAL_LOCKED" });
}

test("whatever dies and whenever, the next writer goes on with a gapless journal that has all that was acknowledged", async () => {
  await fc.assert(
    fc.asyncProperty(options, fc.array(step, { maxLength: 40 }), async (options, steps) => {
      const history = new History(options);
      for (const step of steps) {
        await run(history, step);
        if (step.do !== "append") history.check();
      }
      // Whatever happened: with a sound disk the journal is written again at once.
      history.world.disk.roomBytes = Number.POSITIVE_INFINITY;
      const journal = await history.open();
      const seq = journal.append({ type: "machine.ready" });
      expect(seq).toBeGreaterThan(0);
      history.check();
      expect(seenEvents(history.world.disk, history.world.dir).at(-1)?.event.seq).toBe(seq);
      expect(journal.stats()).toEqual(statsOfDisk(history, seq + 1));
      expect(declaredBy(history, journal.boot)).toBe(journal.stats().droppedEvents);
    }),
    { numRuns: Number(process.env["PROPERTY_RUNS"] ?? 200) },
  );
});

function declaredBy({ world }: History, boot: string): number {
  const seen = seenEvents(world.disk, world.dir);
  return seen.reduce((sum, { event }) => {
    const isOwn = event.type === "events.dropped" && event.boot === boot;
    return isOwn ? sum + Number((event as { count?: unknown }).count) : sum;
  }, 0);
}

function statsOfDisk({ world, journal }: History, nextSeq: number) {
  const names = world.disk.list(world.dir).filter((name) => name.endsWith(".ndjson"));
  const sizes = names.map((name) => world.disk.volume.statSync(`${world.dir}/${name}`).size);
  return {
    nextSeq,
    droppedEvents: journal?.stats().droppedEvents,
    segments: names.length,
    bytes: sizes.reduce((sum, size) => sum + size, 0),
  };
}
